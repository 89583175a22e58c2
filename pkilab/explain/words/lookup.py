"""Where the words for a field or an OBJECT IDENTIFIER are found."""

from __future__ import annotations

from pkilab.explain.words import algorithms, contents, names, statements
from pkilab.explain.words.certificate import CERTIFICATE
from pkilab.explain.words.entry import Named, Words
from pkilab.explain.words.extension_fields import EXTENSION_FIELDS
from pkilab.explain.words.extensions import EXTENSIONS
from pkilab.explain.words.keys import PARAMETERS, PRIVATE_KEYS
from pkilab.explain.words.lists import CRL_FIELDS, REQUESTS
from pkilab.explain.words.messages import CONTAINERS, MESSAGES
from pkilab.explain.words.ocsp import OCSP
from pkilab.explain.words.other_extensions import OTHER_EXTENSIONS
from pkilab.explain.words.recipients import RECIPIENTS
from pkilab.explain.words.types import OTHERS, TYPES

FIELDS: dict[str, Words] = {
    **TYPES,
    **OTHERS,
    **CERTIFICATE,
    **EXTENSION_FIELDS,
    **REQUESTS,
    **CRL_FIELDS,
    **OCSP,
    **PRIVATE_KEYS,
    **PARAMETERS,
    **MESSAGES,
    **CONTAINERS,
    **RECIPIENTS,
}
"""By the field with its type, such as `Validity.notAfter`, or by the type's name."""

TABLES: tuple[dict[str, Named], ...] = (
    EXTENSIONS,
    OTHER_EXTENSIONS,
    names.ATTRIBUTES,
    names.PURPOSES,
    names.POLICIES,
    names.PLACES,
    statements.STATEMENTS,
    names.OTHER_NAMES,
    algorithms.ALGORITHMS,
    contents.CONTENTS,
    contents.ATTRIBUTES,
)
OIDS: dict[str, Named] = {dotted: named for table in TABLES for dotted, named in table.items()}
"""Each number has one entry."""


def named(dotted: str) -> Named | None:
    """Return what is said of an OBJECT IDENTIFIER; None of one that is not known here."""
    return OIDS.get(dotted)
