"""Distinguished names (RFC 5280 §4.1.2.4), with the upper bounds of X.520."""

from __future__ import annotations

from dataclasses import dataclass, fields
from unicodedata import normalize

from pkilab.errors import InvalidField
from pkilab.model.text import check_line

UPPER_BOUNDS = {
    "country": 2,
    "state": 128,
    "locality": 128,
    "organization": 64,
    "organizational_unit": 64,
    "common_name": 64,
}
"""Upper bounds in characters (RFC 5280, appendix A.1, ub-*)."""

LABELS = {
    "country": "Country",
    "state": "State or province",
    "locality": "Locality",
    "organization": "Organization",
    "organizational_unit": "Organizational unit",
    "common_name": "Common name",
}
SHORT_NAMES = {
    "country": "C",
    "state": "ST",
    "locality": "L",
    "organization": "O",
    "organizational_unit": "OU",
    "common_name": "CN",
}

HELP = {
    "country": "The certificate holds its two letters, such as CL. For a CA: the country it works in.",
    "state": "State or province, written out. For a CA it is by convention left empty.",
    "locality": "City or place. For a CA it is by convention left empty.",
    "organization": "The organization's full name. For a CA: who runs it.",
    "organizational_unit": "A part of the organization, such as Development.",
    "common_name": "What the certificate is for: a server's DNS name, a person, or the CA's own name.",
}
"""One short help for each field."""


def countries() -> dict[str, str]:
    """Return the countries of ISO 3166-1, two-letter code to name, sorted by name (from pycountry)."""
    import pycountry  # loading its tables costs more than the rest of the model

    names = {country.alpha_2: getattr(country, "common_name", country.name) for country in pycountry.countries}
    # Accents do not count: Åland stands with the A's, where people look for it.
    return dict(sorted(names.items(), key=lambda item: normalize("NFKD", item[1]).casefold()))


def check_attribute(field: str, value: str) -> str:
    """Return one attribute's value, without white space round it; `field` is a name of `DN`'s fields.

    Raises:
        InvalidField: too long, control characters, or no country of ISO 3166-1.
    """
    if field == "country":
        given = check_line(LABELS[field], value, upper_bound=64)
        text = given.upper()
        # Upper case of ß is SS, the code of South Sudan: only ASCII letters can be a code.
        if text and not (given.isascii() and text in countries()):
            raise InvalidField(
                LABELS[field], "this is no country code of ISO 3166; give its two letters, such as BE or CL."
            )
        return text
    return check_line(LABELS[field], value, upper_bound=UPPER_BOUNDS[field])


@dataclass(frozen=True, slots=True, kw_only=True)
class DN:
    """A distinguished name as a person fills it in; empty fields are left out of the name.

    The country is given by its two letters of ISO 3166, such as `BE` or `CL`.

    Raises:
        InvalidField: a value breaks its rule, or no field is filled at all.
    """

    country: str = ""
    state: str = ""
    locality: str = ""
    organization: str = ""
    organizational_unit: str = ""
    common_name: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, check_attribute(field.name, getattr(self, field.name)))
        if not any(getattr(self, field.name) for field in fields(self)):
            raise InvalidField("Subject", "at least one part of the name is needed; a common name is usual.")

    @property
    def attributes(self) -> tuple[tuple[str, str], ...]:
        """Return the filled attributes as (short name, value), from country to common name."""
        filled = ((SHORT_NAMES[field.name], getattr(self, field.name)) for field in fields(self))
        return tuple((short, value) for short, value in filled if value)

    def __str__(self) -> str:
        """Return it as `C = CL, CN = santiago.lab.test`."""
        return comma_form(tuple((attribute,) for attribute in self.attributes))


Name = tuple[tuple[tuple[str, str], ...], ...]
"""A name as it stands in a CSR or certificate: relative names, each of (short name or dotted OID, value) pairs."""


def comma_form(name: Name) -> str:
    """Return a name for people, `C = CL, O = Lab`; parts of one relative name are joined by ` + `."""
    return ", ".join(" + ".join(f"{short} = {_quoted(value)}" for short, value in relative) for relative in name)


def slash_form(name: Name) -> str:
    """Return a name as the SOAP service carries it, `/C=CL/O=Lab`."""
    return "".join("/" + "+".join(f"{short}={value}" for short, value in relative) for relative in name)


_SPECIAL = frozenset(',+="\\')


def _quoted(value: str) -> str:
    """Quote a value in which a reader could mistake a comma or plus for the end of the attribute."""
    if not _SPECIAL.isdisjoint(value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value
