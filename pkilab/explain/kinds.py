"""What bytes are: told by the label that stands over them in PEM, else by their form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from pkilab.explain import wary
from pkilab.explain.node import Node
from pkilab.explain.schema import ANY, OID, Field, Type
from pkilab.explain.schemas import cms, extensions, keys, names, ocsp, pkix
from pkilab.explain.tree import Tree

_NEITHER = "This is neither PEM nor DER."
_NO_DER = "What the base64 between BEGIN and END says is no DER."
_LOOK = 48
"""Nodes of a tree that are looked at to tell what it is."""
_SEQUENCE = 0x30
_PRIVATE = {
    *("private key", "RSA private key", "EC private key", "DSA private key", "unknown private key"),
    *("PKCS#12 container", "SafeContents"),
}
_TEXT = re.compile(rb"[\t\n\r -~]+")
_HOLD_ANY = {"CMS message", "name", "extensions"}
_BROKEN = {"cut-off", "not-closed", "indefinite-length"}
_ODD = {"another-type", "unexpected", "missing-field"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of object: its name for people with its article, its ASN.1 type, the labels that PEM has for it."""

    name: str
    said: str
    type: Type
    labels: tuple[str, ...] = ()
    clause: str = ""

    @property
    def private(self) -> bool:
        """Tell whether it holds a private key in clear, or may do so."""
        return self.name in _PRIVATE

    @property
    def field(self) -> Field:
        """Return the field that the object as a whole is."""
        return Field(name="" if self.type is ANY else self.type.name, type=self.type, tags=self.type.tags)


def _kind(name: str, said: str, type_: Type, clause: str, *labels: str) -> Kind:
    return Kind(name=name, said=said, type=type_, labels=labels, clause=clause)


KINDS = (
    _kind(
        "certificate",
        "a certificate",
        pkix.CERTIFICATE,
        "RFC 5280 §4.1",
        *("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"),
    ),
    _kind(
        "certificate request",
        "a certificate signing request",
        pkix.REQUEST,
        "RFC 2986 §4",
        *("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
    ),
    _kind("CRL", "a certificate revocation list", pkix.LIST, "RFC 5280 §5.1", "X509 CRL", "CRL"),
    _kind("OCSP request", "an OCSP request", ocsp.OCSP_REQUEST, "RFC 6960 §4.1", "OCSP REQUEST"),
    _kind("OCSP response", "an OCSP response", ocsp.OCSP_RESPONSE, "RFC 6960 §4.2", "OCSP RESPONSE"),
    _kind("private key", "a private key", keys.PRIVATE_KEY, "RFC 5958 §2", "PRIVATE KEY"),
    _kind(
        "encrypted private key",
        "an encrypted private key",
        keys.ENCRYPTED_KEY,
        "RFC 5958 §3",
        "ENCRYPTED PRIVATE KEY",
    ),
    _kind("RSA private key", "an RSA private key", keys.RSA, "RFC 8017 §A.1.2", "RSA PRIVATE KEY"),
    _kind("EC private key", "an EC private key", keys.EC, "RFC 5915 §3", "EC PRIVATE KEY"),
    _kind("DSA private key", "a DSA private key", keys.DSA, "", "DSA PRIVATE KEY"),
    _kind("public key", "a public key", names.PUBLIC_KEY, "RFC 5280 §4.1.2.7", "PUBLIC KEY"),
    _kind("RSA public key", "an RSA public key", names.RSA_PUBLIC, "RFC 8017 §A.1.1", "RSA PUBLIC KEY"),
    _kind("PKCS#12 container", "a PKCS#12 container", cms.PFX, "RFC 7292 §4", "PKCS12"),
    _kind("CMS message", "a CMS message", cms.CONTENT, "RFC 5652 §3", "PKCS7", "CMS", "PKCS #7 SIGNED DATA"),
    _kind("EC parameters", "the name of an elliptic curve", OID, "RFC 5480 §2.1.1", "EC PARAMETERS"),
    _kind("DH parameters", "Diffie-Hellman parameters", names.DH_PARAMETERS, "PKCS #3 §9", "DH PARAMETERS"),
    _kind("DSA parameters", "DSA parameters", names.DSA_PARAMETERS, "RFC 3279 §2.3.2", "DSA PARAMETERS"),
    _kind("name", "a distinguished name", names.NAME, "RFC 5280 §4.1.2.4"),
    _kind("extensions", "extensions", extensions.EXTENSIONS, "RFC 5280 §4.2"),
    _kind("basic OCSP response", "a basic OCSP response", ocsp.BASIC, "RFC 6960 §4.2.1"),
    _kind("SafeContents", "the contents of a PKCS#12 container", cms.SAFE_CONTENTS, "RFC 7292 §4.2"),
)
"""What is known, the likelier before the less likely where both would fit."""
DER = Kind(name="DER", said="DER of a kind that is not known here", type=ANY)
NONSENSE = Kind(name="nonsense", said="neither PEM nor DER", type=ANY)
SEALED_PEM = Kind(name="sealed private key", said="a private key that a password seals in the old way", type=ANY)
UNKNOWN_KEY = Kind(name="unknown private key", said="a private key in a form that is not known here", type=ANY)
_LABELS = {label: kind for kind in KINDS for label in kind.labels}


def labelled(label: str) -> Kind | None:
    """Return what a PEM label announces; None for one that is not known here."""
    if label not in _LABELS and label.endswith("PRIVATE KEY"):
        return UNKNOWN_KEY
    return _LABELS.get(label)


def named(name: str) -> Kind:
    """Return the kind of that name.

    Raises:
        KeyError: there is none.
    """
    return next((kind for kind in (*KINDS, DER, NONSENSE) if kind.name == name), None) or _LABELS[name]


def told(data: bytes, announced: Kind | None = None, *, in_pem: bool = False) -> tuple[Kind, Tree]:
    """Return what `data` is, by its form, and its tree. What was `announced` counts unless something else fits better.

    What is no DER is told as such; `in_pem` says that there was PEM round it.

    Something that fits well enough is taken for what it should be, so that what is wrong in it can be named. What is
    not whole, or fits nothing, is private where it may be a private key; see `wary`.
    """
    neither = _NO_DER if in_pem else _NEITHER
    kind, tree = _told(data, announced, neither)
    if tree.private or wary.sure(data):
        return kind, tree
    if kind not in {DER, NONSENSE}:
        # Messages can hold anything; of the others a key is none unless they are broken.
        hides = wary.may_be_key(data) and (tree.damaged or (kind.name in _HOLD_ANY and wary.looks_like_key(data)))
        return kind, (Tree(data, kind.field, private=True) if hides else tree)
    if kind is NONSENSE:
        return kind, (Tree(data, nonsense=neither, private=True) if wary.may_be_key_as_text(data) else tree)
    if wary.looks_like_key(data) or (tree.damaged and wary.may_be_key(data)):
        return kind, Tree(data, private=True)
    tree.wary = True
    return kind, tree


def _told(data: bytes, announced: Kind | None, neither: str) -> tuple[Kind, Tree]:
    best: tuple[int, Kind] | None = None
    for kind in (announced, *KINDS) if announced else KINDS:
        if not data or (kind.type.tags is not None and data[0] not in kind.type.tags):
            continue
        odd, fitting = _oddness(Tree(data, kind.field, most=_LOOK))
        if 4 * odd > fitting:  # more of it is something else than could be a mistake
            continue
        if best is None or odd < best[0]:
            best = odd, kind
        if not odd:
            break
    if best is not None:
        return best[1], Tree(data, best[1].field, private=best[1].private)
    return _unknown(data, announced, neither)


def _unknown(data: bytes, announced: Kind | None, neither: str) -> tuple[Kind, Tree]:
    """Return the tree of what fits nothing that is known: of what was announced, of any DER, or of nonsense."""
    private = announced is not None and announced.private
    tree = Tree(data, announced.field, private=private) if announced else Tree(data)
    top = tree.root
    # A text that begins with 0, as a dump does, begins like a SEQUENCE.
    behind = len(tree.tops) > 1 and (top.identifier != _SEQUENCE or _TEXT.fullmatch(data) is not None)
    if not data or not (top.nonsense or behind or any(trouble.code in _BROKEN for trouble in top.troubles)):
        return (announced or DER) if data else NONSENSE, tree
    says = neither if private else f"{neither[:-1]}; it begins with {data[:8].hex(' ').upper()}."
    return announced or NONSENSE, Tree(data, nonsense=says, private=private)


def _oddness(tree: Tree) -> tuple[int, int]:
    """Count what does not fit among the first nodes, level by level, and what has a place of its own."""
    odd, fitting, seen = 0, 0, 0
    level: list[Node] = list(tree.tops[:1])
    while level and seen < _LOOK:
        below: list[Node] = []
        for node in islice(level, _LOOK - seen):
            seen += 1
            fitting += bool(node.field.owner)
            odd += sum(1 for trouble in node.troubles if trouble.code in _ODD)
            odd += node.nonsense
            below.extend(node.children)
        level = below
    return odd, fitting
