"""Every octet belongs to exactly one node, whatever the octets are."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.explain import kinds
from pkilab.explain.kinds import KINDS
from pkilab.explain.node import MAX_DEPTH
from pkilab.explain.reading import as_kind
from pkilab.explain.tree import Tree
from pkilab.x509 import der
from tests.explain.objects import check_owned, mutated, own_objects
from tests.x509 import samples

ELEMENTS = st.recursive(
    st.tuples(st.sampled_from([1, 2, 3, 4, 5, 6, 12, 19, 23, 24, 0x80, 0x82]), st.binary(max_size=12)),
    lambda inner: st.tuples(st.sampled_from([0x30, 0x31, 0xA0, 0xA3, 0x24]), st.lists(inner, max_size=4)),
    max_leaves=12,
)


def encoded(element: tuple[int, bytes | list[object]]) -> bytes:
    tag, content = element
    return der.element(tag, content if isinstance(content, bytes) else b"".join(map(encoded, content)))  # type: ignore[arg-type]


@given(st.binary(max_size=200))
def test_of_any_octets(data: bytes) -> None:
    check_owned(Tree(data))
    check_owned(kinds.told(data)[1])


@given(ELEMENTS, st.sampled_from(KINDS))
def test_of_any_elements_read_as_any_kind(element: tuple[int, bytes | list[object]], kind: kinds.Kind) -> None:
    tree = Tree(encoded(element), kind.field)
    check_owned(tree)
    assert [
        trouble for trouble in Tree(encoded(element)).troubles() if trouble.code in {"cut-off", "trailing-octets"}
    ] == []


@given(st.sampled_from(sorted(own_objects())), st.randoms(use_true_random=False))
def test_of_spoilt_objects(name: str, chance: random.Random) -> None:
    check_owned(kinds.told(mutated(own_objects()[name], chance))[1])


@pytest.mark.parametrize("name", own_objects())
def test_of_the_labs_own_objects_which_are_strict_der(name: str) -> None:
    kind, tree = kinds.told(own_objects()[name])
    assert check_owned(tree) > 3
    assert list(tree.troubles()) == []
    wanted = name.split(maxsplit=1)[0]
    known = {"root": "certificate", "issued": "certificate", "request": "certificate request", "key": "private key"}
    assert kind.name == known.get(wanted, name.rpartition(" ")[0] if wanted == "public" else kind.name)


@pytest.mark.parametrize("name", own_objects())
def test_the_node_at_an_octet_is_its_owner(name: str) -> None:
    _, tree = kinds.told(own_objects()[name])
    for node in tree.walk():
        start, end = node.owned
        for offset in {start, end - 1} if end > start else ():
            assert tree.at(offset) is node


def test_there_is_no_node_outside() -> None:
    tree = as_kind(samples.root().der, "certificate")
    for offset in (-1, len(tree.data)):
        with pytest.raises(IndexError):
            tree.at(offset)


def test_a_path_leads_to_its_node_and_to_no_other() -> None:
    tree = as_kind(samples.issued().der, "certificate")
    paths = {node.path: node for node in tree.walk()}
    assert len(paths) == sum(1 for _ in tree.walk())
    for path, node in paths.items():
        assert tree.find(path) is node
    assert tree.find("Certificate/nothing") is None
    assert tree.find("Certificate:7") is None


def test_what_is_nested_too_deep_is_not_unfolded() -> None:
    data = b""
    for _ in range(5000):
        data = der.sequence(data)
    tree = Tree(data)
    assert check_owned(tree) == MAX_DEPTH + 1
    assert [trouble.code for trouble in tree.troubles()] == ["too-deep"]


@pytest.mark.parametrize(
    "data", [b"\x30\x80" * 100_000, b"\x30\x80" * 50_000 + b"\0\0" * 50_000, b"\xa0\x84\0\x0f\xff\xff" * 9]
)
def test_deep_indefinite_lengths_take_no_recursion(data: bytes) -> None:
    check_owned(Tree(data))
