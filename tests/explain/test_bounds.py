"""However many elements an object has, only so many are taken apart; what is left is said, and owned by one node."""

from __future__ import annotations

import pytest

from pkilab.explain import explain, lines, unfold
from pkilab.explain.kinds import told
from pkilab.explain.node import MAX_NODES
from pkilab.explain.tree import Tree
from pkilab.x509 import der
from tests.explain.objects import check_owned, crl

FEW = 1000


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if only some elements were taken apart."""
    monkeypatch.setattr(unfold, "MAX_NODES", FEW)


HOSTILE = {
    "one after another": der.sequence(b"\x05\x00" * 5000),
    "in many": der.sequence(der.sequence(b"\x05\x00" * 50) * 100),
    "one in one": der.sequence(b"\x30\x02\x05\x00" * 2500),
    "of no definite length": b"\x30\x80" + b"\x05\x00" * 5000 + b"\0\0",
    "in octets": der.element(0x24, (b"\x04\x02\x05\x00") * 2500),
}


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("name", HOSTILE)
def test_no_more_than_some_are_made_and_the_rest_is_owned_once(name: str) -> None:
    tree = Tree(HOSTILE[name])
    assert check_owned(tree) <= FEW + 101  # the last one that is begun is not ended
    codes = [trouble.code for trouble in tree.troubles()]
    assert "too-many" in codes


@pytest.mark.usefixtures("few")
def test_where_it_ends_is_told_at_its_octet_with_all_that_is_left() -> None:
    tree = Tree(HOSTILE["one after another"])
    *_, before, rest = tree.root.children
    assert rest.name == "more octets"
    assert (rest.offset, rest.end) == (before.end, len(tree.data))
    (trouble,) = tree.troubles()
    assert (trouble.code, trouble.offset) == ("too-many", rest.offset)
    assert tree.at(len(tree.data) - 1) is rest
    text = str(explain(HOSTILE["one after another"]))
    assert "have been taken apart; no more are" in text
    assert f"More than {FEW:,} entries" in text


@pytest.mark.usefixtures("few")
def test_a_list_that_is_too_long_misses_no_field() -> None:
    kind, tree = told(crl(2000))
    assert kind.name == "CRL"
    check_owned(tree)
    assert {trouble.code for trouble in tree.troubles()} == {"too-many"}


@pytest.mark.slow
@pytest.mark.parametrize("entry", [b"\x05\x00", b"\x30\x02\x05\x00", der.sequence(b"\x05\x00" * 1500)])
def test_three_megabytes_of_the_smallest_elements(entry: bytes) -> None:
    found = explain(der.sequence(entry * (3_000_000 // len(entry))))
    assert sum(1 for _ in lines.octets(found)) <= 2 * MAX_NODES + 2000
    assert found.tree.made <= MAX_NODES + 1500
    check_owned(found.tree)
