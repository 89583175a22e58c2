"""The desk: its tasks by part, one alone and all together; what a page keeps, and what goes wrong on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from pkilab.desk import Desk, tasks
from pkilab.desk.desk import DeskPage
from pkilab.desk.standing import standing
from pkilab.desk.tasks import Part
from pkilab.forms.parts.nav import Nav
from pkilab.forms.parts.shell import Shell
from pkilab.model.contact import Contact
from tests.forms.pages import message, saved, texts, within
from tests.scene import CA_PASSWORD, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "lab")
    yield made
    made.lab.registry.close()
    widgets.Widget.close_all()


def desk(scene: Scene, part: str = "both", instance: str = "MyCA") -> Desk:
    return Desk(scene.lab.instance(instance, node="ca.lab.test"), part=part)


def shell(page: Any) -> Shell:
    return next(each for each in within(page) if isinstance(each, Shell))


def nav(page: DeskPage) -> Nav:
    return next(each for each in within(page) if isinstance(each, Nav))


def listed(page: DeskPage) -> dict[str, list[str]]:
    return {group["label"]: [item["id"] for item in group["items"]] for group in nav(page).groups}


def test_where_you_stand_is_first_and_has_no_heading(scene: Scene) -> None:
    groups = listed(desk(scene).page)
    assert next(iter(groups.items())) == ("", ["overview"])


def test_a_desk_has_the_tasks_of_its_part(scene: Scene) -> None:
    operator, client = listed(desk(scene, "operator").page), listed(desk(scene, "client").page)
    assert "Certificate Authority Client" not in operator
    assert "Certificate Authority Server" not in client
    assert "configure_server" in operator["Certificate Authority Server"]
    assert "configure_client" in client["Certificate Authority Client"]
    assert "inbox" in operator["Lab"]
    assert "inbox" in client["Lab"]


@pytest.mark.parametrize("task", [task.id for task in tasks.TASKS])
def test_each_task_is_a_method_of_the_desk_and_opens_on_a_page(scene: Scene, task: str) -> None:
    made = desk(scene)
    page = made.task(task)
    assert repr(page).startswith("<")
    if hasattr(Desk, task):
        assert repr(getattr(made, task)()) == repr(page)
    if task in {each.id for each in tasks.of(Part.BOTH)}:
        made.page.turn_to(task)
        assert made.page.task == task


def test_a_task_of_the_other_part_cannot_be_opened_by_any_message(scene: Scene) -> None:
    page = desk(scene, "client").page
    message(nav(page), {"kind": "choose", "task": "configure_server"})
    message(shell(page), {"kind": "hello", "kept": {"task": "configure_server", "root": "MyCA", "step": "2"}})
    page.turn_to("configure_server")
    assert page.task == "overview"


def test_a_reloaded_page_opens_the_task_that_it_was_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    page = desk(scene, "operator").page
    monkeypatch.setattr(Shell, "send", lambda _, content, buffers=None: sent.append(content))
    page.turn_to("configure_server")
    form = page.view.form
    form.root, form.directory = "MyCA", "ca"
    form.next()
    form.password = CA_PASSWORD
    kept = next(content["value"] for content in reversed(sent) if content["kind"] == "keep")
    assert kept == {"task": "configure_server", "root": "MyCA", "directory": "ca", "step": "2"}
    assert CA_PASSWORD not in str(sent)
    again = desk(scene, "operator").page
    message(shell(again), {"kind": "hello", "kept": kept})
    assert again.task == "configure_server"
    assert again.view.form.found is not None
    assert again.view.form.password == ""


@pytest.mark.parametrize(
    "kept", [{"task": "zap"}, {"task": ""}, {"task": "inbox", "mail": "../../x"}, {"request": "1"}]
)
def test_a_page_that_says_nonsense_of_where_it_was_still_opens(scene: Scene, kept: dict[str, str]) -> None:
    page = desk(scene).page
    message(shell(page), {"kind": "hello", "kept": kept})
    assert page.task in {"overview", "inbox"}
    assert "did not foresee" not in texts(page)


@pytest.mark.parametrize("task", [task.id for task in tasks.of(Part.BOTH)])
@pytest.mark.parametrize(
    "words", [{"self": "x"}, {"task": "inbox"}, {"request": "x" * 500, "root": "../x", "mail": "7"}]
)
def test_no_word_that_a_page_kept_breaks_a_task(scene: Scene, task: str, words: dict[str, str]) -> None:
    page = desk(scene).page
    message(shell(page), {"kind": "hello", "kept": words | {"task": task}})
    message(shell(page), {"kind": "beat"})
    assert page.task in {task, "overview"}
    assert "did not foresee" not in texts(page)


def test_a_desk_shows_at_each_beat_what_others_did(scene: Scene) -> None:
    page = desk(scene, "operator").page
    assert nav(page).about == "on ca.lab.test · not configured yet"
    scene.configure()
    scene.submit()
    message(shell(page), {"kind": "beat"})
    assert nav(page).about == "on ca.lab.test · CA server"
    assert "1 request waits" in texts(page)


def test_counts_stand_beside_the_tasks(scene: Scene) -> None:
    scene.configure()
    scene.submit()
    scene.lab.post.mailbox.prepare()
    for number in (1, 2):
        content = f"To: x\r\nMessage-ID: <{number}@x>\r\n\r\n".encode()
        scene.lab.post.mailbox.keep(content, sender="x@y", recipient="ca-admin@myca.lab.test", at=scene.clock.now)
    found = standing(scene.lab.instance("MyCA", node="ca.lab.test"), Part.OPERATOR)
    assert found.counts == {"pending": 1, "inbox": 2}
    items = {item["id"]: item for group in nav(desk(scene, "operator").page).groups for item in group["items"]}
    assert (items["inbox"]["count"], items["inbox"]["counted"]) == (2, "received")


def test_standing_says_what_an_instance_is(scene: Scene) -> None:
    scene.configure()
    client = scene.lab.instance("Santiago", node="santiago")
    assert standing(client, Part.BOTH).about == "on santiago · not configured yet"
    assert standing(client, Part.BOTH).next_task == "configure_client", "the lab has a CA server already"
    path = "/MyCA/isc/pki/PKI.CAServer.cls"
    client.client.configure(host="ca.lab.test", port=52773, path=path, contact=Contact("Ana"))
    assert standing(client, Part.BOTH).about == "on santiago · CA client of MyCA"
    assert standing(client, Part.CLIENT).next_task == "submit"
    both = scene.lab.instance("MyCA", node="ca.lab.test")
    both.client.configure(host="ca.lab.test", port=52773, contact=Contact("Ana"))
    assert standing(both, Part.BOTH).about == "on ca.lab.test · CA server and CA client of ca.lab.test"
    assert standing(both, Part.CLIENT).about == "on ca.lab.test · CA client of ca.lab.test"
    assert standing(both, Part.CLIENT).counts["pending"] == 0


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "alone"])
def test_a_refresh_that_fails_is_told_with_an_id_and_goes_away_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, *, whole: bool
) -> None:
    page = desk(scene).page if whole else desk(scene).overview()

    def fails() -> None:
        raise ZeroDivisionError("the inside")

    with monkeypatch.context() as broken:
        broken.setattr(page.view, "refresh", fails)
        message(shell(page), {"kind": "beat"})
    shown = texts(page)
    assert "did not foresee" in shown
    assert "the inside" not in shown
    name = shown.rpartition("under the id ")[2].partition(".")[0]
    assert f"[{name}]" in (scene.path / "run" / "desk.log").read_text()
    for _ in range(20):  # after trouble it waits a little
        message(shell(page), {"kind": "beat"})
    assert "did not foresee" not in texts(page)


def test_a_desk_is_the_same_text_at_each_run_and_holds_no_path_of_the_lab(scene: Scene) -> None:
    made = desk(scene)
    assert repr(made) == "<Desk of MyCA>"
    assert repr(made.page) == "<Desk of MyCA>"
    assert str(scene.path) not in saved()


def test_a_notebook_that_nobody_has_run_says_how_to_see_its_forms(scene: Scene) -> None:
    whole = desk(scene)._repr_mimebundle_()
    assert whole["text/plain"] == "Run this cell in JupyterLab or Voilà to see the desk of MyCA."
    alone = desk(scene).inbox()._repr_mimebundle_()
    assert alone["text/plain"] == "Run this cell in JupyterLab or Voilà to see the form Inbox."
    assert "application/vnd.jupyter.widget-view+json" in alone
