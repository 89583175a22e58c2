"""What went over the wire, as people read it: where to, the headers that matter, the message and its answer."""

from __future__ import annotations

from pkilab.model.exchange import Exchange
from pkilab.views.hood import shell

_TYPE = "Content-Type: text/xml; charset=utf-8"


def text(exchange: Exchange | None) -> str:
    """Return a message and its answer; a sentence where they were not kept."""
    if exchange is None:
        return "What went over the wire was not kept.\n"
    return (
        f'POST {exchange.url}\n{_TYPE}\nSOAPAction: "{exchange.action}"\n\n{_body(exchange.request)}\n\n'
        f"HTTP status {exchange.status}\n\n{_body(exchange.response)}\n"
    )


def curl(exchange: Exchange, trust: str = "") -> str:
    """Return the command that posts a message from its input, without the message; `trust` as in the settings."""
    trusted = [shell.option("--cacert", trust)] if trust else []
    return shell.command(
        "curl --silent --show-error --noproxy '*'",
        *trusted,
        f"--header '{_TYPE}'",
        shell.option("--header", f'SOAPAction: "{exchange.action}"'),
        "--data-binary @-",
        shell.word(exchange.url),
    )


def _body(octets: bytes) -> str:
    return octets.decode("utf-8", "replace").rstrip("\n")
