"""An explanation in a notebook: a list that opens, with the same fields as in a terminal and no secret."""

from __future__ import annotations

import re
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from pkilab.explain import explain, lines
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.views import display, explained, style
from pkilab.x509 import der, keys
from tests.explain.objects import crl, own_objects
from tests.views.hostile import ATTACK, ATTRIBUTES, ELEMENTS, Reader
from tests.x509 import samples


class Shell:
    """What `register` needs of an IPython shell."""

    def __init__(self) -> None:
        self.display_formatter = DisplayFormatter()


def shown(value: object) -> dict[str, Any]:
    """What a cell that ends with `value` would show."""
    shell = Shell()
    display.register(shell)
    data, _ = shell.display_formatter.format(value)  # type: ignore[no-untyped-call]
    return dict(data)


def check(markup: str) -> Reader:
    """See that it is whole, of harmless elements, and that every class has its rule."""
    found = Reader(markup)
    assert found.balanced
    assert set(found.elements) <= ELEMENTS
    assert found.attributes <= ATTRIBUTES
    used = {name for names in re.findall(r'class="([^"]*)"', markup) for name in names.split()}
    assert [name for name in used if not re.search(rf"\.{name}\b(?!-)", style.CSS)] == []
    return found


def test_a_cell_shows_the_text_and_a_list_with_the_same_fields() -> None:
    data = shown(explain(samples.issued().der))
    found = check(data["text/html"].removeprefix(style.tag()))
    text = data["text/plain"]
    assert text == str(explain(samples.issued().der))
    told = [line.strip() for line in text.splitlines()[1:]]
    assert found.elements.count("details") == len(told)
    for line in told:
        assert line in found.words
    assert "What for: It limits what the key may be used for" in found.words
    assert "30 0E 06 03 55 1D 0F" in found.words


def test_lists_lie_in_one_another_as_fields_do() -> None:
    markup = explained.html(explain(samples.issued().der))
    deep, depths = 0, []
    for opening, closing in re.findall(r"<(ul)>|</(ul)>", markup):
        deep += 1 if opening else -1 if closing else 0
        depths.append(deep)
    assert max(depths) == 1 + max(deep for _, deep in lines.chosen(explain(samples.issued().der).tree))
    assert depths[-1] == 0


@pytest.mark.parametrize("name", own_objects())
def test_each_kind_of_object_is_drawn_whole(name: str) -> None:
    check(explained.html(explain(own_objects()[name])))


def test_what_is_wrong_is_said() -> None:
    for data, words in (
        (b"hello", "neither PEM nor DER"),
        (b"", "not a single octet"),
        (samples.root().der[:-9], "cut off, or a wrong length"),
    ):
        found = check(explained.html(explain(data)))
        assert words in found.words
        assert "Not right" in found.words


def test_no_secret_is_in_it_open_sealed_or_damaged() -> None:
    password = "correct horse battery staple"
    for algorithm in (KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_44):
        key = samples.key(algorithm)
        text, sealed = keys.dump(key, None), keys.dump(key, password)
        octets = explain(text).tree.data
        for found in (explain(text), explain(octets[:-2]), explain(sealed, password=password)):
            digits = Reader(explained.html(found)).words.replace(" ", "").replace(":", "").lower()
            assert not [at for at in range(30, len(octets) - 8) if octets[at : at + 8].hex() in digits]


def test_a_long_list_and_a_long_file_are_drawn_in_part() -> None:
    many = explained.html(explain(crl(500)))
    assert Reader(many).elements.count("details") < 60
    file = explained.html(explain(samples.root().pem * (explained.PARTS + 3)))
    found = check(file)
    assert found.elements.count("article") == explained.PARTS
    assert "And 3 more objects." in found.words
    wide = der.sequence(*[der.sequence(*[der.sequence(*[der.sequence(der.NOTHING) * 12] * 12)] * 12)] * 12)
    assert check(explained.html(explain(wide))).elements.count("details") == lines.MOST


def test_hostile_names_are_text() -> None:
    name = DN(common_name="<script>alert(1)</script><img src=x>")
    found = check(explained.html(explain(samples.issued(samples.request(name)).der)))
    assert "<script>alert(1)</script>" in found.words
    attack = der.sequence(der.element(der.UTF8_STRING, ATTACK.encode()))
    found = check(explained.html(explain(attack)))
    assert "\x1b" not in found.words
