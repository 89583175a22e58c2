"""What the views of all forms share: heading, steps, cards, buttons that say what blocks them, what was told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
from traitlets import dlink

from pkilab.forms import style
from pkilab.forms.fields import html
from pkilab.forms.guard import Guard
from pkilab.forms.model import FormModel, Told
from pkilab.forms.parts.shell import Shell
from pkilab.views.escape import escape

_TOLD = 2
"""Reasons beside a button that cannot be pressed; more would hide what to do first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a view is handed by the desk: the guard, and ways to other tasks.

    `go` opens another task of the desk by its name, with words for it (such as a request's id); a form that stands
    alone in a cell has none. `keep` lets the page keep what `FormView.kept` returns now. `for_operator` and
    `for_client` tell whose desk it is.
    """

    guard: Guard
    go: Callable[..., None] | None = None
    keep: Callable[[], None] = lambda: None
    for_operator: bool = True
    for_client: bool = True


class Frame(widgets.VBox):
    """What stands in a cell or on a page: style sheet, heartbeat, and the content.

    Args:
        content: what is shown.
        shell: the heartbeat.
        classes: of the style sheet.
        name: its `repr`, without brackets.
        what: what it is called where it cannot be shown, such as `the form Inbox`.
    """

    def __init__(self, content: Sequence[widgets.Widget], shell: Shell, *classes: str, name: str, what: str) -> None:
        self._name, self._what = name, what
        shell.add_class("pkilab-shell")
        super().__init__([html(style.tag(), "pkilab-style"), shell, *content])
        self.add_class("pkilab-frame")
        for each in classes:
            self.add_class(each)

    def __repr__(self) -> str:
        """Return what it is, the same at each run."""
        return f"<{self._name}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the widget; and in its place, where a notebook is read that nobody has run, what to do to see it."""
        shown = super()._repr_mimebundle_(**kwargs)
        return {**shown, "text/plain": f"Run this cell in JupyterLab or Voilà to see {self._what}."} if shown else shown


class FormView(widgets.VBox):
    """The view of one form model: a heading, the parts that `fill` sets, and what was told.

    Args:
        form: the model.
        around: guard, and ways to other tasks.
        title: the heading; empty for a form that stands within another.
        lead: one or two sentences below it.
        steps: the names of the steps, where there are several.
    """

    def __init__(
        self, form: Any, around: Surroundings, *, title: str, lead: str = "", steps: Sequence[str] = ()
    ) -> None:
        self.form = form
        self.around = around
        self._title, self._lead, self._steps, self._step = title, lead, tuple(steps), 0
        self._head = html("", "pkilab-head")
        self._body = widgets.VBox()
        self._near: set[str] = set()
        self._told = (
            status(form, lambda act: act not in self._near) if isinstance(form, FormModel) else html("", "pkilab-told")
        )
        super().__init__([self._head, self._body, self._told])
        self.add_class("pkilab-form")
        self._draw_head()

    def __repr__(self) -> str:
        """Return what it is, the same at each run."""
        return f"<form: {self._title}>"

    @property
    def title(self) -> str:
        """Return its heading."""
        return self._title

    def head(
        self,
        *,
        title: str | None = None,
        lead: str | None = None,
        step: int | None = None,
        steps: Sequence[str] | None = None,
    ) -> None:
        """Change heading, sentences below it (plain text), the step that one is at, or the steps."""
        self._title = self._title if title is None else title
        self._lead = self._lead if lead is None else lead
        self._step = self._step if step is None else step
        self._steps = self._steps if steps is None else tuple(steps)
        self._draw_head()

    def fill(self, *parts: widgets.Widget) -> None:
        """Set what stands between heading and status line."""
        self._body.children = parts

    def button(
        self, label: str, pressed: Callable[[], object], *, main: bool = False, danger: bool = False
    ) -> widgets.Button:
        """Return a button that calls `pressed` at once, for what is quick; what goes wrong is told below the form."""
        return button(label, lambda: self.around.guard.now(pressed, self.tell), main=main, danger=danger)

    def tell(self, told: Told) -> None:
        """Say something below the form."""
        if isinstance(self.form, FormModel):
            self.form.acted, self.form.told = "", told
        else:
            self._told.value = said(told)

    def near(self, act: str) -> widgets.HTML:
        """Return a line for what an act tells, to stand beside its button; below the form it is told no more."""
        self._near.add(act)
        return status(self.form, lambda acted: acted == act)

    def refresh(self) -> None:
        """Show the lab's true state; called once a second at most while the page is seen. Most forms need nothing."""

    def opened(self, **words: str) -> None:
        """Open with words that the desk handed over, such as a request's id."""

    def kept(self) -> dict[str, str]:
        """Return the words with which this form opens again after a reload; no secret."""
        return {}

    def _draw_head(self) -> None:
        steps = "".join(self._marked(at, step) for at, step in enumerate(self._steps))
        path = f'<ul class="pkilab-path" aria-label="Steps">{steps}</ul>' if steps else ""
        lead = f'<p class="pkilab-lead">{escape(self._lead)}</p>' if self._lead else ""
        title = f'<h2 class="pkilab-title" tabindex="-1">{escape(self._title)}</h2>' if self._title else ""
        self._head.value = f"{title}{lead}{path}"

    def _marked(self, at: int, step: str) -> str:
        if at == self._step:
            return f'<li class="pkilab-here" aria-current="step">{escape(step)}</li>'
        done = '✓ <span class="pkilab-unseen">done: </span>' if at < self._step else ""
        return f"<li>{done}{escape(step)}</li>"


def status(form: FormModel, says: Callable[[str], bool] = lambda _: True) -> widgets.HTML:
    """Return the line that shows what a form tells, and what it is doing; `says` chooses the acts it tells of."""
    line = html("", "pkilab-told")

    def tell(_: object = None) -> None:
        line.value = said(form.told, form.working) if says(form.acted) else ""

    form.observe(tell, names=["told", "working", "acted"])
    tell()
    return line


def said(told: Told | None, working: str = "") -> str:
    """Return what a form tells, as markup; while something is done, that."""
    if working:
        return f'<div class="pkilab-said"><p class="pkilab-busy">{escape(working)}</p></div>'
    if told is None:
        return ""
    tone, mark = ("good", "✓ ") if told.good else ("bad", "")
    first, *rest = told.sentences or ("",)
    more = "".join(f"<p>{escape(sentence)}</p>" for sentence in rest)
    return f'<div class="pkilab-said pkilab-{tone}"><p><strong>{mark}{escape(first)}</strong></p>{more}</div>'


def card(title: str, *parts: widgets.Widget, why: str = "") -> widgets.VBox:
    """Return a group of fields with its heading and one sentence of why."""
    told = f'<p class="pkilab-soft">{escape(why)}</p>' if why else ""
    head = [html(f"<h3>{escape(title)}</h3>{told}", "pkilab-words")] if title else []
    box = widgets.VBox([*head, *parts])
    box.add_class("pkilab-box")
    return box


def two(*cards: widgets.Widget) -> widgets.Box:
    """Return cards side by side where there is room, one below the other where not."""
    box = widgets.Box(list(cards))
    box.add_class("pkilab-two")
    return box


def bar(*parts: widgets.Widget) -> widgets.Box:
    """Return a row of buttons."""
    box = widgets.Box([part for part in parts if part is not None])
    box.add_class("pkilab-bar")
    return box


def fold(title: str, *parts: widgets.Widget, open_: bool = False) -> widgets.VBox:
    """Return a part that stays closed until somebody opens it."""
    head = widgets.Button(description=title)
    head.add_class("pkilab-fold")
    inside = widgets.VBox(list(parts))

    def turn(_: object = None) -> None:
        opened = inside.layout.display == "none"
        inside.layout.display = None if opened else "none"
        (head.add_class if opened else head.remove_class)("pkilab-open")

    inside.layout.display = "none"
    if open_:
        turn()
    head.on_click(turn)
    return widgets.VBox([head, inside])


def button(label: str, pressed: Callable[[], object], *, main: bool = False, danger: bool = False) -> widgets.Button:
    """Return a button that calls `pressed` at once; for what is done quickly and cannot fail."""
    made = widgets.Button(description=label)
    if main:
        made.add_class("pkilab-go")
    if danger:
        made.add_class("pkilab-danger")
    made.on_click(lambda _: pressed())
    return made


def act_button(
    form: FormModel,
    act: str,
    label: str,
    guard: Guard,
    *,
    main: bool = True,
    danger: bool = False,
    done: Callable[[], object] | None = None,
    says: bool = True,
) -> widgets.Box:
    """Return a button for an act of a form: disabled while something blocks it, with what blocks it beside it.

    Args:
        form: the model.
        act: the act's name.
        label: what stands on the button.
        guard: runs it.
        main: whether it is the step that one comes for.
        danger: whether it destroys something.
        done: called after the act has succeeded.
        says: whether what blocks is said beside the button.
    """

    def work() -> None:
        getattr(form, act)()
        if done is not None:
            done()

    made = button(label, lambda: guard.start(form, work), main=main, danger=danger)
    blockers = html("")

    def show(_: object = None) -> None:
        reasons = form.blocked(act)
        made.disabled = bool(reasons)
        first, rest = " ".join(reasons[:_TOLD]), len(reasons) - _TOLD
        more = f" And {rest} more." if rest > 0 else ""
        told = first and says and not form.working
        blockers.value = f'<p class="pkilab-blockers">{escape(first)}{more}</p>' if told else ""

    form.observe(show, names=["blockers", "working"])
    show()
    box = bar(made, blockers)
    box.button = made
    return box


def shown_when(widget: widgets.Widget, form: FormModel, name: str, rule: Callable[[Any], bool]) -> widgets.Widget:
    """Show a widget only while a trait of the form keeps a rule."""

    def turn(value: Any) -> str | None:
        return None if rule(value) else "none"

    dlink((form, name), (widget.layout, "display"), turn)
    return widget


def discard(part: Any, *, but: Sequence[widgets.Widget] = ()) -> None:
    """Close a part of a page and all that stands in it, as it is not shown again; else widgets are kept for ever."""
    if part in but:
        return
    for child in getattr(part, "children", ()):
        discard(child, but=but)
    for own in (getattr(part, "layout", None), getattr(part, "style", None)):
        if isinstance(own, widgets.Widget):
            own.close()
    part.close()
