"""`pkilab lab`: the whole lab with one command."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pkilab.cli import printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import option
from pkilab.cli.printing import tolerant
from pkilab.cli.service import NOTICE

if TYPE_CHECKING:
    from pkilab.lab import Lab
    from pkilab.running.notebooks import LaidOut
    from pkilab.running.state import Kept

Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="DIR",
        help="The folder of the notebooks; in a checkout its own, elsewhere pkilab-notebooks.",
        show_default=False,
    ),
]
Port = Annotated[int, option("--port", "N", "The web service's port; 0 takes a free one.", default=True)]
JupyterPort = Annotated[
    int | None, option("--jupyter-port", "N", "JupyterLab's port; the first free one from 8888 on unless told.")
]
NoBrowser = Annotated[bool, option("--no-browser", None, "Open no browser.")]


def add(app: typer.Typer) -> None:
    """Add this command to the program."""
    command(app, "lab")(lab)


def lab(
    call: Call,
    *,
    folder: Folder = None,
    port: Port = 52773,
    jupyter_port: JupyterPort = None,
    no_browser: NoBrowser = False,
) -> Answer | None:
    """Run the lab: web service, mail and JupyterLab on its notebooks, until Ctrl-C.

    Started twice, the second says where the first runs. For training and tests, never for production.
    """
    from pkilab.errors import CannotDo
    from pkilab.lab import utc_now
    from pkilab.model.names import check_port
    from pkilab.running import browser, jupyter, notebooks, start

    if os.name != "posix":
        instead = "Run it within WSL, or start `pkilab serve`, `pkilab mail` and `jupyter lab` by themselves."
        raise CannotDo("`pkilab lab` needs Linux or macOS.", instead)
    this = call.lab
    source = notebooks.source()
    wish = start.Wish(
        lab=this.path,
        notebooks=(folder or notebooks.default_folder(source)).expanduser().absolute(),
        source=source,
        port=port and check_port(port),
        jupyter_port=jupyter_port and check_port(jupyter_port),
        environment=this.environment(),
        now=utc_now,
        key_folders=lambda: _key_folders(this),
    )
    say = tolerant(printing.complain if call.json else printing.line)

    def ready(kept: Kept) -> None:
        tolerant(_ready)(call, kept)
        if not no_browser and browser.has_desktop(wish.environment):
            browser.show(jupyter.opening_page(kept.sockets, kept.browser_url), wish.environment)

    told = start.Told(say=say, laid_out=lambda done: _laid_out(say, wish.notebooks, done), ready=ready)
    there = start.run(wish, told)
    if there is not None:
        return Answer(value=_document(there), show=lambda: _runs_already(there))
    say("The lab has ended.")
    return None


def _key_folders(lab: Lab) -> tuple[Path, ...]:
    """Return where the keys of the lab's CA servers lie; quickly where it can be, as everything else waits."""
    from pkilab.store import peek

    quick = None if "PKILAB_REGISTRY" in lab.environment() else peek.key_folders(lab.path)
    return tuple(queue.directory for queue in lab.status().queues) if quick is None else quick


def _ready(call: Call, kept: Kept) -> None:
    """Say where everything is, now that all of it answers."""
    if call.json:
        printing.document(_document(kept))
        return
    running = kept.running
    printing.line(f"The lab {running.lab} runs. {NOTICE}")
    _addresses(kept)
    printing.line("Open JupyterLab's address in a browser if none opened. Ctrl-C ends the lab.")


def _runs_already(kept: Kept) -> None:
    running = kept.running
    if not running.ready:
        printing.line(
            f"The lab {running.lab} is just starting, in another terminal; `pkilab status` shows how it goes."
        )
        return
    printing.line(f"The lab {running.lab} runs already (process {running.pid}).")
    _addresses(kept)


def _addresses(kept: Kept) -> None:
    for part in kept.running.parts:
        url = kept.browser_url if part.name == "jupyterlab" else part.url
        printing.line(f"  {_short(part.label):<12}  {url}")
    printing.line(f"  {'Notebooks':<12}  {kept.running.notebooks}")


def _short(label: str) -> str:
    return label.removeprefix("The ").capitalize() if label.startswith("The ") else label


def _document(kept: Kept) -> dict[str, Any]:
    from pkilab.model.record import record

    return {**record(kept.running), "browser_url": kept.browser_url, "notice": NOTICE}


def _laid_out(say: Callable[[str], None], folder: Path, done: LaidOut) -> None:
    """Say what became of the notebooks."""
    if done.made or done.updated:
        say(f"Notebooks in {folder}: {len(done.made)} new, {len(done.updated)} brought up to date.")
    if done.beside:
        say(f"You changed some that are newer now; they stay, and the newer ones lie beside: {', '.join(done.beside)}.")
