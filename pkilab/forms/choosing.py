"""The fields by which something is chosen to be explained: from the lab, pasted or uploaded; and its password."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from pkilab.forms.fields import field
from pkilab.forms.parts.upload import Upload
from pkilab.forms.pieces import FILE, MOST, NUMBERED, PASTE, WHAT, Opening
from pkilab.forms.view import Surroundings, act_button, card, discard, shown_when

_ACCEPT = ".cer,.crt,.pem,.der,.csr,.req,.crl,.key,.p12,.pfx,.p7b,.p7s,.p8"


class Choosing(widgets.VBox):
    """The fields of an `Opening`; what can be chosen follows the lab when `refresh` is called."""

    def __init__(
        self, form: Opening, around: Surroundings, *, label: str, done: Callable[[], object] | None = None
    ) -> None:
        self.form = form
        self._around, self._label, self._done = around, label, done
        self._offers: tuple[object, ...] = ()
        super().__init__()
        self.refresh()

    def refresh(self) -> None:
        """Offer what can be had now."""
        form = self.form
        now = (form.offers, tuple(form.library.files()))
        if now == self._offers:
            return
        self._offers = now
        if form.what not in form.offers:
            form.what = form.offers[0]
        if form.name not in form.library.files():
            form.name = next(iter(form.library.files()), "")
        form.untouch()
        for part in getattr(self, "children", ()):
            discard(part)
        options = [(WHAT[what], what) for what in form.offers]
        self.children = (
            *([field(form, "what", options=options)] if len(options) > 1 else []),
            shown_when(field(form, "number"), form, "what", lambda what: what in NUMBERED),
            shown_when(self._files(), form, "what", lambda what: what == FILE),
            shown_when(self._own(), form, "what", lambda what: what == PASTE),
            act_button(form, "open_it", self._label, self._around.guard, done=self._done),
        )

    def _files(self) -> widgets.VBox:
        """Return the field for one of the client's files. A page may only name one that is listed."""
        form = self.form
        names = tuple(form.library.files())
        list_ = widgets.Dropdown(options=names, description="File", value=form.name if form.name in names else None)
        list_.observe(lambda change: setattr(form, "name", change["new"] or ""), names="value")
        box = widgets.VBox([list_])
        box.add_class("pkilab-field")
        return box

    def _own(self) -> widgets.VBox:
        def taken(name: str, data: bytes) -> None:
            def work() -> None:
                self.form.upload(name, data)
                if self._done is not None:
                    self._done()

            self._around.guard.start(self.form, work)

        box = widgets.VBox([Upload("Choose a file", taken, accept=_ACCEPT, most=MOST)])
        box.add_class("pkilab-field")
        return widgets.VBox([box, field(self.form, "pasted", rows=6, mono=True)])


def password_card(form: Opening, around: Surroundings, *, done: Callable[[], object]) -> widgets.VBox:
    """Return the field for the password of a key or container, with its button; `done` is called once it opened it."""

    def enter() -> None:
        def work() -> None:
            form.unseal()
            done()

        around.guard.start(form, work)

    return card(
        "It is sealed",
        field(form, "password", on_enter=enter),
        act_button(form, "unseal", "Open it", around.guard, done=done),
        why="Its outside is explained below; with the password, what is in it too. Private numbers stay hidden.",
    )
