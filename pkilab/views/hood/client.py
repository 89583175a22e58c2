"""Configuring a CA client and fetching certificates (C1, C4, C5) in four ways."""

from __future__ import annotations

from pathlib import Path

from pkilab.model.acts import ClientConfigured, Saved
from pkilab.model.exchange import Exchange
from pkilab.model.settings import DEFAULT_PATH, DEFAULT_PORT, ClientSettings
from pkilab.views.hood import openssl, python, shell, wire
from pkilab.views.hood.way import Hood, told


def configure_client(done: ClientConfigured, *, instance: str, node: str = "", lab: str | Path = "") -> Hood:
    """Return how an instance was configured as a CA client; `node` is its host name, where one was chosen."""
    settings = done.settings
    given = {"host": settings.host}
    https = "https" if settings.https else ""
    # The file of a compared certificate is pkilab's own; what a person gives is the fingerprint.
    trust = "" if settings.trust_fingerprint else settings.trust
    code = {name: python.literal(value) for name, value in given.items()}
    if settings.port != DEFAULT_PORT:
        code["port"] = str(settings.port)
    if settings.path != DEFAULT_PATH:
        code["path"] = python.literal(settings.path)
    if https:
        code["https"] = "True"
    code |= {
        name: python.literal(value)
        for name, value in (("trust", trust), ("trust_fingerprint", settings.trust_fingerprint))
        if value
    }
    code["contact"] = _contact(settings)
    act = [python.call("done = client.configure", code), "print(done)"]
    return told(
        python=python.script(python.CLIENT, instance, act, names=["Contact"], node=node, lab=str(lab)),
        pkilab=shell.lines(shell.pkilab(instance, str(lab), "client configure", *_words(settings, trust, node))),
        openssl=_looking(settings),
        wire="Nothing yet: the settings are kept here. “Test connection” asks the server for its certificate.\n",
    )


def get(done: Saved, *, instance: str, renamed: bool = False, trust: str = "", lab: str | Path = "") -> Hood:
    """Return how a certificate was fetched, or the CA's own with its chain (number 0).

    `renamed` tells that another file root was asked for than the server's; `trust` is as for `submit`.
    """
    root = {"root": python.literal(done.root)} if renamed else {}
    option = [shell.option("--root", done.root)] if renamed else []
    if done.number:
        call = python.call("saved = client.get", root, first=[str(done.number)])
        words = [f"client get {done.number}", *option]
    else:
        call = python.call("saved = client.get_ca_certificate", root)
        words = ["client get-ca", *option]
    return told(
        python=python.script(python.CLIENT, instance, [call, "print(saved)"], lab=str(lab)),
        pkilab=shell.lines(shell.pkilab(instance, str(lab), *words)),
        openssl=_fetching(done, done.exchange, trust),
        wire=wire.text(done.exchange),
    )


def _contact(settings: ClientSettings) -> str:
    contact = settings.contact
    more = {name: python.literal(text) for name, text in (("phone", contact.phone), ("email", contact.email)) if text}
    return python.call("Contact", more, first=[python.literal(contact.name)], before=len("    contact=,"))


def _words(settings: ClientSettings, trust: str, node: str) -> list[str]:
    contact = settings.contact
    return [
        *shell.options(
            [
                ("--host", settings.host),
                ("--port", "" if settings.port == DEFAULT_PORT else settings.port),
                ("--path", "" if settings.path == DEFAULT_PATH else settings.path),
            ]
        ),
        *(["--https"] if settings.https else []),
        *shell.options(
            [
                ("--trust", trust),
                ("--trust-fingerprint", settings.trust_fingerprint),
                ("--contact-name", contact.name),
                ("--contact-phone", contact.phone),
                ("--contact-email", contact.email),
                ("--node", node),
            ]
        ),
    ]


def _looking(settings: ClientSettings) -> str:
    if not settings.https:
        return shell.remark("Nothing: over plain HTTP there is no certificate of the server to look at.") + "\n"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    show = "openssl x509 -noout -subject -issuer -dates -fingerprint -sha256"
    return shell.lines(
        shell.remark("The certificate that the server shows, for its fingerprint to be compared:"),
        shell.command(
            f"openssl s_client -connect {shell.word(f'{host}:{settings.port}')} </dev/null 2>/dev/null |", show
        ),
    )


def _fetching(done: Saved, exchange: Exchange | None, trust: str) -> str:
    file = f"{done.root}.cer"
    if exchange is None:
        return shell.lines(f"openssl x509 -in {file} -noout -text")
    taken = f" | sed 's/<[^>]*>//g' | openssl x509 -out {file}"
    fetched = shell.fed(wire.curl(exchange, trust), exchange.request.decode("utf-8", "replace"), taken)
    parts = [shell.remark(openssl.OVERWRITES), fetched]
    if done.chain_path is not None and exchange.api:
        trusted = [shell.option("--cacert", trust)] if trust else []
        parts += [
            shell.command(
                "curl --silent --show-error --noproxy '*'",
                *trusted,
                shell.option("--output", done.chain_path.name),
                shell.word(f"{exchange.api}/chain"),
            ),
            "" if openssl.cannot(done.certificate.key) else f"openssl verify -CAfile {done.chain_path.name} {file}",
        ]
    parts.append(f"openssl x509 -in {file} -noout -subject -issuer -dates -fingerprint -sha256")
    return shell.lines(*parts)
