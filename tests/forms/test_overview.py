"""Where you stand: the steps of a CA server and a CA client, and the next sensible one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from pkilab.desk import Desk
from pkilab.desk.desk import DeskPage, Page
from pkilab.forms.overview import Stand, Step, ca_of
from pkilab.model.contact import Contact
from pkilab.model.running import Queue
from pkilab.model.settings import ClientSettings
from tests.forms.pages import pressed, texts, within
from tests.scene import Scene

ANA = Contact("Ana Rojas", email="ana@lab.test")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "lab")
    yield made
    made.lab.registry.close()


def queue(pending: int = 0, certificates: int = 0) -> Queue:
    return Queue(instance="MyCA", main=True, directory=Path("ca"), pending=pending, certificates=certificates)


def client(path: str = "/isc/pki/PKI.CAServer.cls") -> ClientSettings:
    return ClientSettings(host="ca.lab.test", port=52773, path=path, contact=ANA)


def stand(**about: Any) -> Stand:
    return Stand(**{"as_server": True, "as_client": True, "queue": None, "client": None} | about)


@pytest.mark.parametrize(
    ("where", "task"),
    [
        (stand(as_client=False), "configure_server"),
        (stand(as_client=False, queue=queue()), "pending"),
        (stand(as_client=False, queue=queue(pending=2)), "pending"),
        (stand(as_client=False, queue=queue(certificates=2)), "certificates"),
        (stand(as_server=False), "configure_client"),
        (stand(as_server=False, client=client()), "submit"),
        (stand(), "configure_server"),
        (stand(guest=True), "configure_client"),
        (stand(client=client()), "submit"),
        (stand(queue=queue()), "configure_client"),
        (stand(queue=queue(pending=1)), "pending"),
        (stand(queue=queue(certificates=1), client=client()), "certificates"),
    ],
)
def test_the_next_sensible_step_is_found(where: Stand, task: str) -> None:
    assert where.next_step is not None
    assert where.next_step.task == task


def test_a_step_says_how_much_waits() -> None:
    assert stand(queue=queue(pending=1)).server_step == Step(task="pending", label="Look at 1 pending request")
    assert stand(queue=queue(pending=3)).server_step == Step(task="pending", label="Look at 3 pending requests")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/isc/pki/PKI.CAServer.cls", "ca.lab.test"),
        ("/MyCA/isc/pki/PKI.CAServer.cls", "MyCA"),
        ("/elsewhere", "ca.lab.test"),
    ],
)
def test_a_clients_ca_is_called_by_its_instance_where_that_is_known(path: str, name: str) -> None:
    assert ca_of(client(path)) == name


def overview(scene: Scene, part: str = "operator", instance: str = "MyCA") -> Page:
    return Desk(scene.lab.instance(instance, node="ca.lab.test"), part=part).overview()


def test_the_page_follows_from_nothing_to_issued_certificates(scene: Scene) -> None:
    page = overview(scene)
    assert "Not configured yet." in texts(page)
    assert "Chain of trust" not in texts(page)
    scene.configure()
    page.view.refresh()
    shown = texts(page)
    assert "No requests wait; no certificates were issued." in shown
    assert "Chain of trust" in shown
    request = scene.submit()
    page.view.refresh()
    assert "1 request waits; no certificates were issued." in texts(page)
    scene.issue(request)
    page.view.refresh()
    shown = texts(page)
    assert "No requests wait; 1 certificate was issued." in shown
    assert "When certificates expire" in shown
    scene.ca.reinitialize(confirmed=True)
    page.view.refresh()
    assert "Not configured yet." in texts(page)
    assert "Chain of trust" not in texts(page)


def test_what_did_not_change_is_not_drawn_again(scene: Scene) -> None:
    scene.configure()
    scene.issue(scene.submit())
    page = overview(scene)
    sent: list[object] = []
    for each in within(page):
        each.observe(sent.append)
    page.view.refresh()
    assert sent == []
    scene.clock.forward(days=1)
    page.view.refresh()
    assert sent, "how long certificates live is drawn anew each day"


def test_a_clients_page_says_nothing_of_the_server(scene: Scene) -> None:
    scene.configure()
    shown = texts(overview(scene, "client")).split("</style>")[-1]
    assert "CA client" in shown
    assert "CA server" not in shown
    assert "Chain of trust" not in shown


def test_what_runs_out_is_said(scene: Scene) -> None:
    scene.configure(public_url="http://ca.lab.test:52773")
    queue = scene.ca.queue()
    assert queue is not None
    assert queue.alerts
    shown = overview(scene)
    assert "has published none yet. Publish one." in texts(shown)
    assert "pkilab server publish-crl" not in texts(shown)  # a button does it
    assert "pkilab server publish-crl" in str(queue.alerts[0])
    desk = Desk(scene.lab.instance("MyCA"), part="operator").page
    pressed(desk, "See to revocation")
    assert isinstance(desk, DeskPage)
    assert desk.task == "revocation"


def test_what_is_to_be_done_about_the_medium_with_the_key_is_said(scene: Scene) -> None:
    scene.configure(directory=scene.lab.media.new("stick").path / "ca")
    page = overview(scene)
    assert "The medium stick is mounted. Eject it as soon as the work is done" in texts(page)
    scene.lab.media.eject("stick")
    page.view.refresh()
    assert "Mount the medium stick: nothing can be issued" in texts(page)
    assert "Eject it as soon as" not in texts(page)
    desk = Desk(scene.lab.instance("MyCA"), part="operator").page
    pressed(desk, "Go to the media")
    assert isinstance(desk, DeskPage)
    assert desk.task == "media"


def test_the_primary_button_of_a_desk_opens_the_next_step(scene: Scene) -> None:
    desk = Desk(scene.lab.instance("MyCA", node="ca.lab.test"), part="operator").page
    assert isinstance(desk, DeskPage)
    assert desk.task == "overview"
    button = pressed(desk, "Configure this server")
    assert "pkilab-go" in button._dom_classes
    assert desk.task == "configure_server"


def test_the_other_parts_button_is_not_the_primary_one(scene: Scene) -> None:
    desk = Desk(scene.lab.instance("MyCA", node="ca.lab.test")).page
    buttons = [each for each in within(desk) if isinstance(each, widgets.Button)]
    main = [each.description for each in buttons if "pkilab-go" in each._dom_classes]
    assert main == ["Configure this server"]
    assert "Configure this client" in [each.description for each in buttons]
