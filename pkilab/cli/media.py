"""`pkilab media …`: removable media of a lab, mounted and ejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pkilab.cli import printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command

if TYPE_CHECKING:
    from pkilab.model.medium import KeyPlace, Medium

app = typer.Typer(no_args_is_help=True, help="Removable media, on which a CA's private key can lie.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The medium's name.")]


@command(app, "list")
def list_media(call: Call) -> Answer:
    """List the lab's media: which are mounted, and whose keys lie on them."""
    found = call.lab.media.all()

    def show() -> None:
        for medium in found:
            printing.line(str(medium))
        if not found:
            printing.line("There are no media; `pkilab media new NAME` makes one.")

    return Answer(value=found, show=show)


@command(app, "new")
def new(call: Call, *, name: Name) -> Answer:
    """Make an empty medium, mounted. A CA that is to lie on it gets a folder there as its `--dir`."""
    return _told(call.lab.media.new(name))


@command(app, "mount")
def mount(call: Call, *, name: Name) -> Answer:
    """Mount a medium, so that the CAs on it can issue."""
    return _told(call.lab.media.mount(name))


@command(app, "eject")
def eject(call: Call, *, name: Name) -> Answer:
    """Eject a medium, when nobody is just issuing with a key on it."""
    return _told(call.lab.media.eject(name))


def _told(medium: Medium) -> Answer:
    return Answer(value=medium, show=lambda: printing.line(str(medium)))


def remind(place: KeyPlace) -> None:
    """Say what is to be done about a CA's key, if anything: to mount its medium, or to eject it."""
    if place.advice:
        way = f" pkilab media {'eject' if place.there else 'mount'} {place.medium}" if place.medium else ""
        printing.complain(place.advice + way)
