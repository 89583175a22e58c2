"""A part of a page with one act: its fields, its button, what it told, and what it gave back with its downloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from pkilab.errors import InvalidField
from pkilab.forms.fields import html
from pkilab.forms.guard import Guard
from pkilab.forms.model import FormModel
from pkilab.forms.parts.download import Download, Handed
from pkilab.forms.view import act_button, bar, discard, status
from pkilab.model.uses import Made
from pkilab.views import html as views


def acting(
    form: FormModel,
    act: str,
    label: str,
    guard: Guard,
    *fields: widgets.Widget,
    main: bool = False,
    says: bool = True,
    done: Callable[[], object] | None = None,
    more: Callable[[Any], list[widgets.Widget]] | None = None,
) -> widgets.VBox:
    """Return fields with the button of an act, and below it what was told and what came of it.

    Args:
        form: the model; its `hood`, where it has one, is shown with the result.
        act: the act's name.
        label: what stands on the button.
        guard: runs it.
        fields: what stands above the button.
        main: whether it is the step that one comes for.
        says: whether what is told stands here; else the form's view shows it.
        done: called after the act has succeeded.
        more: returns what is shown below a result, such as the next step's button.
    """
    place = widgets.VBox()
    place.add_class("pkilab-came")

    def show(_: object = None) -> None:
        for part in place.children:
            discard(part)
        result = form.result
        if result is None:
            place.children = ()
            return
        shown: list[widgets.Widget] = [html(views.draw(result, under=getattr(form, "hood", None)))]
        if isinstance(result, Made):
            shown.append(bar(handed(form, guard)))
        place.children = (*shown, *(more(result) if more else []))

    form.observe(show, names=["result"])
    show()
    told = [status(form)] if says else []
    return widgets.VBox([*fields, act_button(form, act, label, guard, main=main, done=done), *told, place])


def handed(form: FormModel, guard: Guard) -> Download:
    """Return the button that saves what the form's last act made."""

    def content() -> Handed:
        made = form.result
        if not isinstance(made, Made):
            raise InvalidField("File", "it is not kept any more; make it again.")
        return Handed(name=made.name, data=made.octets, media=made.media)

    return Download(f"Save {form.result.name}", content, guard=guard)
