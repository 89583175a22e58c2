"""A small HTTP/1.1 client for asyncio: one connection, one request at a time, and next to no time of its own."""

from __future__ import annotations

import asyncio

_SECONDS = 30


class Connection:
    """A connection that is kept open between requests, and opened anew after it broke."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes, media: str = "text/xml; charset=utf-8") -> tuple[int, bytes]:
        """Return status and body of the answer.

        Raises:
            OSError: nobody answers; the connection broke, or no answer came within half a minute.
        """
        head = request_head(path, len(body), media)
        try:
            async with asyncio.timeout(_SECONDS):
                if self._streams is None:
                    self._streams = await asyncio.open_connection("127.0.0.1", self._port)
                reader, writer = self._streams
                writer.write(head + body)
                return await _answer(reader)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise ConnectionError(str(error)) from error

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def request_head(path: str, length: int, media: str, *, close: bool = False) -> bytes:
    """Return the request line and headers of a POST."""
    after = "Connection: close\r\n" if close else ""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n{after}\r\n"
    ).encode("ascii")


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    _, _, length = head.partition("content-length:")
    body = await reader.readexactly(int(length.partition("\r\n")[0])) if length else b""
    return int(head.split(" ", 2)[1]), body
