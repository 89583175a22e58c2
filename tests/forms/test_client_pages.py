"""What a client's pages show after an act, and where they lead: to one next step, and never two outcomes at once."""

from __future__ import annotations

import logging
from typing import Any

import ipywidgets as widgets

from pkilab.forms.configure_client import ConfigureClient, ConfigureClientView
from pkilab.forms.get_certificates import GetCertificates, GetCertificatesView
from pkilab.forms.guard import Guard
from pkilab.forms.own import Own
from pkilab.forms.own_view import OwnView
from pkilab.forms.submit import Submit
from pkilab.forms.submit_view import SubmitView
from pkilab.forms.view import Surroundings
from pkilab.lab import Instance
from pkilab.model.dn import DN
from pkilab.web.service import Service
from tests.forms.pages import pressed, texts, within
from tests.scene import Scene


class Desk:
    """Whatever is asked of a desk."""

    def __init__(self) -> None:
        self.went: list[tuple[str, dict[str, str]]] = []
        self.around = Surroundings(guard=Guard(logging.getLogger("pages"), "a log"), go=self.go)

    def go(self, task: str, **words: str) -> None:
        self.went.append((task, words))


def captions(widget: Any) -> list[str]:
    """The labels of all fields in a widget."""
    return [each.description.partition("<")[0].strip() for each in within(widget) if hasattr(each, "description")]


def primary(view: Any) -> list[str]:
    """The labels of the buttons that stand out."""
    buttons = [each for each in within(view) if isinstance(each, widgets.Button)]
    return [each.description for each in buttons if "pkilab-go" in each._dom_classes]


def test_a_failure_takes_the_place_of_an_earlier_success(santiago: Instance, service: Service) -> None:
    view = GetCertificatesView(GetCertificates(santiago.client), Desk().around)
    pressed(view, "Get the CA certificate")
    assert "MyCA.cer" in texts(view)
    service.stop()
    pressed(view, "Get the CA certificate")
    assert "nothing listens there" in texts(view)
    assert "MyCA.cer" not in texts(view)
    assert primary(view) == ["Get the CA certificate"]


def test_the_ca_certificate_is_one_press_away_from_a_configured_client(santiago: Instance) -> None:
    desk = Desk()
    form = ConfigureClient(santiago.client)
    configured = ConfigureClientView(form, desk.around)
    pressed(configured, "Save")
    pressed(configured, "Get the CA certificate")
    ((task, words),) = desk.went
    assert task == "get_certificates"
    view = GetCertificatesView(GetCertificates(santiago.client), desk.around)
    view.opened(**words)
    assert view.form.result.root == "MyCA"
    assert "fetch" not in view.kept()  # a reload fetches nothing
    assert primary(view) == ["Submit a request"]


def test_what_goes_wrong_in_a_test_of_the_connection_is_told_beside_its_button(
    santiago: Instance, service: Service
) -> None:
    view = ConfigureClientView(ConfigureClient(santiago.client), Desk().around)
    service.stop()
    pressed(view, "Test connection")
    (server,) = [each for each in within(view) if "pkilab-box" in each._dom_classes and "Server" in captions(each)]
    assert "nothing listens there" in texts(server)
    assert texts(view).count("nothing listens there") == 1
    view.form.contact_name = "x" * 300
    pressed(view, "Save")
    assert "nothing listens there" not in texts(view)


def test_an_issued_certificate_that_waits_comes_before_another_request(scene: Scene, santiago: Instance) -> None:
    desk = Desk()
    santiago.client.submit(root="Web", subject=DN(common_name="santiago.lab.test"), key_algorithm="ec-p256")
    (request,) = scene.ca.pending()
    scene.issue(request)
    view = GetCertificatesView(GetCertificates(santiago.client), desk.around)
    view.opened(fetch="ca")
    assert primary(view) == ["Get the certificate of Web"]
    pressed(view, "Get the certificate of Web")
    ((task, words),) = desk.went
    assert task == "get_certificates"
    view.opened(**words)
    view.refresh()
    assert "Certificate 1 of Web was issued" in texts(view)
    pressed(view, "Get it")
    santiago.client.renew(root="Web")
    view.opened(fetch="ca")
    pressed(view, "Get the certificate of Web")
    assert desk.went[-1][1] == {"waiting": "Web", "known": "1"}


def test_a_client_is_told_what_the_manager_directory_is_where_it_first_meets_it(santiago: Instance) -> None:
    around = Desk().around
    for view in (
        GetCertificatesView(GetCertificates(santiago.client), around),
        SubmitView(Submit(santiago.client), around),
        OwnView(Own(santiago.client), around),
    ):
        assert "manager directory, this instance" in texts(view)


def test_a_certificate_of_ones_own_leads_to_its_use(scene: Scene, santiago: Instance) -> None:
    client = santiago.client
    client.submit(root="Web", subject=DN(common_name="santiago.lab.test"), key_algorithm="ec-p256")
    (waiting,) = scene.ca.pending()
    number = scene.issue(waiting).number
    client.get_ca_certificate()
    desk = Desk()
    view = GetCertificatesView(GetCertificates(client), desk.around)
    view.form.get(number)
    assert "Use it" in primary(view)
    pressed(view, "Use it")
    assert desk.went == [("own", {"root": "Web"})]
