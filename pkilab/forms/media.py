"""The lab's removable media: made, mounted and ejected; the form's model and its view."""

from __future__ import annotations

from html import escape

from traitlets import Any as AnyTrait

from pkilab.forms.fields import field, html
from pkilab.forms.model import FormModel, act
from pkilab.forms.parts.table import Column, RowAction, TableRow, TableView
from pkilab.forms.ports import Media
from pkilab.forms.traits import line
from pkilab.forms.view import FormView, Surroundings, act_button, card
from pkilab.model.medium import KeyPlace, Medium
from pkilab.model.names import check_medium


class UseMedia(FormModel):
    """The media, and what can be done with one."""

    name_ = line("Medium", hint="A name of letters, digits, - and _, such as stick.", required=True, check=check_medium)
    all = AnyTrait(())
    """The media that there are."""

    def __init__(self, media: Media) -> None:
        self.media = media
        super().__init__()

    def crosswise(self) -> dict[str, str]:
        """Say at once that a name is taken."""
        taken = {each.name.lower() for each in self.all}
        return {"name_": "There is a medium of this name already."} if self.name_.strip().lower() in taken else {}

    @property
    def advice(self) -> tuple[str, ...]:
        """Return a sentence for each medium with keys on it that is mounted, and easily left in."""
        left_in = (each for each in self.all if each.mounted and each.authorities)
        return tuple(
            KeyPlace(
                instance=" and ".join(each.authorities), path=each.path, there=True, removable=True, medium=each.name
            ).advice
            for each in left_in
        )

    def look(self) -> None:
        """Look which there are.

        Raises:
            PkilabError: the lab cannot be read.
        """
        self.all = tuple(self.media.all())

    @act("Making the medium …")
    def make(self) -> Medium:
        """Make an empty medium, mounted.

        Raises:
            PkilabError: as the lab's `media.new`.
        """
        made = self.media.new(self.name_)
        self.name_ = ""
        self.untouch()
        return self._done(made)

    @act("Mounting …", needs=())
    def mount(self, name: str) -> Medium:
        """Mount a medium; raises as the lab's `media.mount`."""
        return self._done(self.media.mount(name))

    @act("Ejecting …", needs=())
    def eject(self, name: str) -> Medium:
        """Eject a medium; raises as the lab's `media.eject`."""
        return self._done(self.media.eject(name))

    def _done(self, medium: Medium) -> Medium:
        self.result = medium
        self.look()
        return medium


class UseMediaView(FormView):
    """The table, and the field for a new one."""

    form: UseMedia

    def __init__(self, form: UseMedia, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Media",
            lead="A medium of the lab is mounted and ejected as a stick would be. A CA whose directory lies on one "
            "issues only while it is mounted: lock it away in between.",
        )
        self._table = TableView(
            caption="Media of this lab",
            columns=[
                Column(key="name", label="Medium"),
                Column(key="state", label="State"),
                Column(key="path", label="Directory while it is mounted"),
                Column(key="holds", label="Keys on it"),
            ],
            empty="There is none yet. Make one, and choose its directory when a CA server is configured.",
            on_act=self._pressed,
        )
        self._advice = html("")
        form.observe(lambda _: self._draw(), names="all")
        self.fill(
            self._advice,
            self._table,
            card("A new medium", field(form, "name_"), act_button(form, "make", "Make it", around.guard, main=False)),
        )

    def refresh(self) -> None:
        """Look again which there are."""
        self.form.look()

    def _pressed(self, row: str, act: str) -> None:
        verb = self.form.mount if act == "mount" else self.form.eject
        self.around.guard.start(self.form, lambda: verb(row))

    def _draw(self) -> None:
        advice = "".join(f'<p class="pkilab-advice">{escape(each)}</p>' for each in self.form.advice)
        self._advice.value = f'<div class="pkilab-words pkilab-advised">{advice}</div>' if advice else ""
        self._table.show([_row(each) for each in self.form.all])


def _row(each: Medium) -> TableRow:
    does = RowAction(act="eject", label="Eject") if each.mounted else RowAction(act="mount", label="Mount", main=True)
    return TableRow(
        id=each.name,
        name=each.name,
        cells=(
            each.name,
            "mounted" if each.mounted else "ejected",
            str(each.path),
            ", ".join(each.authorities) or "none",
        ),
        actions=(does,),
    )
