"""The fields of a distinguished name (S4), for CAs and clients alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import ipywidgets as widgets

from pkilab.forms.fields import field
from pkilab.forms.model import FormModel
from pkilab.forms.traits import Line, choice, line
from pkilab.forms.view import card, fold
from pkilab.model.dn import DN, HELP, LABELS, check_attribute, countries

NONE = ""
"""The choice of no country."""


def _rule(attribute: str) -> Callable[[str], object]:
    return lambda value: check_attribute(attribute, value)


def _attribute(attribute: str) -> Line:
    return line(LABELS[attribute], hint=HELP[attribute], check=_rule(attribute))


def _countries() -> list[tuple[str, str]]:
    return [("– none –", NONE), *((f"{name} ({code})", code) for code, name in countries().items())]


class SubjectFields(FormModel):
    """A form with a distinguished name, of which at least one part is needed."""

    common_name = _attribute("common_name")
    organization = _attribute("organization")
    organizational_unit = _attribute("organizational_unit")
    country = choice(LABELS["country"], _countries(), default=NONE, hint=HELP["country"])
    state = _attribute("state")
    locality = _attribute("locality")

    subject_fields: ClassVar[tuple[str, ...]] = (
        "common_name",
        "organization",
        "organizational_unit",
        "country",
        "state",
        "locality",
    )

    @property
    def nameless(self) -> bool:
        """Tell whether no part of the name is filled in."""
        return not any(str(getattr(self, name)).strip() for name in self.subject_fields)

    @property
    def subject(self) -> DN:
        """Return the name.

        Raises:
            InvalidField: a part breaks its rule, or none is filled in.
        """
        return DN(**{name: getattr(self, name) for name in self.subject_fields})

    def without_name(self) -> Sequence[str]:
        """Return what blocks an act that needs a name."""
        return ("Fill in at least one part of the name; a common name is usual.",) if self.nameless else ()


def subject_card(form: SubjectFields, title: str, why: str) -> widgets.VBox:
    """Return the card with the parts of a name; those that are seldom used are folded."""
    return card(
        title,
        field(form, "common_name"),
        field(form, "organization"),
        field(form, "organizational_unit"),
        field(form, "country"),
        fold("State, locality", field(form, "state"), field(form, "locality"), open_=bool(form.state or form.locality)),
        why=why,
    )
