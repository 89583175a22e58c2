"""What an operator looks through: requests that wait, searched and sorted, in pages that meet without gap."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import insert, select

from pkilab.model.names import RequestName
from pkilab.model.order import RequestOrder
from pkilab.model.request import RequestState
from pkilab.store import requests, waiting
from pkilab.store.registry import Registry
from pkilab.store.schema import REQUESTS
from tests.store.samples import NOON, Records

ROOTS = ("zeta", "Alpha", "beta", "alpha", "Ñandú", "Beta")


@pytest.fixture
def filled(records: Records) -> Records:
    for at, root in enumerate(ROOTS):
        records.request(f"{root.lower()}.lab.test", RequestName(f"Host{at % 2}", "Inst", root))
    return records


def roots(records: Records, **asked: object) -> list[str]:
    """The file roots on all pages, turned one by one."""
    found: list[str] = []
    after = 0
    while True:
        page = waiting.page(records.tx, "MyCA", after=after, limit=2, **asked)  # type: ignore[arg-type]
        found += [request.root for request in page.requests]
        if page.after is None:
            return found
        after = page.after


def test_pages_in_each_order_hold_every_request_once(filled: Records) -> None:
    assert roots(filled) == list(ROOTS)
    assert roots(filled, down=True) == list(ROOTS)[::-1]
    by_root = ["Alpha", "alpha", "beta", "Beta", "zeta", "Ñandú"]
    assert roots(filled, order=RequestOrder.ROOT) == by_root
    assert roots(filled, order=RequestOrder.ROOT, down=True) == by_root[::-1]
    assert roots(filled, order=RequestOrder.SUBJECT) == by_root
    assert roots(filled, order=RequestOrder.HOST) == ["zeta", "beta", "Ñandú", "Alpha", "alpha", "Beta"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ALPHA", ["Alpha", "alpha"]),
        ("ñandú", ["Ñandú"]),
        ("host1", ["Alpha", "alpha", "Beta"]),
        ("ana@lab", list(ROOTS)),
        ("5550 0142", list(ROOTS)),
        ("%", []),
        ("x" * 5000, []),
    ],
)
def test_a_search_looks_in_names_and_contact_whatever_the_case(filled: Records, search: str, found: list[str]) -> None:
    assert roots(filled, search=search) == found
    assert waiting.page(filled.tx, "MyCA", search=search).total == len(found)


def test_what_was_decided_waits_no_more_and_a_page_after_it_still_follows(filled: Records) -> None:
    first = waiting.page(filled.tx, "MyCA", order=RequestOrder.ROOT, limit=2)
    assert first.after is not None
    requests.decide(filled.tx, "MyCA", first.after, state=RequestState.DELETED, at=NOON, by="opal")
    second = waiting.page(filled.tx, "MyCA", order=RequestOrder.ROOT, after=first.after, limit=2)
    assert [request.root for request in second.requests] == ["beta", "Beta"]
    assert second.total == len(ROOTS) - 1


def test_a_page_after_a_request_that_never_was_is_the_first(filled: Records) -> None:
    for after in (10**30, 999, -5):
        page = waiting.page(filled.tx, "MyCA", order=RequestOrder.ROOT, after=after, limit=1)
        assert [request.root for request in page.requests] == ["Alpha"]


def test_ten_thousand_waiting_are_searched_and_sorted_quickly(registry: Registry) -> None:
    with registry.writing() as tx:
        request = Records(tx).request()
        row = dict(tx.connection.execute(select(REQUESTS).where(REQUESTS.c.id == request.id)).mappings().one())
        del row["id"]
        many = [row | {"ticket": f"t{n}", "root": f"Root{n * 7919 % 10007}"} for n in range(9_999)]
        tx.connection.execute(insert(REQUESTS), many)
    with registry.reading() as tx:
        took = []
        for search in ("", "root77"):
            begun = time.perf_counter()
            page = waiting.page(tx, "MyCA", search=search, order=RequestOrder.ROOT, limit=25)
            took.append(time.perf_counter() - begun)
            assert len(page.requests) == 25
        begun = time.perf_counter()
        assert waiting.page(tx, "MyCA", limit=25).total == 10_000
        took.append(time.perf_counter() - begun)
    assert max(took) < 1, took
