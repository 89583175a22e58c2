"""From a form model's fields to widgets: label above, hint and problem below, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import ipywidgets as widgets
from traitlets import TraitError, Unicode, dlink, link

from pkilab.forms.model import FormModel
from pkilab.forms.parts.secret import SecretField
from pkilab.views.escape import escape, visible


def field(
    form: FormModel,
    name: str,
    *,
    rows: int = 1,
    mono: bool = False,
    toggle: bool = False,
    label: str = "",
    options: Sequence[tuple[str, str]] | None = None,
    on_enter: Callable[[], object] | None = None,
) -> widgets.VBox:
    """Return a field of a form model: its widget, its hint, and what is wrong with what stands there.

    Args:
        form: the model.
        name: the field's name.
        rows: lines of a text.
        mono: whether letters are of one width.
        toggle: whether a choice stands as buttons rather than in a list.
        label: what stands there in place of the model's label; it may come from anywhere.
        options: those of a choice's options that are offered; None for all.
        on_enter: called when Enter is pressed in a secret's field.
    """
    about = form.about(name)
    if label:
        about = about | {"label": label}
    if options is not None:
        about = about | {"options": tuple(options)}
    widget = _widget(form, name, about, rows=rows, toggle=toggle)
    if isinstance(widget, SecretField):
        widget.on_enter = on_enter
    below = Words("p", "pkilab-problem")
    dlink((form, "problems"), (below, "words"), lambda problems: problems.get(name, ""))
    parts = [widget]
    if about["hint"]:
        parts.append(html(f'<p class="pkilab-hint">{escape(about["hint"])}</p>'))
    box = widgets.VBox([*parts, below])
    box.add_class("pkilab-field")
    if about["required"]:
        box.add_class("pkilab-required")
    if mono:
        box.add_class("pkilab-mono")
    dlink((form, "working"), (widget, "disabled"), bool)
    return box


def _widget(form: FormModel, name: str, about: dict[str, Any], *, rows: int, toggle: bool) -> Any:
    if about["secret"]:
        return SecretField(form, name)
    label = escape(about["label"]) + (" <i>required</i>" if about["required"] else "")
    if "options" in about:
        kind = widgets.ToggleButtons if toggle else widgets.Dropdown
        made = kind(options=about["options"], description=label, description_allow_html=True)
    elif isinstance(getattr(form, name), bool):
        made = widgets.Checkbox(description=visible(about["label"]), indent=False)
    else:
        kind = widgets.Textarea if rows > 1 else widgets.Text
        made = kind(description=label, description_allow_html=True, continuous_update=True)
        if rows > 1:
            made.rows = rows
    if isinstance(made, widgets.Text | widgets.Textarea):
        link((form, name), (made, "value"))
    else:
        _tie(form, name, made)
    return made


def _tie(form: FormModel, name: str, widget: Any) -> None:
    """Tie a choice to its trait; a page may send a value that is none of the options, and that is left out."""

    def show(_: object = None) -> None:
        with suppress(TraitError):  # one of which not all options are offered here shows what it can
            widget.value = getattr(form, name)

    show()
    widget.observe(lambda change: setattr(form, name, change["new"]), names="value")
    form.observe(show, names=name)


class Words(widgets.HTML):
    """A text from anywhere (`words`) in an element of ours: it is escaped here."""

    words = Unicode("")

    def __init__(self, element: str, class_name: str, words: str = "") -> None:
        super().__init__()
        self._frame = f'<{element} class="{class_name}">{{}}</{element}>'
        self.observe(self._set, names="words")
        self.words = words

    def _set(self, change: Any) -> None:
        self.value = self._frame.format(escape(change["new"])) if change["new"] else ""


def html(markup: str, *classes: str) -> widgets.HTML:
    """Return markup of ours as a widget; whatever comes from elsewhere has been escaped in it."""
    made = widgets.HTML(markup)
    for name in classes:
        made.add_class(name)
    return made
