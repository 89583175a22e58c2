"""The inbox (M3): one's own mail, for an operator all of the lab and what is stuck; hostile mail is harmless."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ipywidgets as widgets
import pytest

from pkilab.desk import Desk
from pkilab.desk.desk import Page
from pkilab.forms.inbox import PAGE
from pkilab.forms.parts.table import TableView
from pkilab.model.contact import Contact
from tests.forms.pages import forge, living, message, pressed, texts, within
from tests.scene import Scene

ADMIN = "ca-admin@myca.lab.test"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "lab")
    made.configure()
    made.lab.post.mailbox.prepare()
    yield made
    made.lab.registry.close()


def receive(scene: Scene, subject: str, *, to: str = ADMIN, body: str = "Hello.") -> None:
    """Let the lab's mail server receive a mail."""
    scene.clock.forward(minutes=1)
    head = f"From: ca@lab.test\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{subject.encode().hex()}@x>\r\n\r\n"
    content = (head + body.replace("\n", "\r\n")).encode()
    scene.lab.post.mailbox.keep(content, sender="ca@lab.test", recipient=to, at=scene.clock.now)


def inbox(scene: Scene, part: str = "both", instance: str = "MyCA") -> Page:
    return Desk(scene.lab.instance(instance, node="ca.lab.test"), part=part).inbox()


def subjects(page: Page) -> list[str]:
    table = rows(page)
    return [row["cells"][2] for row in table.rows]


def rows(page: Page) -> TableView:
    return next(each for each in within(page) if isinstance(each, TableView))


def test_new_mail_appears_by_itself_the_newest_first(scene: Scene) -> None:
    page = inbox(scene)
    assert subjects(page) == []
    assert "Configuring a CA server" in rows(page).empty
    receive(scene, "first")
    receive(scene, "second")
    page.view.refresh()
    assert subjects(page) == ["second", "first"]
    assert rows(page).rows[0]["cells"][:2] == ["23 November 2026, 12:02 UTC", ADMIN]
    sent: list[object] = []
    rows(page).observe(sent.append, names="rows")
    page.view.refresh()
    assert sent == [], "what did not change is not sent again"


def test_a_mail_is_opened_as_a_card_with_its_text(scene: Scene) -> None:
    receive(scene, "hello", body="Dear operator,\n\na request waits.")
    page = inbox(scene)
    message(rows(page), {"kind": "act", "row": rows(page).rows[0]["id"], "act": "open"})
    shown = texts(page)
    assert "Dear operator,\n\na request waits." in shown
    assert "ca@lab.test" in shown
    assert page.view.kept() == {"mail": page.form.opened.id}
    pressed(page, "Back to the inbox")
    assert "Dear operator" not in texts(page)
    assert page.view.kept() == {}


def test_an_instance_sees_the_mail_to_its_own_addresses(scene: Scene) -> None:
    receive(scene, "for the operator")
    receive(scene, "for ana", to="ana@lab.test")
    client = scene.lab.instance("Santiago", node="santiago").client
    client.configure(host="localhost", port=1, contact=Contact("Ana Rojas", email="ana@lab.test"))
    assert subjects(inbox(scene, "client", "Santiago")) == ["for ana"]
    page = inbox(scene)
    assert subjects(page) == ["for the operator"]
    page.form.everything = True
    assert subjects(page) == ["for ana", "for the operator"]


def test_a_client_sees_no_mail_but_its_own_whatever_its_page_says(scene: Scene) -> None:
    receive(scene, "for the operator")
    page = inbox(scene, "client", "Santiago")
    assert not [each for each in within(page) if isinstance(each, widgets.Checkbox)]
    page.form.everything = True
    assert subjects(page) == []
    foreign = scene.lab.inbox()[0].id
    message(rows(page), {"kind": "act", "row": foreign, "act": "open"})
    page.view.opened(mail=foreign)
    assert page.form.opened is None
    assert page.form.waiting == ()
    assert "wait" not in texts(page).lower().split("</style>")[-1]


def test_what_is_stuck_and_why_is_shown_to_the_operator(scene: Scene) -> None:
    page = inbox(scene, "operator")
    shown = texts(page)
    assert "1 mail waits to be sent" in shown
    assert f"to {ADMIN}" in shown
    with scene.lab.registry.writing() as tx:
        from pkilab.store import outbox

        outbox.failed(tx, scene.lab.outbox()[0].id, "mail.lab.test refused the log-in.", scene.clock.now)
    page.view.refresh()
    assert "waits after 1 try. mail.lab.test refused the log-in." in texts(page)
    with scene.lab.registry.writing() as tx:
        outbox.sent(tx, scene.lab.outbox()[0].id, scene.clock.now)
    page.view.refresh()
    assert "to be sent" not in texts(page)


def test_mail_is_searched_and_turned_in_pages(scene: Scene) -> None:
    for number in range(PAGE + 3):
        receive(scene, f"mail {number}", body="a rare word" if number == 4 else "text")
    page = inbox(scene)
    assert len(subjects(page)) == PAGE
    assert rows(page).pages == {"before": False, "after": True}
    message(rows(page), {"kind": "page", "to": "after"})
    assert subjects(page) == ["mail 2", "mail 1", "mail 0"]
    message(rows(page), {"kind": "search", "text": "RARE"})
    assert subjects(page) == ["mail 4"]
    message(rows(page), {"kind": "search", "text": ""})
    assert len(subjects(page)) == PAGE


def test_hostile_mail_is_text_and_nothing_else(scene: Scene) -> None:
    receive(scene, HOSTILE, body=f"{HOSTILE}<script>alert(2)</script>")
    page = inbox(scene)
    message(rows(page), {"kind": "act", "row": rows(page).rows[0]["id"], "act": "open"})
    assert "&lt;script&gt;alert(2)" in texts(page)
    for each in living():
        if isinstance(each, widgets.HTML):
            assert HOSTILE not in each.value
            assert "<script" not in each.value


@pytest.mark.parametrize("value", ["yes", 1, None, [True]])
def test_a_forged_tick_is_a_tick_or_nothing(scene: Scene, value: object) -> None:
    receive(scene, "for ana", to="ana@lab.test")
    page = inbox(scene)
    box = next(each for each in within(page) if isinstance(each, widgets.Checkbox))
    try:
        forge(box, value=value)
    except Exception:  # noqa: BLE001 - a widget may refuse it in its own way
        assert subjects(page) == []
    assert page.form.everything in (True, False)
