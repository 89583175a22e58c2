"""Certificates in the registry, in every store."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from pkilab.errors import NotConfigured, NumberTaken
from pkilab.model.certificate import MAX_SERIAL, CertificateState, ListedCertificate
from pkilab.model.names import RequestName
from pkilab.model.order import CertificateOrder
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.model.settings import Serials
from pkilab.store import authorities, certificates
from pkilab.store.registry import Transaction
from pkilab.store.schema import CERTIFICATES, REVOCATIONS, number_text
from tests.store.samples import NOON, Records, ca_settings

SOON = NOON + timedelta(days=1)


def test_what_is_added_reloads_equal(records: Records) -> None:
    issued = records.issued(7)
    assert certificates.get(records.tx, "MyCA", 7, SOON) == issued
    assert issued.state is CertificateState.VALID


@pytest.mark.parametrize("number", [1, 255, 256, (1 << 64) + 1, MAX_SERIAL])
def test_numbers_of_up_to_20_octets_are_kept(records: Records, number: int) -> None:
    records.issued(number)
    found = certificates.get(records.tx, "MyCA", number, SOON)
    assert found
    assert found.number == number
    assert certificates.numbers_exist(records.tx, "MyCA", number)


@pytest.mark.parametrize("number", [-1, 0, 8, MAX_SERIAL + 1, 1 << 400])
def test_other_numbers_find_nothing(records: Records, number: int) -> None:
    records.issued(7)
    assert certificates.get(records.tx, "MyCA", number, SOON) is None
    assert not certificates.numbers_exist(records.tx, "MyCA", number)


def test_a_number_is_taken_once_at_each_ca(records: Records) -> None:
    records.issued(7)
    with pytest.raises(NumberTaken):
        records.issued(7)
    assert len(certificates.listed(records.tx, "MyCA")) == 1
    Records(records.tx, "Other").issued(7)
    assert certificates.listing(records.tx, "MyCA", SOON).total == 1


def test_several_are_recorded_in_their_order_or_none_is(records: Records) -> None:
    with records.tx.connection.begin_nested() as undone:
        batch = [records.issued(number) for number in (9, 3, 7)]
        undone.rollback()
    certificates.add_many(records.tx, "MyCA", batch, counted=True)
    assert [each.number for each in certificates.listed(records.tx, "MyCA")] == [9, 3, 7]
    again = [replace(each, number=number) for each, number in zip(batch, (1, 2, 3), strict=True)]
    twice = [replace(each, number=number) for each, number in zip(batch, (1, 2, 1), strict=True)]
    for wrong in (again, twice):
        with pytest.raises(NumberTaken):
            certificates.add_many(records.tx, "MyCA", wrong, counted=True)
    certificates.add_many(records.tx, "MyCA", [], counted=True)
    assert certificates.listing(records.tx, "MyCA", SOON).total == 3


def test_a_certificate_of_no_ca_is_refused(records: Records) -> None:
    records.ca = "Nobody"
    with pytest.raises(NotConfigured):
        records.issued(1)


def test_the_state_is_that_of_the_moment(records: Records) -> None:
    records.issued(7)

    def state(days: float) -> CertificateState:
        found = certificates.get(records.tx, "MyCA", 7, NOON + timedelta(days=days))
        assert found
        return found.state

    assert [state(days) for days in (-1, 1, 31)] == ["not yet valid", "valid", "expired"]


def test_a_revocation_shows_until_it_is_lifted(records: Records) -> None:
    issued = records.issued(7)
    row = records.tx.connection.scalar(select(CERTIFICATES.c.id))
    records.tx.connection.execute(
        insert(REVOCATIONS).values(certificate_id=row, reason="certificateHold", revoked_at=SOON, revoked_by="opal")
    )
    held = Revocation(reason=RevocationReason.CERTIFICATE_HOLD, at=SOON, by="opal")
    expected = replace(issued, revocation=held, state=CertificateState.HELD)
    assert certificates.get(records.tx, "MyCA", 7, SOON) == expected
    assert certificates.listing(records.tx, "MyCA", SOON).certificates == (expected,)
    records.tx.connection.execute(update(REVOCATIONS).values(lifted_at=SOON, lifted_by="opal"))
    assert certificates.get(records.tx, "MyCA", 7, SOON) == issued


def fill(records: Records, numbers: list[int]) -> None:
    """Issue to two instances on one host and one on another, in turn."""
    places = [("One.lab.test", "Alpha"), ("one.LAB.test", "BETA"), ("two.lab.test", "alpha")]
    for at, number in enumerate(numbers):
        host, instance = places[at % 3]
        records.issued(number, f"name{number}.lab.test", RequestName(host, instance, f"Root{number}"))


def test_the_list_has_the_order_of_issue_also_with_random_numbers(records: Records) -> None:
    fill(records, [9, 3, 7])
    found = certificates.listed(records.tx, "MyCA")
    assert found[0] == ListedCertificate(number=9, host="One.lab.test", instance="Alpha", root="Root9")
    assert [each.number for each in found] == [9, 3, 7]
    assert [each.number for each in certificates.listing(records.tx, "MyCA", SOON).certificates] == [9, 3, 7]


@pytest.mark.parametrize(
    ("host", "instance", "numbers"),
    [
        ("", "", [1, 2, 3, 4]),
        ("ONE.lab.test", "", [1, 2, 4]),
        ("", "ALPHA", [1, 3, 4]),
        ("one.lab.test", "alpha", [1, 4]),
        ("one", "", []),
        ("%", "", []),
        ("a\0b", "\ud800", []),
    ],
)
def test_host_and_instance_narrow_the_list_whatever_their_case(
    records: Records, host: str, instance: str, numbers: list[int]
) -> None:
    fill(records, [1, 2, 3, 4])
    found = certificates.listed(records.tx, "MyCA", host=host, instance=instance)
    assert [each.number for each in found] == numbers
    listing = certificates.listing(records.tx, "MyCA", SOON, host=host, instance=instance)
    assert [each.number for each in listing.certificates] == numbers
    assert listing.total == len(numbers)


def test_an_unknown_ca_has_issued_nothing(tx: Transaction) -> None:
    assert certificates.listed(tx, "Nobody") == []
    assert certificates.listing(tx, "Nobody", SOON).total == 0
    assert certificates.highest_counted(tx, "Nobody") == 0


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ("root3", [3]),
        ("ALPHA", [1, 3, 4, 703697]),
        ("two.lab", [3, 703697]),
        ("cn = NAME2.lab", [2]),
        ("DNS:name4.lab.test", [4]),
        ("036", [703697]),
        ("ABcd1", [703697]),
        ("   root3 ", [3]),
        ("one.lab.test\nalpha", [1, 4]),
        ("nothing", []),
        ("%", []),
        ("_", []),
        ("/", []),
        ("root3' OR '1'='1", []),
        ("a\0b", []),
        ("\ud800", []),
        ("x" * 100_000, []),
    ],
)
def test_a_search_looks_everywhere_whatever_the_case(records: Records, search: str, numbers: list[int]) -> None:
    fill(records, [1, 2, 3, 4])
    records.issued(0xABCD1, "last.lab.test", RequestName("two.lab.test", "Alpha", "Last"))
    listing = certificates.listing(records.tx, "MyCA", SOON, search=search)
    assert [each.number for each in listing.certificates] == numbers
    assert listing.total == len(numbers)


def test_pages_follow_one_another_to_the_end(records: Records) -> None:
    numbers = [50, 3, 99, 4, 17, 1, 2]
    fill(records, numbers)
    seen: list[int] = []
    after: int | None = 0
    pages = 0
    while after is not None:
        page = certificates.listing(records.tx, "MyCA", SOON, after=after, limit=3)
        assert page.total == 7
        seen += [each.number for each in page.certificates]
        after = page.after
        pages += 1
    assert (seen, pages) == (numbers, 3)


def test_a_full_last_page_is_the_last(records: Records) -> None:
    fill(records, [1, 2, 3])
    assert certificates.listing(records.tx, "MyCA", SOON, limit=3).after is None
    assert certificates.listing(records.tx, "MyCA", SOON, after=1 << 70).certificates == ()


def test_a_search_counts_its_matches_up_to_a_bound(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "COUNTED_MATCHES", 2)
    fill(records, [1, 2, 3, 4])
    assert certificates.listing(records.tx, "MyCA", SOON, search="root").total == 3
    assert certificates.listing(records.tx, "MyCA", SOON, host="one.lab.test").total == 3
    assert certificates.listing(records.tx, "MyCA", SOON).total == 4


def test_the_total_starts_again_with_the_ca(records: Records) -> None:
    fill(records, [1, 2, 3, 4])
    authorities.drop(records.tx, "MyCA")
    Records(records.tx).issued(5)
    assert certificates.listing(records.tx, "MyCA", SOON).total == 1


def test_the_highest_counted_number_leaves_random_ones_out(records: Records) -> None:
    assert certificates.highest_counted(records.tx, "MyCA") == 0
    for number in (9, 10, 255, 256, 16):
        records.issued(number)
    records.issued(1 << 90, counted=False)
    authorities.replace_settings(records.tx, ca_settings(serials=Serials.RANDOM))
    records.issued(1 << 100)
    assert certificates.highest_counted(records.tx, "MyCA") == 256


def test_certificates_of_one_key_are_found(records: Records) -> None:
    first, _, third = records.issued(1), records.issued(2, "other.lab.test"), records.issued(3)
    found = certificates.same_key(records.tx, "MyCA", first.certificate.key.sha256)
    assert [each.number for each in found] == [first.number, third.number]
    assert certificates.same_key(records.tx, "MyCA", "00" * 32) == ()


@given(one=st.integers(0, MAX_SERIAL), other=st.integers(0, MAX_SERIAL))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_sort_as_text(one: int, other: int) -> None:
    assert (one < other) == (number_text(one) < number_text(other))
    assert int(number_text(one), 16) == one


def _pages(records: Records, **asked: Any) -> list[int]:
    """The numbers on all pages, turned one by one."""
    numbers: list[int] = []
    after: int | None = 0
    while after is not None:
        page = certificates.listing(records.tx, "MyCA", NOON, after=after, limit=2, **asked)
        numbers += [each.number for each in page.certificates]
        after = page.after
    return numbers


def test_pages_in_each_order_hold_every_certificate_once(records: Records) -> None:
    for number, root in ((7, "beta"), (3, "Gamma"), (1 << 150, "alpha"), (5, "beta"), (4, "beta")):
        records.issued(number, f"{root.lower()}.lab.test", RequestName("host", "Inst", root))
    expected = {
        CertificateOrder.ISSUED: [7, 3, 1 << 150, 5, 4],
        CertificateOrder.NUMBER: [3, 4, 5, 7, 1 << 150],
        CertificateOrder.ROOT: [3, 1 << 150, 7, 5, 4],
        CertificateOrder.SUBJECT: [1 << 150, 7, 5, 4, 3],
        CertificateOrder.UNTIL: [7, 3, 1 << 150, 5, 4],
    }
    for order, numbers in expected.items():
        assert _pages(records, order=order) == numbers, order
        assert _pages(records, order=order, down=True) == numbers[::-1], order
        assert _pages(records, order=order, search="BETA") == [each for each in numbers if each in {7, 5, 4}], order


def test_a_search_that_finds_many_keeps_the_order(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "COUNTED_MATCHES", 1)
    for number in (9, 2, 5):
        records.issued(number)
    assert _pages(records, order=CertificateOrder.NUMBER, search="santiago") == [2, 5, 9]


def test_a_page_after_a_certificate_that_is_not_there_is_the_first(records: Records) -> None:
    records.issued(2)
    for after in (10**30, 999):
        page = certificates.listing(records.tx, "MyCA", NOON, order=CertificateOrder.NUMBER, after=after)
        assert [each.number for each in page.certificates] == [2]
