"""The entrances of the dashboards: what visitors and operators open, and what stays closed."""

from pathlib import Path
from typing import Any

import pytest

from pkilab.desk import Desk, clients, operators
from pkilab.desk.entrance import Entrance
from pkilab.errors import NotAVisitors, NotReady, WrongAccessCode
from pkilab.forms.entrance import VisitorsEntrance
from pkilab.forms.parts.table import TableView
from pkilab.forms.visitors import AdmitVisitors
from pkilab.lab import Lab
from tests.forms.pages import within
from tests.scene import Scene


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    scene = Scene(tmp_path / "lab")
    scene.configure()
    return scene.lab


def test_a_free_name_is_made_and_a_taken_one_asks_for_its_code(lab: Lab) -> None:
    form = VisitorsEntrance(lab.visitors)
    form.name_ = "Santiago"
    assert not form.known
    with pytest.raises(NotReady):
        form.open_()
    assert form.make().name == "Santiago"
    code = form.code
    form = VisitorsEntrance(lab.visitors)
    form.name_ = "santiago"
    assert form.known
    with pytest.raises(NotReady):
        form.make()
    assert form.blocked("open_") == ("Access code is needed.",)
    form.access_code = "AAAA-AAAA-AAAA"
    with pytest.raises(WrongAccessCode):
        form.open_()
    assert form.access_code == ""
    form.access_code = code
    assert form.open_().name == "Santiago"


def test_a_ca_server_is_not_opened_by_a_visitor(lab: Lab) -> None:
    form = VisitorsEntrance(lab.visitors)
    form.name_, form.access_code = "MyCA", "AAAA-AAAA-AAAA"
    with pytest.raises(NotAVisitors):
        form.open_()
    form.known = False  # as a forged message might
    with pytest.raises(NotReady):
        form.open_()


def test_an_operator_sets_a_new_code_for_a_visitors_instance_only(lab: Lab) -> None:
    _, old = lab.visitors.welcome("Santiago")
    form = AdmitVisitors(lab.visitors)
    with pytest.raises(NotReady):
        form.renew()
    form.chosen = "MyCA"
    with pytest.raises(NotAVisitors):
        form.renew()
    form.chosen = "Santiago"
    code = form.renew()
    assert code != old
    lab.visitors.admit("Santiago", code)


def opened(page: Entrance) -> str | None:
    """Return the instance whose desk is open."""
    return page.desk.desk.instance.name if page.desk else None


def hello(page: Entrance, **kept: Any) -> None:
    """Send what a page says when it opens."""
    page._keeper._heard(None, {"kind": "hello", "kept": kept}, None)


def test_a_reloaded_page_opens_its_own_desk_again(lab: Lab) -> None:
    page = clients(lab)
    lab.visitors.welcome("Santiago")
    ticket = lab.visitors.ticket("Santiago")
    hello(page, ticket=ticket[:-1])
    hello(page, instance="MyCA")
    hello(page, ticket="MyCA.9999999999.00")
    assert opened(page) is None
    hello(page, ticket=ticket)
    assert opened(page) == "Santiago"
    assert page.desk is not None
    page.desk._chosen("leave")
    assert opened(page) is None


def test_the_clients_page_has_no_task_of_an_operator(lab: Lab) -> None:
    instance, _ = lab.visitors.welcome("Santiago")
    page = clients(lab)
    page.enter(instance)
    assert page.desk is not None
    before = page.desk.task
    for task in ("configure_server", "pending", "certificates", "visitors", "journal"):
        page.desk._nav._heard(None, {"kind": "choose", "task": task}, None)
        page.desk.turn_to(task)
        page.desk._hello({"task": task})
        assert page.desk.task == before


def test_the_operators_page_opens_every_instance(lab: Lab) -> None:
    lab.visitors.welcome("Santiago")
    page = operators(lab)
    hello(page, instance="Nobody")
    assert opened(page) is None
    hello(page, instance="MyCA")
    assert opened(page) == "MyCA"
    assert repr(Desk(lab.instance("MyCA"))) == "<Desk of MyCA>"


def test_the_operators_page_lists_ca_servers_and_the_others_apart(lab: Lab) -> None:
    page = operators(lab)
    assert page.view is not None
    servers, others = [each for each in within(page) if isinstance(each, TableView)]
    (rest,) = [each for each in within(page) if getattr(each, "description", "") == "Instances that are no CA server"]
    assert [row["id"] for row in servers.rows] == ["MyCA"]
    assert page.view._rest.layout.display == "none"
    lab.visitors.welcome("Santiago")
    page.view.refresh()
    assert [row["id"] for row in servers.rows] == ["MyCA"]
    assert [row["id"] for row in others.rows] == ["Santiago"]
    assert page.view._rest.layout.display is None
    assert rest in list(within(page.view._rest))
