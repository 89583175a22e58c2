"""Make a screenshot's PNG file smaller: 256 colours are enough for text and lines."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}


def with_palette(data: bytes) -> bytes:
    """Return a PNG file of 8-bit RGB or RGBA, not interlaced, as one with a palette; transparency is dropped.

    The commonest colours stay what they are; where there are more than 256, similar ones become one.
    """
    chunks = list(_chunks(data))
    width, height, _, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    raw = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = _rows(raw, width * _CHANNELS[kind], _CHANNELS[kind])
    pixels = [[row[at : at + 3] for at in range(0, len(row), _CHANNELS[kind])] for row in rows]
    counted = Counter(pixel for row in pixels for pixel in row)
    palette, places = _palette(counted)
    lines = b"".join(b"\0" + bytes(places[pixel] for pixel in row) for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, body) for name, body in parts)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _rows(raw: bytes, length: int, step: int) -> Iterator[bytes]:
    """Undo the filters of each row (PNG, section 9)."""
    above = bytes(length)
    for start in range(0, len(raw), length + 1):
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + length])
        for at in range(length if kind else 0):
            left = row[at - step] if at >= step else 0
            corner = above[at - step] if at >= step else 0
            row[at] = (row[at] + _predicted(kind, left, above[at], corner)) & 0xFF
        above = bytes(row)
        yield above


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda each: abs(guess - each))
    return (0, left, up, (left + up) // 2)[kind]


def _palette(counted: Counter[bytes]) -> tuple[list[bytes], dict[bytes, int]]:
    """Return at most 256 colours, and which of them stands for each."""
    for coarse in range(8):
        chosen: dict[tuple[int, ...], int] = {}
        palette: list[bytes] = []
        places: dict[bytes, int] = {}
        for color, _ in counted.most_common():
            group = tuple(part >> coarse for part in color)
            if group not in chosen:
                chosen[group] = len(palette)
                palette.append(color)
            places[color] = chosen[group]
        if len(palette) <= 256:
            return palette, places
    raise AssertionError("two shades a channel are eight colours")
