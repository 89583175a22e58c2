"""Bodies and submissions have bounds, and the bounds' own memory has one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect, Request

from pkilab.errors import InvalidMessage, TooLarge, TooOften
from pkilab.web.limits import RateLimit, read_body

LOOPBACK = ("127.0.0.0/8", "::1/128")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def limiter(a_minute: int = 3, clock: Clock | None = None, **more: Any) -> RateLimit:
    return RateLimit(a_minute, exempt=LOOPBACK, clock=clock or Clock(), **more)


def test_a_minute_after_a_submission_there_is_room_for_another() -> None:
    clock = Clock()
    rate = limiter(clock=clock)
    for _ in range(3):
        rate.submit("192.0.2.1")
        clock.now += 10
    with pytest.raises(TooOften, match="More than 3 submissions"):
        rate.submit("192.0.2.1")
    clock.now = 1060
    rate.submit("192.0.2.1")
    with pytest.raises(TooOften):
        rate.submit("192.0.2.1")


def test_a_refused_submission_does_not_prolong_the_wait() -> None:
    clock = Clock()
    rate = limiter(1, clock)
    rate.submit("192.0.2.1")
    for _ in range(5):
        clock.now += 10
        with pytest.raises(TooOften):
            rate.submit("192.0.2.1")
    clock.now += 10
    rate.submit("192.0.2.1")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_exempt_networks_have_no_limit(address: str) -> None:
    rate = limiter(1)
    for _ in range(5):
        rate.submit(address)


def test_an_ipv6_network_of_one_customer_counts_as_one_address() -> None:
    rate = limiter(1)
    rate.submit("2001:db8:0:1::1")
    with pytest.raises(TooOften):
        rate.submit("2001:db8:0:1:ffff::2%eth0")
    rate.submit("2001:db8:0:2::1")


def test_an_address_that_is_none_is_counted_too() -> None:
    rate = limiter(1)
    rate.submit("")
    with pytest.raises(TooOften):
        rate.submit("")


def test_memory_is_bounded_and_the_quietest_address_is_forgotten_first() -> None:
    rate = limiter(2, capacity=4)
    for number in range(1000):
        rate.submit(f"10.0.{number // 256}.{number % 256}")
    assert rate._total == sum(map(len, rate._seen.values())) <= 4
    rate.submit("10.0.3.231")  # the last one is still known …
    with pytest.raises(TooOften):
        rate.submit("10.0.3.231")
    rate.submit("10.0.0.0")  # … and the first one forgotten
    rate.submit("10.0.0.0")


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 40)), max_size=60))
def test_no_address_ever_has_more_than_its_share_in_any_minute(steps: Iterable[tuple[int, float]]) -> None:
    clock = Clock()
    rate = limiter(3, clock)
    taken: dict[int, list[float]] = {}
    for address, pause in steps:
        clock.now += pause
        recent = [at for at in taken.get(address, []) if at > clock.now - 60]
        try:
            rate.submit(f"192.0.2.{address}")
        except TooOften:
            assert len(recent) == 3
        else:
            assert len(recent) < 3
            taken[address] = [*recent, clock.now]


def body_of(
    parts: list[bytes], *, limit: int = 10, headers: dict[str, str] | None = None, seconds: float = 5, ends: bool = True
) -> tuple[bytes, int]:
    """Read a body that arrives in parts; return it and how many parts were taken."""
    taken = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        if taken < len(parts):
            taken += 1
            return {"type": "http.request", "body": parts[taken - 1], "more_body": taken < len(parts) or not ends}
        if not ends:
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    raw = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    request = Request({"type": "http", "method": "POST", "headers": raw}, receive)
    return asyncio.run(read_body(request, limit, seconds)), taken


def test_a_body_within_the_bound_is_whole() -> None:
    assert body_of([b"12345", b"", b"67890"]) == (b"1234567890", 3)


def test_a_body_beyond_the_bound_is_refused_with_or_without_its_length_declared() -> None:
    with pytest.raises(TooLarge) as caught:
        body_of([b"12345", b"678901"])
    assert caught.value.limit == 10
    with pytest.raises(TooLarge):
        body_of([b"12345678901"], headers={"Content-Length": "11"})


def test_a_client_that_asks_first_is_refused_before_it_sends() -> None:
    with pytest.raises(TooLarge):
        body_of([], headers={"Content-Length": "11", "Expect": "100-Continue"}, ends=False)


def test_a_body_without_end_is_not_read_forever() -> None:
    with pytest.raises(TooLarge):
        body_of([bytes(1024 * 1024)] * 70, ends=False)


def test_a_body_that_takes_too_long_is_refused() -> None:
    with pytest.raises(InvalidMessage, match=r"did not arrive within 0\.05 seconds"):
        body_of([b"123"], ends=False, seconds=0.05)


def test_a_client_that_goes_away_is_told_nothing() -> None:
    with pytest.raises(ClientDisconnect):
        body_of([])
