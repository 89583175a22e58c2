"""`pkilab dashboards`: the operator's page and the clients' page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pkilab.cli import printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import option
from pkilab.cli.printing import tolerant
from pkilab.cli.service import NOTICE, Bind

if TYPE_CHECKING:
    from pkilab.running.state import Kept

Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="DIR",
        help="A folder with operator.ipynb and clients.ipynb; pkilab's own unless told.",
        show_default=False,
    ),
]
OperatorPort = Annotated[
    int | None, option("--operator-port", "N", "The operator's port; a free one from 8866 on unless told.")
]
ClientsPort = Annotated[
    int | None, option("--clients-port", "N", "The clients' port; a free one from 8867 on unless told.")
]
Port = Annotated[
    int, option("--port", "N", "The web service's port where no lab runs; 0 takes a free one.", default=True)
]
Idle = Annotated[
    float, option("--idle", "MINUTES", "End the session of a page that nobody looked at for so long.", default=True)
]
NoBrowser = Annotated[bool, option("--no-browser", None, "Open no browser.")]


def add(app: typer.Typer) -> None:
    """Add this command to the program."""
    command(app, "dashboards")(dashboards)


def dashboards(
    call: Call,
    *,
    folder: Folder = None,
    operator_port: OperatorPort = None,
    clients_port: ClientsPort = None,
    bind: Bind = "127.0.0.1",
    port: Port = 52773,
    idle: Idle = 20.0,
    no_browser: NoBrowser = False,
) -> Answer | None:
    """Serve the operator's desk and the clients' desk as two pages, each behind a token of its own, until Ctrl-C.

    Beside a running `pkilab lab` they use its web service and mail; else both are started too. Started twice, the
    second says where the first runs. For training and tests, never for production.
    """
    from pkilab.errors import CannotDo
    from pkilab.lab import utc_now
    from pkilab.model.names import check_port
    from pkilab.running import browser, jupyter, notebooks
    from pkilab.running import dashboards as running

    if os.name != "posix":
        raise CannotDo("`pkilab dashboards` needs Linux or macOS.", "Run it within WSL.")
    if idle <= 0:
        call.wrong_usage("--idle takes a number of minutes above 0.")
    wish = running.Wish(
        lab=call.lab.path,
        notebooks=folder.expanduser().absolute() if folder else notebooks.source() / "dashboards",
        bind=bind,
        operator_port=operator_port and check_port(operator_port),
        clients_port=clients_port and check_port(clients_port),
        port=port and check_port(port),
        idle=idle * 60,
        environment=call.lab.environment(),
        now=utc_now,
    )
    say = tolerant(printing.complain if call.json else printing.line)

    def ready(kept: Kept) -> None:
        tolerant(_ready)(call, kept, bind)
        if not no_browser and browser.has_desktop(wish.environment):
            browser.show(jupyter.opening_page(kept.sockets, kept.urls["operator"]), wish.environment)

    there = running.run(wish, running.Told(say=say, ready=ready))
    if there is not None:
        return Answer(value=_document(there), show=lambda: _run_already(there))
    say("The dashboards have ended.")
    return None


def _ready(call: Call, kept: Kept, bind: str) -> None:
    """Say where both pages are, now that they answer."""
    if call.json:
        printing.document(_document(kept))
        return
    printing.line(f"The dashboards of the lab {kept.running.lab} run. {NOTICE}")
    _addresses(kept)
    if bind in {"0.0.0.0", "::", ""}:  # noqa: S104 - told, not bound
        printing.line("They listen on all addresses of this machine: others open them by its name, without encryption.")
    printing.line("Give the clients' address to those who take part, and the operator's to the operators alone.")
    printing.line("Ctrl-C ends the dashboards.")


def _run_already(kept: Kept) -> None:
    running = kept.running
    if not running.ready:
        printing.line(f"The dashboards of the lab {running.lab} are just starting, in another terminal.")
        return
    printing.line(f"The dashboards of the lab {running.lab} run already (process {running.pid}).")
    _addresses(kept)


def _addresses(kept: Kept) -> None:
    for part in kept.running.parts:
        printing.line(f"  {part.label.removeprefix('The ').capitalize():<15}  {kept.urls.get(part.name, part.url)}")


def _document(kept: Kept) -> dict[str, Any]:
    from pkilab.model.record import record

    urls = {f"{name}_url": kept.urls.get(name, "") for name in ("operator", "clients")}
    return {**record(kept.running), **urls, "notice": NOTICE}
