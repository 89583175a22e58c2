"""A search looks at no more than it has to, can be stopped, and finds what looking at everything would find."""

from functools import lru_cache

import pytest

from pkilab.explain import explain, summary
from pkilab.explain.kinds import told
from pkilab.explain.node import Node
from pkilab.explain.search import MANY, Hunt, _names, matches
from pkilab.explain.tree import Tree
from tests.explain.objects import crl, own_objects
from tests.x509 import samples

ENTRIES = 9000
WORDS = ["critical", "extnID", "KeyUsage", "2.5.29.15", "santiago", "UTC", "octets", "ca = true", "zap", "e", "utctime"]


@lru_cache
def long_list() -> bytes:
    return crl(ENTRIES)


def naive(tree: Tree, wanted: str) -> list[Node]:
    """What is found by looking at everything."""
    exact = [node for node in tree.walk() if wanted in {name.casefold() for name in _names(node)}]
    return exact or [node for node in tree.walk() if wanted in summary.line(node).casefold()]


@pytest.mark.parametrize("name", own_objects())
def test_it_finds_what_is_found_by_looking_at_everything(name: str) -> None:
    for word in WORDS:
        tree = told(own_objects()[name])[1]
        assert matches(tree, word, 10_000) == naive(tree, word.casefold()), word


def test_what_is_not_there_costs_no_second_look_at_what_repeats_itself() -> None:
    tree = told(long_list())[1]
    hunt = Hunt(tree, "no such field")
    assert hunt.go()
    assert hunt.found == []
    # Each entry has its number and time; the extensions of a third of them, six nodes each, are looked at once.
    assert hunt.looked < 3 * ENTRIES + 300
    assert tree.made < 4.4 * ENTRIES + 300


@pytest.mark.parametrize("text", ["8999", "0x2327", "00:00:23:27"])
def test_a_number_is_found_without_looking_at_anything_else(text: str) -> None:
    tree = told(long_list())[1]
    hunt = Hunt(tree, text)
    assert hunt.over
    assert [(node.name, summary.of(node)) for node in hunt.found] == [("userCertificate", "8999")]
    assert hunt.looked == 0
    assert tree.made < ENTRIES + 200


def test_a_serial_number_is_found_in_the_hex_that_others_print() -> None:
    serial = samples.foreign(samples.issued(serial=0x7B3C00112233445566778899AABBCCDD)).serial_number
    tree = told(samples.issued(serial=serial).der)[1]
    for text in (f"{serial:X}", f"{serial:x}", str(serial), "7B:3C:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD"):
        assert [node.name for node in matches(tree, text)] == ["serialNumber"]


def test_a_part_of_a_search_is_bounded_and_the_next_goes_on_where_it_stopped() -> None:
    tree = told(long_list())[1]
    hunt, reached = Hunt(tree, "CRLNumber"), []
    while not hunt.go(1000):
        reached.append(hunt.reached)
        assert hunt.looked <= 1000 * len(reached) + 64
    assert reached == sorted(set(reached))
    assert len(reached) > 20
    assert hunt.found == matches(tree, "CRLNumber")
    assert hunt.reached == len(tree.data)


def test_it_ends_as_soon_as_there_is_enough() -> None:
    hunt = Hunt(told(long_list())[1], "keyCompromise", 10)
    hunt.go()
    assert len(hunt.found) == 10
    assert hunt.looked < 100 * MANY


def test_a_private_number_is_found_by_nobody() -> None:
    from pkilab.model.algorithm import KeyAlgorithm
    from pkilab.x509 import keys

    key = samples.key(KeyAlgorithm.RSA_2048)
    tree = explain(keys.dump(key, None)).tree
    secret = key.private_numbers().p  # type: ignore[union-attr]  # an RSA key
    assert secret.to_bytes(128, "big") in tree.data
    assert matches(tree, hex(secret)) == []
    assert matches(tree, str(secret)) == []
