"""A year of a CA by the lab's clock: what is revoked, renewed and expires is told wherever one looks (X2, X3, X6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ipywidgets as widgets
import pytest

from pkilab.desk import Desk
from pkilab.forms.parts.table import TableView
from pkilab.model.message import Message
from pkilab.views import html, text
from tests.forms.pages import texts, within
from tests.scene import CA_PASSWORD, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Web (renewed), Script (revoked) and Spare (expires), and a day on which all of that has happened."""
    scene = Scene(tmp_path / "lab")
    scene.configure()
    for root in ("Web", "Script", "Spare"):
        scene.issue(scene.submit(root))
    scene.ca.publish_crl(password=CA_PASSWORD)
    scene.clock.forward(days=20)
    scene.ca.revoke(2, reason="keyCompromise", password=CA_PASSWORD)
    scene.clock.forward(days=23)  # the list's last week
    scene.lab.remind()
    scene.ca.publish_crl(password=CA_PASSWORD, ahead=12)
    scene.clock.forward(days=300)
    scene.issue(scene.submit("Web"))
    scene.lab.remind()
    scene.clock.forward(days=30)
    yield scene
    widgets.Widget.close_all()
    scene.lab.registry.close()


def mails(scene: Scene) -> list[Message]:
    return [mail for mail in scene.outbox() if mail.recipient == "ana@lab.test"]


def test_in_tables(scene: Scene) -> None:
    states = ["expired, renewed by 4", "revoked", "expired", "valid, renews 1"]
    listing = scene.ca.certificates()
    assert [each.status for each in listing.certificates] == states
    rows = [line for line in text.draw(listing).splitlines() if line[:1].isdigit()]
    assert [row.rpartition("  ")[2] for row in rows] == states
    page = Desk(scene.lab.instance("MyCA"), part="operator").certificates()
    page.refresh()
    (table,) = [each for each in within(page) if isinstance(each, TableView)]
    shown = {row["id"]: row["cells"][-1] for row in table.rows}
    assert shown == {str(number): state for number, state in enumerate(states, 1)}


def test_in_cards(scene: Scene) -> None:
    web, script, spare, renewal = (text.draw(scene.ca.certificate(number)) for number in (1, 2, 3, 4))
    assert "Renewed by  certificate 4" in _plain(web)
    assert "Renews  certificate 1" in _plain(renewal)
    assert "13 December 2026, 12:00 UTC, by opal: keyCompromise" in _plain(script)
    for card, state in ((web, "expired"), (script, "revoked"), (spare, "expired"), (renewal, "valid")):
        assert f", {state}" in card


def test_on_the_timeline(scene: Scene) -> None:
    found = scene.ca.certificates().certificates
    for draw in (text.timeline, html.timeline):
        told = draw(found, now=scene.clock.now)
        assert "Web (1) expired on 23 November 2027, 8 days ago; certificate 4 renews it." in told
        assert "Script (2) is revoked since 13 December 2026 (keyCompromise)" in told
        assert "Spare (3) expired on 23 November 2027, 8 days ago." in told
        assert "Web (4) is valid until" in told


def test_in_mails(scene: Scene) -> None:
    subjects = [mail.subject for mail in mails(scene)]
    assert "Your certificate Script, number 2, was revoked" in subjects
    assert "Your certificate Spare, number 3, expires in 22 days" in subjects
    assert not [subject for subject in subjects if "number 1, expires" in subject]  # it is renewed
    (renewal,) = [mail for mail in mails(scene) if "was issued as number 4" in mail.subject]
    assert "It renews number 1." in renewal.body
    (operator,) = [mail for mail in scene.outbox() if "needs its operator" in mail.subject]
    assert "The last revocation list of MyCA, number 2, runs out on" in operator.body


def test_in_the_journal_which_stays_whole(scene: Scene) -> None:
    told = [(entry.act, dict(entry.facts)) for entry in scene.ca.journal()]
    revoked = next(facts for act, facts in told if act == "revoked")
    assert (revoked["number"], revoked["reason"]) == ("2", "keyCompromise")
    assert [facts.get("renews") for act, facts in told if act == "issued"] == [None, None, None, "1"]
    reminded = [facts.get("number") or facts.get("about") for act, facts in told if act == "reminded"]
    assert reminded == ["crl", "3"]
    verdict = scene.ca.verify_journal()
    assert (verdict.problems, verdict.unproven) == ((), ())


def test_pages_and_status_warn_before_the_last_list_runs_out_and_the_series_takes_over(scene: Scene) -> None:
    desk = Desk(scene.lab.instance("MyCA"), part="operator")
    overview, lists = desk.overview(), desk.revocation()
    first, second, last = scene.ca.publish_crl(password=CA_PASSWORD, ahead=2).lists
    assert (scene.ca.crl().number, "runs out" in told(scene, overview, lists)) == (first.number, False)
    scene.clock.now = second.this_update
    assert (scene.ca.crl().number, "runs out" in told(scene, overview, lists)) == (second.number, False)
    scene.clock.now = last.next_update
    scene.clock.forward(days=-7)
    warned = told(scene, overview, lists)
    assert warned.count(f"The last revocation list of MyCA, number {last.number}, runs out on") == 3
    scene.clock.forward(days=8)
    assert told(scene, overview, lists).count("whoever checks revocation refuses all") == 3


def told(scene: Scene, *pages: widgets.Widget) -> str:
    """What pages show now, and the lab's status says."""
    for page in pages:
        page.refresh()
    (queue,) = scene.lab.status().queues
    return "".join([*map(texts, pages), *map(str, queue.alerts)])


def _plain(card: str) -> str:
    return "\n".join("  ".join(part.strip() for part in line.split("  ") if part.strip()) for line in card.splitlines())
