"""What if a certificate said something else? Changed, encoded again, signed again or left with its broken signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from pkilab.errors import CannotDo
from pkilab.explain import change, values
from pkilab.explain.node import Node
from pkilab.explain.reading import as_kind
from pkilab.explain.tree import Tree
from pkilab.explain.typed import octets
from pkilab.x509 import der, extensions, signature
from pkilab.x509.extensions import Extension
from pkilab.x509.keys import PrivateKey

ELSEWHERE = "elsewhere.lab.test"
"""The name that the certificate is given in the place of its own ones."""
UNKNOWN = "1.3.6.1.4.1.32473.1.1"
"""A number for examples (RFC 5612) that nobody gives a meaning to."""
_OTHER_ALGORITHM = {True: "1.2.840.10045.4.3.2", False: "1.2.840.113549.1.1.11"}
_Verdict = TypeVar("_Verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that matters: what is changed, and what it teaches. `signed`: it makes sense to sign it again."""

    name: str
    title: str
    teaches: str
    make: Callable[[Tree], bytes]
    signed: bool = True
    keeps_algorithm: bool = False
    """Whether the algorithm inside is left as it is when it is signed again: its mismatch is the point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf(Generic[_Verdict]):
    """A changed certificate, in DER, with the verdicts before and after. It is never stored as issued."""

    change: str
    der: bytes
    signed_again: bool
    before: _Verdict
    after: _Verdict


def changed(certificate: bytes, name: str) -> bytes:
    """Return a certificate in DER with the change of that name made, and its signature left as it was.

    Raises:
        CannotDo: there is no such change, or the certificate lacks what would be changed.
    """
    return _named(name).make(_tree(certificate))


def resigned(certificate: bytes, key: PrivateKey, *, keep_algorithm: bool = False) -> bytes:
    """Return a certificate in DER signed again by `key`; its field `signature` names that key's algorithm then.

    Raises:
        CannotDo: it is no certificate any more.
    """
    tree = _tree(certificate)
    algorithm = tree.root.child("tbsCertificate", "signature")
    if algorithm is None:
        raise CannotDo("It is no certificate any more, so it cannot be signed again.", "Leave its signature broken.")
    if not keep_algorithm:
        tree = _tree(change.replaced(algorithm, signature.algorithm_identifier(key)))
    return signature.sealed(_field(tree, "tbsCertificate").raw, key)


def what_if(
    certificate: bytes, name: str, *, key: PrivateKey | None, judge: Callable[[bytes], _Verdict]
) -> WhatIf[_Verdict]:
    """Return the change of that name with what `judge` says of the certificate before and after it.

    With the issuer's `key` it is signed again, so that only the change itself speaks; without, its signature is broken.

    Raises:
        CannotDo: there is no such change, or the certificate lacks what would be changed.
    """
    return judged(certificate, _named(name), key=key, judge=judge)


def judged(
    certificate: bytes, wanted: Change, *, key: PrivateKey | None, judge: Callable[[bytes], _Verdict]
) -> WhatIf[_Verdict]:
    """Return what `what_if` does, of any change.

    Raises:
        CannotDo: the certificate lacks what would be changed.
    """
    after = wanted.make(_tree(certificate))
    again = key is not None and wanted.signed
    if key is not None and again:
        after = resigned(after, key, keep_algorithm=wanted.keeps_algorithm)
    return WhatIf(change=wanted.name, der=after, signed_again=again, before=judge(certificate), after=judge(after))


def value_change(path: str, text: str) -> Change:
    """Return the change that gives the node at `path` the value `text`, as `typed.octets` reads it.

    Making it raises CannotDo if there is no such node, and InvalidField if the text is no such value.
    """

    def make(tree: Tree) -> bytes:
        node = tree.find(path)
        if node is None:
            raise CannotDo(f"There is no {path}.", "Choose a field that is there.")
        return change.content(node, octets(node, text))

    return Change(name="value", title="Another value", teaches="", make=make)


def octet_change(offset: int, octet: int) -> Change:
    """Return the change of one octet; nothing is encoded or signed again."""
    return Change(
        name="octet",
        title="Another octet",
        teaches="",
        make=lambda tree: change.patched(tree, offset, octet),
        signed=False,
    )


def _named(name: str) -> Change:
    found = next((each for each in CHANGES if each.name == name), None)
    if found is None:
        raise CannotDo(f"There is no change {name}.", f"Choose one of {', '.join(each.name for each in CHANGES)}.")
    return found


def _tree(certificate: bytes) -> Tree:
    return as_kind(certificate, "certificate")


def _field(tree: Tree, *names: str) -> Node:
    found = tree.root.child(*names)
    if found is None:
        raise CannotDo(f"The certificate has no {names[-1]}.", "Choose another change, or another certificate.")
    return found


def _extension(tree: Tree, dotted: str) -> Node | None:
    """Return the extension of that number."""
    holder = tree.root.child("tbsCertificate", "extensions", "Extensions")
    below = holder.children if holder is not None else ()
    return next((each for each in below if values.oid(next(iter(each.children), None)) == dotted), None)


def _with_extension(tree: Tree, wanted: Extension) -> bytes:
    """Return the certificate with an extension in the place of the one it has, else as its last."""
    there = _extension(tree, wanted.oid)
    if there is not None:
        return change.replaced(there, wanted.encoded)
    return change.inserted(_field(tree, "tbsCertificate", "extensions", "Extensions"), wanted.encoded)


def _is_ca(tree: Tree) -> bool:
    there = _extension(tree, extensions.BASIC_CONSTRAINTS)
    flag = there.first("cA") if there is not None else None
    return flag is not None and bool(values.truth(flag))


def _other_flag(tree: Tree) -> bytes:
    return _with_extension(tree, extensions.basic_constraints(None, ca=not _is_ca(tree)))


def _shorter(tree: Tree) -> bytes:
    return _with_extension(tree, extensions.basic_constraints(0, ca=True))


def _other_usage(tree: Tree) -> bytes:
    return _with_extension(tree, extensions.key_usage(["cRLSign"]))


def _over(tree: Tree) -> bytes:
    begin = values.time(_field(tree, "tbsCertificate", "validity", "notBefore"))
    if begin is None:
        raise CannotDo("The certificate has no notBefore that can be read.", "Choose another change.")
    return change.replaced(
        _field(tree, "tbsCertificate", "validity", "notAfter"), der.time(begin + timedelta(seconds=1))
    )


def _renamed(tree: Tree) -> bytes:
    name = der.sequence(der.element(0x82, ELSEWHERE.encode("ascii")))
    there = _extension(tree, extensions.ALTERNATIVE_NAMES)
    critical = there is not None and there.child("critical") is not None
    return _with_extension(tree, Extension(extensions.ALTERNATIVE_NAMES, critical=critical, value=name))


def _mismatched(tree: Tree) -> bytes:
    inside = _field(tree, "tbsCertificate", "signature")
    rsa = values.oid(next(iter(inside.children), None)).startswith("1.2.840.113549.1.1.")
    dotted = _OTHER_ALGORITHM[rsa]
    return change.replaced(inside, der.sequence(der.oid(dotted), b"" if rsa else der.NOTHING))


def _renumbered(tree: Tree) -> bytes:
    serial = _field(tree, "tbsCertificate", "serialNumber")
    return change.replaced(serial, der.integer(abs(values.number(serial) or 0) + 1))


def _other_issuer_key(tree: Tree) -> bytes:
    return _with_extension(tree, extensions.authority_key_id(bytes(20)))


def _unknown(tree: Tree) -> bytes:
    return _with_extension(tree, Extension(UNKNOWN, critical=True, value=der.NOTHING))


def _flipped(tree: Tree) -> bytes:
    last = _field(tree, "signatureValue").end - 1
    return change.patched(tree, last, tree.data[last] ^ 1)


CHANGES = (
    Change(
        name="ca",
        title="The CA flag turned over",
        teaches="Only who is marked as a CA may sign certificates; whoever is marked so by mistake can sign any.",
        make=_other_flag,
    ),
    Change(
        name="path-length",
        title="A CA with path length 0",
        teaches="With path length 0 a CA may sign end certificates, but no further CA.",
        make=_shorter,
    ),
    Change(
        name="key-usage",
        title="A key that may only sign revocation lists",
        teaches="A key may be used for what its key usage names, and for nothing else.",
        make=_other_usage,
    ),
    Change(
        name="dates",
        title="Valid for one second",
        teaches="Outside of its validity a certificate is refused, however good everything else in it is.",
        make=_over,
    ),
    Change(
        name="names",
        title=f"The name {ELSEWHERE}",
        teaches="A certificate is good for the names in it; a client looks for the name that it wanted to reach.",
        make=_renamed,
    ),
    Change(
        name="algorithm",
        title="Another signature algorithm inside",
        teaches="The algorithm stands inside and outside of what is signed; where they differ, it has to be refused.",
        make=_mismatched,
        keeps_algorithm=True,
    ),
    Change(
        name="serial",
        title="The next serial number",
        teaches="Revocation speaks of numbers: under another number a revoked certificate is no longer found.",
        make=_renumbered,
    ),
    Change(
        name="authority-key",
        title="The key of another issuer",
        teaches="The authority key identifier is a hint for finding the issuer; some programs refuse a wrong one.",
        make=_other_issuer_key,
    ),
    Change(
        name="unknown-critical",
        title="A critical extension that nobody knows",
        teaches="What is critical and not understood has to be refused.",
        make=_unknown,
    ),
    Change(
        name="signature-bit",
        title="One bit of the signature flipped",
        teaches="A single bit breaks the signature; there is no nearly right one.",
        make=_flipped,
        signed=False,
    ),
)
"""The ten changes that matter."""
