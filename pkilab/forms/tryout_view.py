"""What if a certificate said something else (X4): the view."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from pkilab.forms.fields import field, html
from pkilab.forms.tryout import OCTET, SIGNED, VALUE, Tried, TryOut
from pkilab.forms.view import Surroundings, act_button, card, shown_when, status, two
from pkilab.model.verdict import Judged, Verdict
from pkilab.views import html as views
from pkilab.views.escape import escape
from pkilab.views.sheet import Table

_MANY = 20
_NOTHING = "not there"
_SIGNATURE = {"signatureValue", "r", "s"}


def what_if(form: TryOut, around: Surroundings) -> widgets.VBox:
    """Return the card in which a change is chosen, and what the verifiers said of it."""
    teaches = html("", "pkilab-words")
    told = html("")
    by = html("", "pkilab-words")

    def teach(_: Any = None) -> None:
        teaches.value = f'<p class="pkilab-soft">{escape(form.teaches)}</p>' if form.teaches else ""

    def judged(_: Any = None) -> None:
        by.value = f'<p class="pkilab-soft">{escape(form.judged_by)}</p>' if form.judged_by else ""

    def tell(_: Any = None) -> None:
        told.value = tried(form.result) if form.result is not None else ""

    form.observe(teach, names="change")
    form.observe(judged, names="certificate")
    form.observe(tell, names="result")
    teach()
    judged()
    tell()
    password = shown_when(
        field(form, "password"), form, "resign", lambda how: how == SIGNED and not form.absent("password")
    )
    made = card(
        "What if …",
        two(widgets.VBox(_change(form, teaches)), widgets.VBox([*_judging(form, password), by])),
        act_button(form, "try_it", "Change it and ask the verifiers", around.guard),
        status(form),
        told,
        why="A copy is changed and encoded again, and verifiers are asked before and after. It is issued to nobody.",
    )
    made.add_class("pkilab-whatif")
    return made


def _change(form: TryOut, teaches: widgets.HTML) -> list[widgets.Widget]:
    return [
        field(form, "change"),
        teaches,
        shown_when(field(form, "path", mono=True), form, "change", lambda change: change == VALUE),
        shown_when(field(form, "value"), form, "change", lambda change: change == VALUE),
        shown_when(field(form, "at"), form, "change", lambda change: change == OCTET),
        shown_when(field(form, "octet", mono=True), form, "change", lambda change: change == OCTET),
        shown_when(field(form, "resign", toggle=True), form, "certificate", lambda _: form.signable),
    ]


def _judging(form: TryOut, password: widgets.Widget) -> list[widgets.Widget]:
    return [field(form, "purpose"), field(form, "name"), password]


def tried(value: Tried) -> str:
    """Return what was tried as markup: what differs, and the verdicts side by side."""
    signed = "It was signed again by the CA" if value.signed_again else "Its signature stayed as it was"
    lead = f"{signed}; it is issued to nobody and stored nowhere. {value.teaches} {value.remark}".rstrip()
    # That another signature has other octets goes without saying, unless it is all that differs.
    found = [each for each in value.differs.differences if each.field not in _SIGNATURE] or value.differs.differences
    differs = [
        f"<li><bdi>{escape(f'{each.field}: {each.left or _NOTHING} before, {each.right or _NOTHING} after')}</bdi></li>"
        for each in found[:_MANY]
    ]
    after = {each.judge: each for each in value.after.verdicts} if isinstance(value.after, Judged) else {}
    rows = tuple(
        (_who(each), _said(each), _said(after[each.judge]) if each.judge in after else "cannot say")
        for each in value.before.verdicts
    )
    judged = views.table(
        Table(
            caption=f"What the verifiers say of {value.of}" if value.of else "What the verifiers say",
            columns=("Verifier", "Before", "After"),
            rows=rows,
            empty="No verifier is installed.",
            more=value.after if isinstance(value.after, str) else " ".join(value.after.differences),
        )
    )
    changed = f"<ul>{''.join(differs)}</ul>" if differs else ""
    head = f"<h3>{escape(value.title)}</h3><p>{escape(lead)}</p>"
    return f'<div class="pkilab-words pkilab-tried">{head}{changed}</div>{judged}'


def _who(verdict: Verdict) -> str:
    return f"{verdict.judge} {verdict.version}".rstrip()


def _said(verdict: Verdict) -> str:
    mark = {True: "✓ ", False: "✗ ", None: ""}[verdict.accepted]
    return f"{mark}{verdict.word}: {verdict.reason}"
