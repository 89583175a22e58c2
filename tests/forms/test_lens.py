"""The lens: whatever message a page sends, it gets what it may see, and no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from pkilab.desk import log
from pkilab.explain import explain
from pkilab.explain.node import Node
from pkilab.explain.tree import Tree
from pkilab.forms.guard import Guard
from pkilab.forms.parts import lens as lens_part
from pkilab.forms.parts.lens import Lens
from pkilab.forms.parts.panes import HITS, OCTETS, ROWS, Panes
from pkilab.forms.parts.table import RowAction
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.x509 import der, keys
from tests.forms.pages import message, saved
from tests.x509 import samples

GARBAGE: list[Any] = [None, 7, "hello", [], {}, {"kind": None}, {"kind": ["choose"]}, {"kind": "zap"}]


class Seen:
    """A lens with what it told, and what it sent to the page."""

    def __init__(self, tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[tuple[dict[str, Any], Any]] = []
        self.heard: list[Any] = []
        monkeypatch.setattr(
            widgets.Widget, "send", lambda _, content, buffers=None: self.sent.append((content, buffers))
        )
        self.lens = Lens(
            guard=Guard(log.logger(tmp_path), log.WHERE),
            on_choose=lambda node, at: self.heard.append((node.name, at)),
            actions=self.actions,
            on_act=self.heard.append,
        )
        self.lens.show(tree)
        self.turn = self.sent[0][0]["turn"]
        self.sent.clear()

    @staticmethod
    def actions(node: Node) -> tuple[RowAction, ...]:
        return (RowAction(act="flip", label="What if?"),) if node.name == "critical" else ()

    def ask(self, kind: str, **content: Any) -> list[tuple[dict[str, Any], Any]]:
        """Send a message of the page as it speaks now, and return what came back."""
        self.sent.clear()
        message(self.lens, {"kind": kind, "turn": self.turn, **content})
        return list(self.sent)


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Seen:
    return Seen(explain(samples.issued().der).tree, tmp_path, monkeypatch)


def long_list(count: int) -> bytes:
    """A SEQUENCE of numbers."""
    return der.sequence(*(der.integer(number) for number in range(count)))


# --- what a page asks for -----------------------------------------------------------------------------------------


def test_a_page_gets_rows_octets_and_explanations_piece_by_piece(seen: Seen) -> None:
    message(seen.lens, {"kind": "hello"})
    opened = seen.sent[0][0]
    assert (opened["kind"], opened["size"]) == ("open", len(samples.issued().der))
    assert opened["rows"][0]["name"] == "Certificate"
    assert [row["name"] for row in seen.sent[1][0]["rows"]] == [
        "tbsCertificate",
        "signatureAlgorithm",
        "signatureValue",
    ]
    (octets, buffers) = seen.ask("octets", **{"from": 5})[0]
    assert (octets["from"], octets["hidden"]) == (0, [])
    assert buffers == [samples.issued().der[:OCTETS]]
    (chosen,) = (content for content, _ in seen.ask("choose", at=len(samples.issued().der) - 1))
    assert chosen["told"]["path"].startswith("Certificate/signatureValue")
    assert [part["row"]["name"] for part in chosen["trail"]][:2] == ["Certificate", "signatureValue"]
    assert seen.heard[0][1] == len(samples.issued().der) - 1


def test_every_octet_leads_to_the_node_that_owns_it_and_back(seen: Seen) -> None:
    for at in range(len(samples.issued().der)):
        ((told, _),) = seen.ask("at", at=at)
        start, end = told["own"]
        assert start <= at < end
        assert told["row"]["from"] <= at < told["row"]["to"]
        ((chosen, _),) = seen.ask("choose", node=told["row"]["id"])
        assert chosen["trail"][-1]["row"] == told["row"]
        assert chosen["told"]["title"], at


def test_only_offered_acts_are_heard(seen: Seen) -> None:
    seen.ask("act", act="flip")
    seen.ask("search", text="critical", octets=False)
    seen.heard.clear()
    seen.ask("act", act="erase")
    assert seen.heard == []
    seen.ask("act", act="flip")
    assert seen.heard == ["flip"]


def test_a_search_goes_to_each_hit_and_round(seen: Seen) -> None:
    replies = [content for content, _ in seen.ask("search", text="55 1d", octets=True)]
    of = replies[0]["of"]
    assert of >= 4
    assert samples.issued().der[replies[1]["span"][0] :][:2] == b"\x55\x1d"
    last = [content for content, _ in seen.ask("hit", to=-1)]
    assert last[0]["to"] == of - 1
    ((none, _),) = seen.ask("search", text="no such field", octets=False)
    assert none["of"] == 0
    ((none, _),) = seen.ask("search", text="no hex", octets=True)
    assert none["of"] == 0


# --- what a page may forge ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        *GARBAGE,
        {"kind": "rows", "node": 10**9, "from": 0},  # a node that was never shown
        {"kind": "rows", "node": -2, "from": 0},
        {"kind": "rows", "node": 0, "from": -1},
        {"kind": "rows", "node": "0", "from": 0},
        {"kind": "octets", "from": -1},
        {"kind": "octets", "from": 10**12},
        {"kind": "octets", "from": 1.5},
        {"kind": "at", "at": -1},
        {"kind": "at", "at": 10**12},
        {"kind": "choose", "node": 10**9},
        {"kind": "choose", "at": "0"},
        {"kind": "choose"},
        {"kind": "search", "text": "x" * 201, "octets": False},
        {"kind": "search", "text": "x", "octets": "yes"},
        {"kind": "search", "text": None, "octets": False},
        {"kind": "hit", "to": 1},  # nothing was searched for
        {"kind": "act", "act": "flip"},  # nothing is chosen
        {"kind": "act", "act": ["flip"]},
    ],
)
def test_a_forged_message_gets_no_answer_and_does_nothing(content: Any, seen: Seen) -> None:
    asked = content | {"turn": seen.turn} if isinstance(content, dict) else content
    message(seen.lens, asked)
    assert (seen.sent, seen.heard, seen.lens.chosen) == ([], [], None)


def test_what_was_shown_before_is_answered_no_more(seen: Seen) -> None:
    before = seen.turn
    seen.lens.show(explain(long_list(3)).tree)
    seen.sent.clear()
    for turn in (before, None, "2", 2.0, True):
        message(seen.lens, {"kind": "choose", "at": 0, "turn": turn})
    assert seen.sent == []


def test_nothing_of_the_object_is_in_a_saved_notebook(seen: Seen) -> None:
    seen.ask("choose", at=0)
    state = saved()
    assert "lens" in state  # what was looked at is the state of this very widget
    for told in (samples.NAME, "Training CA", "basicConstraints", "To-be-signed"):
        assert told not in state


def test_a_search_in_a_long_list_comes_back_after_some_thousand_fields_and_goes_on_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lens_part, "SEARCHED", 4000)
    seen = Seen(explain(long_list(10_000)).tree, tmp_path, monkeypatch)
    reached = []
    for _ in range(2):
        ((told, _),) = seen.ask("search", text="not there", octets=False)
        assert (told["of"], told["more"]) == (0, True)
        assert "Enter searches on" in told["says"]
        reached.append(told["says"])
    ((told, _),) = seen.ask("search", text="not there", octets=False)
    assert "more" not in told
    assert len(set(reached)) == 2
    assert seen.lens._hunt is not None
    assert seen.lens._hunt.looked == 10_001
    first = seen.ask("search", text=": 39", octets=False)[0][0]
    assert (first["of"], first["to"], first["more"]) == (110, 0, True)
    last = seen.ask("hit", to=109)[0][0]
    assert (last["of"], last["to"], last["more"]) == (110, 109, True)
    beyond = seen.ask("hit", to=110)[0][0]  # 3,999 stands behind what was looked at so far
    assert (beyond["of"], beyond["to"], beyond["more"]) == (111, 110, True)


def test_a_number_in_a_long_list_is_found_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen(explain(long_list(50_000)).tree, tmp_path, monkeypatch)
    told, chosen = (content for content, _ in seen.ask("search", text="49999", octets=False))
    assert (told["of"], "more" in told) == (1, False)
    assert chosen["trail"][-1]["row"]["value"] == "49999"


# --- secrets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.EC_P256, KeyAlgorithm.RSA_2048, KeyAlgorithm.ML_DSA_44])
def test_no_message_brings_a_private_number_to_the_page(
    algorithm: KeyAlgorithm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = explain(keys.dump(samples.key(algorithm), None)).tree
    seen = Seen(tree, tmp_path, monkeypatch)
    panes = Panes(tree)
    assert panes.hidden
    secret = max((tree.data[start:end] for start, end in panes.hidden), key=len)
    found: list[Any] = []
    for at in range(0, len(tree.data), 7):
        found += seen.ask("choose", at=at) + seen.ask("at", at=at)
    for start in range(0, len(tree.data), OCTETS):
        found += seen.ask("octets", **{"from": start})
    found += seen.ask("search", text=secret[:4].hex(), octets=True)
    assert not any(secret[:8] in bytes(each) for _, buffers in found for each in buffers or ())
    told = json.dumps([content for content, _ in found]).upper()
    for shown in (secret[1:9].hex(), secret[1:9].hex(" "), secret[1:9].hex(":")):
        assert shown.upper() not in told
    assert found[-1][0]["of"] == 0  # and a search does not tell whether some octets are in it


def test_a_damaged_private_key_is_hidden_whole() -> None:
    text = keys.dump(samples.key(), None).replace(b"-----END", b"----END")
    tree = explain(text).tree
    panes = Panes(tree)
    octets, hidden = panes.octets(0)
    assert hidden == [[0, len(tree.data)]]
    assert not any(octets)


def test_of_something_large_that_nobody_knows_what_is_long_is_hidden() -> None:
    secret = bytes(range(128, 168))
    tree = explain(der.sequence(*(der.element(der.OCTET_STRING, secret) for _ in range(3000)))).tree
    panes = Panes(tree)
    assert len(tree.data) > 100_000
    assert len(panes.hidden) == 3000
    for begin in range(0, len(tree.data), OCTETS):
        assert secret[:4] not in panes.octets(begin)[0]


# --- long lists ---------------------------------------------------------------------------------------------------


def test_of_a_long_list_only_what_is_asked_for_is_handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen(explain(long_list(50_000)).tree, tmp_path, monkeypatch)
    message(seen.lens, {"kind": "hello"})
    assert sum(len(content.get("rows", ())) for content, _ in seen.sent) == 1 + ROWS
    top = seen.sent[0][0]["rows"][0]
    ((rows, _),) = seen.ask("rows", node=top["id"], **{"from": 49_990})
    assert len(rows["rows"]) == 10
    assert rows["rows"][-1]["value"] == "49999"
    ((none, _),) = seen.ask("rows", node=top["id"], **{"from": 50_000})
    assert none["rows"] == []
    ((octets, buffers),) = seen.ask("octets", **{"from": 100_000})
    assert octets["from"] % OCTETS == 0
    assert len(buffers[0]) == OCTETS
    replies = seen.ask("search", text="INTEGER", octets=False)
    assert replies[0][0]["of"] == HITS
