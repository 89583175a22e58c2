"""PEM (RFC 7468, and RFC 1421 for the headers of old encrypted keys), read with any white space round and in it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pkilab.model.request import pem as write

__all__ = ["Block", "blocks", "write"]

_BEGIN, _END, _DASHES = "-----BEGIN", "-----END", "-----"
_LABEL = re.compile(r"[A-Z0-9 #]{1,40}")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # what some shells write when they redirect


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands between BEGIN and END: the label, header lines, and the octets."""

    label: str
    headers: tuple[str, ...]
    der: bytes

    @property
    def encrypted(self) -> bool:
        """Tell whether the headers say that the octets are encrypted (RFC 1421 §4.6.1.1)."""
        return any(header.startswith("Proc-Type:") and "ENCRYPTED" in header for header in self.headers)

    @property
    def text(self) -> bytes:
        """Return the block in PEM again, tidy, with its headers."""
        tidy = write(self.label, self.der)
        if self.headers:
            begin, newline, rest = tidy.partition("\n")
            tidy = newline.join((begin, *self.headers, "", rest))
        return tidy.encode("ascii")


def blocks(data: bytes | str) -> Iterator[Block]:
    """Yield the PEM blocks in `data`, skipping whatever is between them.

    Raises:
        ValueError: a block does not end, or is no base64.
    """
    text = data if isinstance(data, str) else data.decode(_MARKS.get(data[:2], "latin-1"))
    at = text.find(_BEGIN)
    while at >= 0:
        label_end = text.find(_DASHES, at + len(_BEGIN))
        end = text.find(_END, label_end)
        if label_end < 0 or end < 0:
            raise ValueError("a PEM block does not end")
        label = " ".join(text[at + len(_BEGIN) : label_end].split())
        if _LABEL.fullmatch(label):
            yield _block(label, text[label_end + len(_DASHES) : end])
        at = text.find(_BEGIN, end)


def _block(label: str, body: str) -> Block:
    lines = [line.strip() for line in body.splitlines()]
    headers = tuple(line for line in lines if ":" in line)
    digits = "".join("".join(line.split()) for line in lines if ":" not in line)
    try:
        return Block(label=label, headers=headers, der=base64.b64decode(digits, validate=True))
    except ValueError:
        raise ValueError("a PEM block is no base64") from None
