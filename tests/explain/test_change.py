"""A node is replaced, and every length round it is written anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidField
from pkilab.explain import change, kinds, summary, typed
from pkilab.explain.node import Node
from pkilab.explain.reading import as_kind
from pkilab.explain.tree import Tree
from tests.explain.objects import check_owned, own_objects
from tests.x509 import samples

TREE = as_kind(samples.issued().der, "certificate")
NODES = list(TREE.walk())


@given(st.sampled_from(NODES), st.binary(max_size=300))
def test_what_is_replaced_stands_there_and_nothing_else_has_changed(node: Node, octets: bytes) -> None:
    data = change.replaced(node, octets)
    again = as_kind(data, "certificate")
    check_owned(again)
    # From the outside the lengths fit again, unless the very element at the top is gone.
    if node.parent is not None:
        assert not any(trouble.code in {"cut-off", "trailing-octets"} for trouble in again.root.troubles)
        assert len(again.tops) == 1
    assert octets in data
    assert data.endswith(TREE.data[node.end :])


@given(st.sampled_from(NODES))
def test_what_is_replaced_by_itself_changes_nothing(node: Node) -> None:
    assert change.replaced(node, node.raw) == TREE.data
    assert change.content(node, node.content) == TREE.data


@pytest.mark.parametrize("name", own_objects())
def test_each_node_of_each_object_can_be_replaced_by_itself(name: str) -> None:
    _, tree = kinds.told(own_objects()[name])
    for node in tree.walk():
        assert change.replaced(node, node.raw) == tree.data


def test_lengths_grow_by_octets_where_they_have_to() -> None:
    node = TREE.root.first("dNSName")
    assert node is not None
    data = change.content(node, b"a" * 70_000)
    again = as_kind(data, "certificate")
    assert list(again.troubles()) == []
    grown = again.root.first("dNSName")
    assert grown is not None
    assert grown.length == 70_000


def test_indefinite_lengths_round_a_change_become_definite() -> None:
    tree = Tree(bytes.fromhex("3080 3080 020105 0000 0000"))
    inner = tree.root.children[0].children[0]
    assert change.content(inner, b"\x07").hex() == "30053003020107"


def test_an_element_is_put_in_before_another_or_last() -> None:
    tree = Tree(bytes.fromhex("3003020105"))
    assert change.inserted(tree.root, b"\x05\x00").hex() == "30050201050500"
    assert change.inserted(tree.root, b"\x05\x00", at=0).hex() == "30050500020105"
    with pytest.raises(IndexError):
        change.inserted(tree.root, b"", at=2)


def test_one_octet_is_changed_without_a_length() -> None:
    tree = Tree(bytes.fromhex("3003020105"))
    assert change.patched(tree, 4, 7).hex() == "3003020107"
    with pytest.raises(IndexError):
        change.patched(tree, 5, 7)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("serialNumber", "0x1F", "31"),
        ("serialNumber", "-129", "-129"),
        ("notAfter", "2031-01-02 03:04:05 UTC", "2031-01-02 03:04:05 UTC"),
        ("notAfter", "2031-01-02T05:04:05+02:00", "2031-01-02 03:04:05 UTC"),
        ("dNSName", "other.lab.test", "other.lab.test"),
        ("critical", "false", "FALSE"),
        ("KeyUsage", "cRLSign, digitalSignature", "digitalSignature, cRLSign"),
        ("KeyUsage", "", "none"),
        ("KeyPurposeId", "1.3.6.1.5.5.7.3.3", "codeSigning (1.3.6.1.5.5.7.3.3)"),
        ("value", "BE", "BE"),
        ("KeyIdentifier", "01:02", "01 02"),
    ],
)
def test_what_a_person_types_is_what_it_says_then(name: str, text: str, said: str) -> None:
    node = TREE.root.first(name)
    assert node is not None
    again = as_kind(change.content(node, typed.octets(node, text)), "certificate").find(node.path)
    assert again is not None
    assert summary.of(again) == said


@pytest.mark.parametrize(
    ("name", "text", "mend"),
    [
        ("serialNumber", "one", "whole number"),
        ("notAfter", "tomorrow", "write a time"),
        ("notAfter", "2060-01-01", "1950 to 2049"),
        ("critical", "perhaps", "TRUE or FALSE"),
        ("KeyUsage", "flying", "name bits"),
        ("KeyPurposeId", "server", "2.5.29.19"),
        ("dNSName", "ä.lab.test", "letters"),
        ("KeyIdentifier", "xy", "in hex"),
    ],
)
def test_what_is_no_such_value_is_said_with_its_mend(name: str, text: str, mend: str) -> None:
    node = TREE.root.first(name)
    assert node is not None
    with pytest.raises(InvalidField, match=mend):
        typed.octets(node, text)
