"""From a file's octets to trees: PEM or DER, one object or several, what a password seals opened beside it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pkilab.errors import WrongPassword
from pkilab.explain import kinds, unread, wary
from pkilab.explain.kinds import Kind
from pkilab.explain.node import Node
from pkilab.explain.tree import Tree
from pkilab.explain.words.lookup import named
from pkilab.x509 import pem

MAX_PARTS = 500
"""PEM blocks of a file that are read; the trust store of a system has about 150."""
_SEALED = {"EncryptedPrivateKeyInfo": "encryptionAlgorithm", "EncryptedContentInfo": "contentEncryptionAlgorithm"}
_KEEPERS = {"encrypted private key", "PKCS#12 container", "CMS message", "SafeContents"}
_MANY = 100
NO_DER = "no DER"
_SEQUENCE = 0x30
_LONGEST_TEXT = 6 * 1024 * 1024
"""Characters of base64 or hex that are read."""
_BEGINNINGS = {b"30", b"31", b"02", b"04", b"06"}
"""Of DER in hex; what else begins so is hardly ever meant."""
_OPENSSH = "OPENSSH PRIVATE KEY"
_DOTTED = re.compile(r"\b[0-2](?:\.\d+){3,}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One object. `label` is its PEM label, if it has one; `opened` what a password opened, as trees of their own.

    `sealed`: something in it needs a password; `closed_as` says why none can open it here. `remark` says, for people,
    what is odd about it as a whole.
    """

    kind: Kind
    tree: Tree
    label: str = ""
    headers: tuple[str, ...] = ()
    sealed: bool = False
    opened: tuple[Part, ...] = ()
    closed_as: str = ""
    remark: str = ""

    @property
    def said(self) -> str:
        """Return what it is, with its size."""
        size = f"{len(self.tree.data):,} octets"
        if self.label:
            return f"{NO_DER if self.kind is kinds.NONSENSE else self.kind.said}, {size} (PEM, {self.label})"
        return f"{self.kind.said}, {size}" + ("" if self.kind is kinds.NONSENSE else " (DER)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What was in a file. `str()` gives the overview that `pkilab explain` prints."""

    parts: tuple[Part, ...]

    @property
    def tree(self) -> Tree:
        """Return the tree of the first object."""
        return self.parts[0].tree

    @property
    def sealed(self) -> bool:
        """Tell whether something in it needs a password that did not come."""
        return any(part.sealed and not part.opened for part in self.parts)

    def __str__(self) -> str:
        """Return every object's fields in sentences, for a terminal."""
        from pkilab.explain import lines

        return "\n".join(lines.overview(self))


def explain(data: bytes | str, *, password: str | None = None, path: Path | None = None) -> Explained:
    """Return what `data` holds: PEM with anything round it, or DER, also in base64 or hex; nonsense is explained too.

    With a `password` keys and containers are opened, and what was in them is beside them; it is not kept.
    `path` is for errors.

    Raises:
        WrongPassword: the password opens nothing of what needs one.
    """
    parts = tuple(_parts(data))
    if password is None:
        return Explained(parts=parts)
    opened = tuple(_opened(part, password) for part in parts)
    if any(part.sealed for part in opened) and not any(part.opened or part.closed_as for part in opened):
        raise WrongPassword(path or Path("data"))
    return Explained(parts=opened)


def as_kind(data: bytes, name: str) -> Tree:
    """Return the tree of DER that is known to be of a kind, such as `certificate`.

    Raises:
        KeyError: there is no such kind.
    """
    kind = kinds.named(name)
    return Tree(data, kind.field, private=kind.private)


# ------------------------------------------------------------------ PEM


def _parts(data: bytes | str) -> list[Part]:
    octets = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if b"-----BEGIN" in octets and octets[:1] != b"\x30":
        try:
            found = list(islice(pem.blocks(octets), MAX_PARTS))
        except ValueError as error:
            return [_nonsense(octets, f"This looks like PEM, but {error}.")]
        if found:
            return [_block(block) for block in found]
        return [_nonsense(octets, "This looks like PEM, but no label in it can be read.")]
    bare = _bare_hex(octets) or _bare_base64(octets)
    kind, tree = kinds.told(octets if bare is None else bare)
    remark = unread.remark(octets) if kind is kinds.NONSENSE else ""
    return [Part(kind=kind, tree=tree, sealed=_is_sealed(kind, tree), remark=remark)]


def _bare_hex(octets: bytes) -> bytes | None:
    """Return what hex digits say, with whatever is usual between them, if it begins as DER does here; else None."""
    digits = octets[: 3 * _LONGEST_TEXT].strip().removeprefix(b"0x").translate(None, b" \r\n\t:,-")
    if digits[:2] not in _BEGINNINGS or not re.fullmatch(rb"(?:[0-9A-Fa-f]{2}){4,}", digits):
        return None
    return bytes.fromhex(digits.decode("ascii"))


def _bare_base64(octets: bytes) -> bytes | None:
    """Return what base64 without BEGIN and END says, if it begins as long DER does, or is short DER; else None."""
    digits = b"".join(octets[:_LONGEST_TEXT].split())
    if not digits.startswith(b"M") or not re.fullmatch(rb"[A-Za-z0-9+/]+={0,2}", digits) or len(digits) % 4:
        return None
    found = base64.b64decode(digits)
    return found if digits.startswith(b"MI") or _is_short_sequence(found) else None


def _is_short_sequence(octets: bytes) -> bool:
    """Tell whether octets are a SEQUENCE of less than 256 octets, as its length says."""
    if len(octets) < 3 or octets[0] != _SEQUENCE:
        return False
    return len(octets) == 2 + octets[1] if octets[1] < 0x80 else octets[1] == 0x81 and len(octets) == 3 + octets[2]


def _nonsense(octets: bytes, says: str) -> Part:
    # A damaged PEM file may be a damaged private key.
    tree = Tree(octets, nonsense=says, private=b"PRIVATE" in octets or wary.may_be_key_as_text(octets))
    return Part(kind=kinds.NONSENSE, tree=tree, remark=unread.READ)


def _block(block: pem.Block) -> Part:
    if block.encrypted:
        says = "These octets are encrypted as a whole (Proc-Type: 4,ENCRYPTED); only the password makes DER of them."
        tree = Tree(block.der, nonsense=says)
        return Part(kind=kinds.SEALED_PEM, tree=tree, label=block.label, headers=block.headers, sealed=True)
    announced = kinds.labelled(block.label)
    kind, tree = kinds.told(block.der, announced, in_pem=True)
    if announced is not None and announced.private and not tree.private:
        tree = Tree(block.der, kind.field, private=True)
    remark = ""
    if announced is None:
        remark = f"The label {block.label} is not known here."
    elif block.label == _OPENSSH:
        remark = (
            "It is in OpenSSH's own form, which is no DER. "
            "If it is an RSA or ECDSA key, `ssh-keygen -p -m PEM -f COPY` turns a copy of it into PEM."
        )
    elif tree.root.nonsense:
        remark = f"The label says {announced.said}, but what stands below it is none."
    elif kind is not announced:
        remark = f"The label says {announced.said}, but it is {kind.said}."
    return Part(kind=kind, tree=tree, label=block.label, sealed=_is_sealed(kind, tree), remark=remark)


# ------------------------------------------------------------------ what a password seals


def _is_sealed(kind: Kind, tree: Tree) -> bool:
    return kind.name in _KEEPERS and next(iter(_seals(tree)), None) is not None


def _seals(tree: Tree) -> list[Node]:
    """Return the nodes whose octets a password seals: encrypted keys, and encrypted content that is no letter's."""
    found = (node for node in tree.walk() if node.type.name in _SEALED and not _is_letter(node))
    return list(islice(found, _MANY))


def _is_letter(node: Node) -> bool:
    """Tell whether encrypted content is for recipients with keys, not for a password."""
    return node.parent is not None and node.parent.type.name in {"EnvelopedData", "AuthEnvelopedData"}


def _opened(part: Part, password: str) -> Part:
    """Return `part` with what the password opens in it; what lies sealed in that is opened too, one level deeper."""
    if not part.sealed:
        return part
    if part.kind is kinds.SEALED_PEM:
        return _with(part, [_try_pem(part, password)])
    return _with(part, [_try(node, password) for node in _seals(part.tree)])


def _with(part: Part, tried: list[Part | str]) -> Part:
    opened = tuple(each for each in tried if isinstance(each, Part))
    why = next((each for each in tried if isinstance(each, str) and each), "")
    return replace(part, opened=opened, closed_as=why)


def _with_names(said: str) -> str:
    """Return a sentence with the name of every OBJECT IDENTIFIER in it that has one."""
    return _DOTTED.sub(lambda found: f"{known.name} ({found[0]})" if (known := named(found[0])) else found[0], said)


def _try_pem(part: Part, password: str) -> Part | str:
    from pkilab.x509 import unsealing

    try:
        octets = unsealing.unsealed_pem(part.headers, part.tree.data, password)
    except unsealing.NotKnown as error:
        return _with_names(str(error))
    except unsealing.NotOpened:
        return ""
    return _inside(octets, kinds.labelled(part.label), password)


def _try(node: Node, password: str) -> Part | str:
    """Return what a node's octets hold in clear; a sentence why they cannot be opened; "" for a wrong password."""
    from pkilab.x509 import unsealing

    algorithm = node.child(_SEALED[node.type.name])
    sealed = node.child("encryptedData") or node.child("encryptedContent")
    if algorithm is None or sealed is None:
        return "what is sealed in it is not all there"
    octets = b"".join(child.content for child in sealed.children) if sealed.constructed else sealed.content
    try:
        clear = unsealing.unsealed(algorithm.raw, octets, password)
    except unsealing.NotKnown as error:
        return _with_names(str(error))
    except unsealing.NotOpened:
        return ""
    key = node.type.name == "EncryptedPrivateKeyInfo"
    return _inside(clear, kinds.named("private key" if key else "SafeContents"), password)


def _inside(octets: bytes, announced: Kind | None, password: str) -> Part:
    """Return what lay sealed, with what lies sealed in it in its turn: keys in a container are sealed twice."""
    kind, tree = kinds.told(octets, announced)
    if not tree.private:
        tree = Tree(octets, kind.field, private=True)
    part = Part(kind=kind, tree=tree, sealed=_is_sealed(kind, tree))
    # A key is not opened again: files that seal themselves over and over are none that anybody made.
    return _opened(part, password) if kind.name == "SafeContents" else part
