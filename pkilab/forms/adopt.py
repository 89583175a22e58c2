"""Take over certificates that this CA issued elsewhere (moving in): the form's model, and its part of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets
from traitlets import Any as AnyTrait
from traitlets import Unicode

from pkilab.errors import InvalidField
from pkilab.forms.acting import acting
from pkilab.forms.fields import field, html
from pkilab.forms.model import FormModel, act
from pkilab.forms.own_view import upload
from pkilab.forms.ports import Server
from pkilab.forms.traits import line
from pkilab.forms.view import Surroundings, bar, button, card, fold, shown_when
from pkilab.model.aftercare import Adopted
from pkilab.model.names import MAX_HOST
from pkilab.model.text import check_line

_MOST = 8 * 1024 * 1024
"""Octets of all files together that a page may hand over; more are for the command."""


def check_host(text: str) -> str:
    """Return the host that certificates came from, checked as it stands there so far."""
    return check_line("Host", text, upper_bound=MAX_HOST)


def check_origin(text: str) -> str:
    """Return the instance that certificates came from, checked as it stands there so far."""
    return check_line("Instance", text, upper_bound=64)


class Adopt(FormModel):
    """Certificates that were issued with this CA's key by another program, to be put on record here."""

    paths = line("Files on this machine", hint="One a line. Or choose files above.")
    host = line("Host", hint="Where they are used, as far as that is known.", check=check_host)
    origin = line("Instance", hint="The instance that they are listed as coming from.", check=check_origin)

    name_ = Unicode("")
    """The names of the files that were handed over; empty while there are none."""
    handed = AnyTrait(())
    """Those files: name and octets of each."""

    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__()
        self.observe(lambda _: self.recheck(), names=["handed"])

    def take(self, name: str, data: bytes) -> None:
        """Take one more file; one of the same name takes the place of the earlier.

        Raises:
            InvalidField: all of them together are too large.
        """
        kept = [each for each in self.handed if each[0] != name]
        if sum(len(octets) for _, octets in kept) + len(data) > _MOST:
            raise InvalidField("Files", f"at most {_MOST >> 20} MiB are taken here; the command takes more.")
        self.handed = (*kept, (name, data))
        self.name_ = ", ".join(each[0] for each in self.handed)

    def clear(self) -> None:
        """Forget the files that were handed over."""
        self.handed, self.name_ = (), ""

    def hindrances(self, act: str) -> Sequence[str]:
        """There has to be a file, and a CA."""
        del act
        if not self.server.configured:
            return ("Configure this instance as a CA server first.",)
        return () if self.handed or self.paths.strip() else ("Choose at least one file.",)

    @act("Looking at them, and taking them over …")
    def adopt(self) -> Adopted:
        """Put them on record; all of them or none.

        Raises:
            PkilabError: as `server.adopt`; nothing was taken over.
        """
        named = [each.strip() for each in self.paths.splitlines() if each.strip()]
        done: Adopted = self.server.adopt(*named, *self.handed, host=self.host.strip(), origin=self.origin.strip())
        self.clear()
        self.paths = ""
        self.result = done
        return done


def adopting(form: Adopt, around: Surroundings, *, done: Callable[[], object]) -> widgets.VBox:
    """Return the folded part of a page; `done` is called after something was taken over."""
    why = html(
        "<p>Certificates that were signed with this CA's key by another program. They are listed from then on, can be "
        "revoked, and their numbers are not given again.</p>",
        "pkilab-words",
    )
    return card(
        "",
        fold(
            "Take over certificates issued elsewhere",
            why,
            upload("A file, in PEM or DER; choose one after the other", form, form.take, "name_", around),
            shown_when(bar(button("Forget the chosen files", form.clear)), form, "handed", bool),
            field(form, "paths", rows=3, mono=True),
            field(form, "host"),
            field(form, "origin"),
            acting(form, "adopt", "Take them over", around.guard, done=done),
        ),
    )
