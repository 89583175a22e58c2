"""Bounds of what comes in: octets and seconds of a body, submissions of an address."""

from __future__ import annotations

import asyncio
import ipaddress
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from functools import lru_cache, partial

from starlette.requests import Request

from pkilab.errors import InvalidMessage, TooLarge, TooOften

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

BODY_SECONDS = 30
"""How long a body may take to arrive."""
_DISCARDED = 64 * 1024 * 1024
_MINUTE = 60.0


async def read_body(request: Request, limit: int, seconds: float = BODY_SECONDS) -> bytes:
    """Return a request's body of at most `limit` octets.

    What is too large is read on for a while but not kept: a client that writes all before it reads would get a
    broken connection instead of the answer. One that asks first (`Expect: 100-continue`) is answered at once.

    Raises:
        TooLarge: there is more, as the Content-Length says or as it turns out.
        InvalidMessage: it took longer than `seconds`.
        ClientDisconnect: the client went away.
    """
    declared = int(request.headers.get("content-length", "0"))  # digits only, or the request came not this far
    if declared > limit and request.headers.get("expect", "").lower() == "100-continue":
        raise TooLarge(limit)
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size <= limit:
                    body += part
                elif size > limit + _DISCARDED:
                    break
    except TimeoutError:
        raise InvalidMessage(f"it did not arrive within {seconds:g} seconds") from None
    if size > limit:
        raise TooLarge(limit)
    return bytes(body)


class RateLimit:
    """Submissions of an address in the last minute, counted one by one (a sliding window).

    An IPv6 address counts as its /64, which is one customer's. Memory is bounded: beyond `capacity` submissions in
    all, the addresses that were quiet the longest are forgotten. Safe across threads.

    Args:
        a_minute: submissions that an address has in a minute.
        exempt: networks without a limit.
        clock: seconds that only grow, as `time.monotonic`.
        capacity: submissions that are remembered, of all addresses together.
    """

    def __init__(
        self, a_minute: int, *, exempt: Iterable[str], clock: Callable[[], float], capacity: int = 200_000
    ) -> None:
        self._a_minute = a_minute
        self._origin = lru_cache(maxsize=4096)(partial(_origin, tuple(map(ipaddress.ip_network, exempt))))
        self._clock = clock
        self._capacity = capacity
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()

    def submit(self, address: str) -> None:
        """Count a submission from `address`.

        Raises:
            TooOften: it had its share; this one is not counted.
        """
        origin = self._origin(address)
        if origin is None:
            return
        with self._lock:
            now = self._clock()
            times = self._seen.setdefault(origin, deque())
            self._seen.move_to_end(origin)
            while times and times[0] <= now - _MINUTE:
                times.popleft()
                self._total -= 1
            if len(times) >= self._a_minute:
                raise TooOften(self._a_minute)
            times.append(now)
            self._total += 1
            while self._total > self._capacity and len(self._seen) > 1:
                _, forgotten = self._seen.popitem(last=False)
                self._total -= len(forgotten)


def _origin(exempt: tuple[Network, ...], address: str) -> str | None:
    """Return what is counted, or None for an exempt address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address  # no IP address: a local socket, or a test
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found in network for network in exempt):
        return None
    if found.version == 6:
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)
