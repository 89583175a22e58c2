"""What clients and operators ask for is found by an index, in its order: a million certificates change nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from pkilab.model.order import CertificateOrder
from pkilab.model.request import RequestState
from pkilab.store import authorities, certificates, journal, outbox, requests, waiting
from pkilab.store.registry import Registry, Transaction
from tests.store.samples import NOON, Records

SOON = NOON + timedelta(days=1)
Ask = Callable[[Transaction], object]


def _page_by(order: CertificateOrder, *, down: bool) -> Ask:
    return lambda tx: certificates.listing(tx, "MyCA", SOON, order=order, down=down, after=1)


ASKED: dict[str, Ask] = {
    "what one host and instance poll": lambda tx: certificates.listed(tx, "MyCA", host="h", instance="i"),
    "a certificate": lambda tx: certificates.get(tx, "MyCA", 7, SOON),
    "whether a number is taken": lambda tx: certificates.numbers_exist(tx, "MyCA", 7),
    "the highest counted number": lambda tx: certificates.highest_counted(tx, "MyCA"),
    "the first page": lambda tx: certificates.listing(tx, "MyCA", SOON),
    "a later page": lambda tx: certificates.listing(tx, "MyCA", SOON, after=500_000),
    "a host's page": lambda tx: certificates.listing(tx, "MyCA", SOON, host="h", instance="i"),
    **{f"a later page by {order}": _page_by(order, down=False) for order in CertificateOrder},
    **{f"a page by {order} turned round": _page_by(order, down=True) for order in CertificateOrder},
    "the oldest requests": lambda tx: waiting.page(tx, "MyCA", limit=25),
    "certificates of a key": lambda tx: certificates.same_key(tx, "MyCA", "00" * 32),
    "pending requests": lambda tx: requests.pending(tx, "MyCA", limit=50),
    "how many are pending": lambda tx: requests.count_pending(tx, "MyCA"),
    "a CSR sent again": lambda tx: requests.same_csr(tx, "MyCA", "00" * 32),
    "requests with a key": lambda tx: requests.same_key(tx, "MyCA", "00" * 32, 0),
    "a request by its ticket": lambda tx: requests.by_ticket(tx, "MyCA", "t"),
    "the journal's head": lambda tx: journal.head(tx, "MyCA"),
    "the mail that is due": lambda tx: outbox.due(tx, SOON, 10),
}


@pytest.fixture
def plans(lab: Registry) -> Callable[[Ask], list[str]]:
    """`plans(ask)` is how SQLite goes about each statement that `ask` runs."""
    with lab.writing() as tx:
        records = Records(tx)
        request = records.request()
        records.issued(7)
        requests.decide(tx, "MyCA", request.id, state=RequestState.ISSUED, at=NOON, by="opal", number=7)

    def explain(ask: Ask) -> list[str]:
        statements: list[tuple[str, tuple[object, ...]]] = []
        with lab.reading() as tx:

            def note(connection: Connection, cursor: object, statement: str, parameters: object, *rest: object) -> None:
                assert isinstance(parameters, tuple)
                statements.append((statement, parameters))

            event.listen(tx.connection, "before_cursor_execute", note)
            ask(tx)
            event.remove(tx.connection, "before_cursor_execute", note)
            steps = [
                row.detail
                for statement, parameters in statements
                for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]
        assert steps
        return steps

    return explain


@pytest.mark.parametrize("what", ASKED)
def test_it_is_found_by_an_index_and_not_sorted(plans: Callable[[Ask], list[str]], what: str) -> None:
    steps = plans(ASKED[what])
    assert [step for step in steps if step.startswith("SCAN") and "(subquery" not in step] == [], steps
    assert [step for step in steps if "TEMP B-TREE" in step] == [], steps


def test_a_search_stops_at_its_page_and_sorts_nothing(plans: Callable[[Ask], list[str]]) -> None:
    steps = plans(lambda tx: certificates.listing(tx, "MyCA", SOON, search="abc", after=10))
    assert [step for step in steps if "TEMP B-TREE" in step] == [], steps


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (("h", ""), "ix_certificates_host (authority_id=? AND host_key=?"),
        (("", "i"), "ix_certificates_instance (authority_id=? AND instance_key=?"),
        (("h", "i"), "ix_certificates_origin (authority_id=? AND host_key=? AND instance_key=?"),
    ],
)
def test_each_filter_has_its_index(plans: Callable[[Ask], list[str]], asked: tuple[str, str], index: str) -> None:
    host, instance = asked
    for ask in (
        lambda tx: certificates.listed(tx, "MyCA", host=host, instance=instance),
        lambda tx: certificates.listing(tx, "MyCA", SOON, host=host, instance=instance),
    ):
        steps = plans(ask)
        assert any(index in step for step in steps), steps
        assert [step for step in steps if "TEMP B-TREE" in step] == [], steps


def test_the_list_s_total_is_not_counted_row_by_row(plans: Callable[[Ask], list[str]]) -> None:
    steps = plans(lambda tx: certificates.listing(tx, "MyCA", SOON))
    page, renewals = (step for step in steps if "certificates" in step)  # and no walk that would count
    assert "USING INDEX ix_certificates_order" in page
    assert "USING INDEX ix_certificates_renews (authority_id=? AND renews=?)" in renewals


def test_how_many_there_are_is_known_without_counting(plans: Callable[[Ask], list[str]]) -> None:
    steps = plans(lambda tx: authorities.counts(tx, "MyCA"))
    assert [step for step in steps if step.startswith("SCAN")] == [], steps
