"""Whatever a name, a path or an answer holds: no markup and no escape sequence of it comes through."""

from dataclasses import replace

import pytest

from pkilab.errors.visible import is_hidden
from pkilab.model.acts import Batch, Imported, KeyEncrypted, Refusal
from pkilab.model.aftercare import Adopted, Published, ResponderRenewed, Revoked, SettingsChanged
from pkilab.model.certificate import Chain
from pkilab.model.crl import RevocationList
from pkilab.model.journal import entry
from pkilab.model.request import Receipt
from pkilab.views import chain, html, text
from pkilab.views.sheet import Closed, Kind, Row, Sheet, Table
from tests.model.samples import (
    ACTS,
    CHAIN,
    CONTENT,
    DECIDED,
    DONE,
    ISSUED,
    JUDGED,
    LEAF,
    LISTED,
    LISTING,
    MGR,
    MIDDLE,
    NOW,
    OWN,
    RECEIVED,
    REQUEST,
    REVOKED,
    ROOT,
    SETTINGS,
)
from tests.views.hostile import ATTACK, ATTRIBUTES, ELEMENTS, Reader, hostile

LISTS = (
    RevocationList(ca="MyCA", number=7, this_update=NOW, next_update=NOW, revoked=1, der=b""),
    RevocationList(ca="MyCA", number=8, this_update=NOW, next_update=NOW, revoked=1, der=b""),
)
AFTERCARE = (
    Revoked(certificate=REVOKED, lists=LISTS, message="It is revoked."),
    Published(lists=LISTS, message="They are published."),
    ResponderRenewed(certificate=LEAF, path=MGR / "ocsp-responder.pem", message="It is renewed."),
    Adopted(certificates=(ISSUED,), known=(3,), message="They are adopted."),
    SettingsChanged(settings=SETTINGS, message="They are changed."),
)
MORE_ACTS = (
    *AFTERCARE,
    Batch(issued=(DONE,), refused=(Refusal(request_id=4, code="WrongPassword", sentence="The password is wrong."),)),
    KeyEncrypted(path=MGR / "MyCA.key", message="It is encrypted."),
    Imported(
        directory=MGR, root="MyCA", paths=(MGR / "MyCA.key",), set_aside=(MGR / "MyCA.key.old",), message="Ready."
    ),
)
NOUNS = (
    REQUEST,
    DECIDED,
    CONTENT,
    Receipt(request=REQUEST, new=True, message="Thank you."),
    LEAF,
    ROOT,
    ISSUED,
    REVOKED,
    OWN,
    CHAIN,
    Chain(certificates=(LEAF, MIDDLE)),
    LISTING,
    RECEIVED,
    JUDGED,
    *ACTS,
    *MORE_ACTS,
)
JOURNAL = (entry("MyCA", None, at=NOW, by=ATTACK, act=ATTACK, facts={ATTACK: ATTACK}),)
# Cards and tables as such, for what no noun can put there today.
SHEET = hostile(
    Sheet(
        title="t",
        badge="b",
        lead=("l",),
        rows=tuple(Row(label="r", lines=("l", "m"), kind=kind, note="n") for kind in Kind),
        warnings=("w",),
        chain=CHAIN,
        closed=(Closed(summary="s", text="t"),),
    )
)
TABLE = hostile(Table(caption="c", columns=("a", "b"), rows=(("1", "2"),), empty="e", more="m"))
EMPTY = replace(TABLE, rows=())
HTML = [
    html.sheet(SHEET),
    html.table(TABLE),
    html.table(EMPTY),
    *(html.draw(hostile(noun)) for noun in NOUNS),
    html.request(hostile(REQUEST), warnings=(ATTACK,), fingerprints=True),
    html.requests(hostile((REQUEST, DECIDED))),
    html.listed(hostile(LISTED)),
    html.journal(JOURNAL),
    chain.svg(hostile(CHAIN)),
]
TEXT = [
    text.sheet(SHEET, closed=True),
    text.table(TABLE),
    text.table(EMPTY),
    *(text.draw(hostile(noun)) for noun in NOUNS),
    text.request(hostile(REQUEST), warnings=(ATTACK,), fingerprints=True, pem=True),
    text.requests(hostile((REQUEST, DECIDED))),
    text.listed(hostile(LISTED)),
    text.journal(JOURNAL),
]


@pytest.mark.parametrize("markup", HTML)
def test_no_element_attribute_or_hidden_character_of_the_attack_is_in_the_html(markup: str) -> None:
    reader = Reader(markup)
    assert set(reader.elements) <= ELEMENTS
    assert reader.attributes <= ATTRIBUTES
    assert reader.balanced
    assert "onerror=alert(1)" in reader.words  # it is shown, as the text that it is
    assert not {character for character in markup if is_hidden(character)} - {"\n"}


@pytest.mark.parametrize("shown", TEXT)
def test_no_control_character_of_the_attack_is_in_the_text(shown: str) -> None:
    assert "[U+001B][2J" in shown
    assert all(line.isprintable() and not any(map(is_hidden, line)) for line in shown.split("\n"))


def test_an_attack_cannot_begin_a_line_of_its_own() -> None:
    """Or a name could look like a row, a warning or another request of ours."""
    harmless, attacked = (text.draw(noun).count("\n") for noun in (REQUEST, hostile(REQUEST)))
    assert attacked <= harmless + 1  # a remark on the unusual kinds of attributes


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_nothing_is_loaded_from_outside_and_nothing_runs(noun: object) -> None:
    markup = html.draw(noun)
    assert "src=" not in markup
    assert "href" not in markup
    assert "url(" not in markup
    assert "<script" not in markup
    assert set(Reader(markup).elements) <= ELEMENTS
