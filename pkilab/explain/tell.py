"""What a node says here, what it is for, and what goes wrong without it."""

from __future__ import annotations

from dataclasses import dataclass

from pkilab.explain import marks, sayings, summary, values, wording
from pkilab.explain.node import Node
from pkilab.explain.schema import Tagged
from pkilab.explain.trouble import Trouble
from pkilab.explain.words.entry import Named, Words
from pkilab.explain.words.lookup import FIELDS, OIDS, named
from pkilab.explain.words.types import TYPES

_NAMES = {each.name for each in OIDS.values()}
_EXTENSION, _ATTRIBUTES = "Extension", {"AttributeTypeAndValue", "Attribute"}
_PLACES = {
    "TBSCertList.crlExtensions": "RFC 5280 §5.2",
    "RevokedCertificate.crlEntryExtensions": "RFC 5280 §5.3",
    **dict.fromkeys(("TBSRequest.requestExtensions", "Request.singleRequestExtensions"), "RFC 6960 §4.4"),
    **dict.fromkeys(("ResponseData.responseExtensions", "SingleResponse.singleExtensions"), "RFC 6960 §4.4"),
}
"""The clauses about extensions that are no certificate's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An explanation. `here` holds for this object; `purpose` and `without` for every one. `clauses` as `RFC …`."""

    title: str
    here: str
    purpose: str
    without: str
    clauses: tuple[str, ...]
    troubles: tuple[Trouble, ...]


def tell(node: Node, *, secrets: bool = False) -> Told:
    """Return the explanation of `node`. Of a private key's numbers only the length is told, unless `secrets`."""
    words, about = _words(node), _about(node)
    here = _here(node, words, about, secrets=secrets)
    if not node.nonsense and any(trouble.code == "cut-off" for trouble in node.troubles):
        here = f"{here} Something is missing: its length says more than is there."
    clauses = [_place(node) or words.clause]
    title, purpose, without = words.title, words.purpose, words.without
    if about is not None:
        clauses.insert(0, about.clause)
        if _stands_for(node):
            title, purpose, without = about.title, about.purpose, about.without
        else:
            purpose = f"{purpose} {about.name}: {about.purpose}"
            without = without or about.without
    clauses += [trouble.clause for trouble in node.troubles]
    return Told(
        title=title,
        here=here,
        purpose=purpose,
        without=without,
        clauses=tuple(dict.fromkeys(filter(None, clauses))),
        troubles=node.troubles,
    )


def _words(node: Node) -> Words:
    """Return the words for the field, else for its type, else for the universal type that it is."""
    keys: tuple[str, ...] = (node.key, node.name, node.type.name, values.base(node))
    if extension_of(node) is not None and node.type.name not in FIELDS:
        keys = ("Extension.extnValue",)
    for key in keys:
        if key in FIELDS:
            return FIELDS[key]
    above = node.parent
    if above is not None and isinstance(above.type, Tagged) and above.key in FIELDS:
        return FIELDS[above.key]  # what an explicit tag wraps is what the tag announces
    if node.constructed:
        tag = Words("Tagged element", "X.690 §8.14", "Its tag says which field it is; what it wraps follows in it.")
        return tag._replace(here="{value}.")
    return Words("Octets", "X.690 §8.14", "What they mean is agreed outside of what is known here.", here="{value}.")


def _place(node: Node) -> str:
    """Return the clause about the extensions among which `node` is one; "" of a certificate's, and of other nodes."""
    above = node.parent if node.type.name == _EXTENSION else None
    while above is not None and above.key not in _PLACES:
        above = above.parent if above.type.name == "Extensions" else None
    return _PLACES[above.key] if above is not None else ""


def _about(node: Node) -> Named | None:
    """Return what is said of the OBJECT IDENTIFIER that `node` is or that says what it is."""
    return named(subject_of(node))


def subject_of(node: Node) -> str:
    """Return the OBJECT IDENTIFIER that `node` is about, dotted; "" if it is about none.

    That is its own value, the number of the extension, attribute or algorithm that it is, or of an extension's value.
    """
    own = values.oid(node)
    if own:
        return own
    if node.type.name == _EXTENSION or node.type.name in _ATTRIBUTES or node.type.name == "AlgorithmIdentifier":
        return values.oid(next(iter(node.children), None))
    extension = extension_of(node)
    return "" if extension is None else values.oid(next(iter(extension.children), None))


def extension_of(node: Node) -> Node | None:
    """Return the extension whose value `node` is: the octets round it, or what they hold; None for anything else."""
    above = node.parent
    if above is None:
        return None
    if node.key == "Extension.extnValue":
        return above
    if above.key == "Extension.extnValue":
        return above.parent
    return None


def _stands_for(node: Node) -> bool:
    """Tell whether what is said of the number says what `node` is, not only what it names."""
    return node.type.name == _EXTENSION or node.type.name in _ATTRIBUTES or extension_of(node) is not None


def _here(node: Node, words: Words, about: Named | None, *, secrets: bool) -> str:
    if summary.secret(node) and not secrets:
        sure = getattr(node.type, "secret", False) and not node.tree.damaged
        why = "they are secret" if sure else "some of them may be secret"
        return f"{wording.counted(node.length, 'octet')}, which are not shown: {why}."
    if node.nonsense:
        return f"{wording.counted(node.length, 'octet')}: {wording.hexed(node.raw)}." if node.length else "Nothing."
    said = sayings.of_field(node)
    if said:
        return said
    extension = node if node.type.name == _EXTENSION else extension_of(node)
    if extension is not None:
        said = _extension(node, extension)
        if said:
            return said
    value = summary.of(node, secrets=secrets)
    template = words.here
    if not template and about is None and not value:
        template = TYPES["OCTET STRING"].here
    if template in {"", "{value}."}:
        template = "It says {value}." if _is_text(node) else "{value}."
    sentence = template.format(value=value, octets=f"{node.header + node.length:,}")
    return _sentence(sentence, next((child.name for child in node.children[:1]), ""))


def _is_text(node: Node) -> bool:
    """Tell whether the value of `node` is one text, whose first letter must stay as it is."""
    while len(node.children) == 1:
        node = node.children[0]
    return not node.children and values.base(node) in values.ENCODINGS


def _extension(node: Node, extension: Node) -> str:
    """Return what an extension says here, and of the extension as a whole whether it is critical."""
    inner = marks.held(extension)
    if inner is None:
        return ""
    dotted = marks.number(extension)
    known = "Says" if named(dotted) is not None else f"What {dotted} is about is not known here. It holds"
    said = sayings.of_extension(dotted, inner) or f"{known}: {summary.of(inner)}."
    if node is not extension:
        return said
    critical = "It is critical: software that does not understand it must refuse the whole."
    return " ".join(filter(None, (said, critical if marks.critical(extension) else "", marks.unusual(extension))))


def _sentence(text: str, field: str) -> str:
    """Return text that ends with one stop, and begins with a capital unless with a number's name or that of `field`."""
    text = text.removesuffix(".") if text.endswith("..") else text
    first = next(iter(text.split(maxsplit=1)), "").rstrip(",.:")
    return text if first != first.lower() or first in _NAMES or first == field else text[:1].upper() + text[1:]
