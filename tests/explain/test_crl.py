"""A revocation list of 2 MB is there at once: only what is looked at is unfolded."""

import time
from functools import lru_cache

import pytest

from pkilab.explain import explain, lines, summary
from pkilab.explain.kinds import told
from pkilab.explain.node import Node
from tests.explain.objects import check_owned, crl

ENTRIES = 80_000


@lru_cache
def long_list() -> bytes:
    return crl(ENTRIES)


def unfolded(node: Node) -> int:
    """How many nodes have been made so far."""
    below = node._children or ()
    return 1 + sum(map(unfolded, below))


def test_it_is_as_long_as_that() -> None:
    assert len(long_list()) > 2_000_000


def test_it_opens_within_half_a_second_and_its_entries_follow_when_looked_at() -> None:
    data = long_list()
    begin = time.process_time()
    kind, tree = told(data)
    assert kind.name == "CRL"
    entries = tree.root.child("tbsCertList", "revokedCertificates")
    assert entries is not None
    assert len(entries.children) == ENTRIES
    shown = [summary.line(entry) for entry in entries.children[40_000:40_050]]
    assert time.process_time() - begin < 0.5 * 4  # the machine may be a quarter as fast
    assert shown[0].startswith("RevokedCertificate: number 40001 at ")
    assert unfolded(tree.root) < ENTRIES + 1000


def test_the_owner_of_an_octet_in_its_middle_is_found_without_the_rest() -> None:
    _, tree = told(long_list())
    node = tree.at(len(long_list()) // 2)
    assert node.parent is not None
    assert unfolded(tree.root) < ENTRIES + 1000


@pytest.mark.slow
def test_every_octet_of_it_belongs_to_one_node() -> None:
    _, tree = told(long_list())
    assert check_owned(tree) > 4 * ENTRIES
    assert list(tree.troubles()) == []


def test_its_overview_tells_the_first_entries_and_how_many_there_are() -> None:
    text = str(explain(crl(100)))
    assert "100 revoked certificates" in text
    assert text.count("Revoked: number") == lines.SHOWN
