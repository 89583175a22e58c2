"""What is watched from outside: how the doors did, and what waits."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from pkilab.errors import RegistryError
from pkilab.model.figures import Figures
from pkilab.model.settings import ServiceSettings
from pkilab.web.app import create
from pkilab.web.metrics import Metrics
from tests.scene import CA_PASSWORD, NOON, Scene, settings, signing_request
from tests.web.asking import MAIN, Only, ask

WIRE = Path(__file__).resolve().parents[2] / "docs" / "wire.md"


def figures(app: FastAPI) -> dict[tuple[str, ...], float]:
    """All samples: name and labels' values, and the value."""
    response = ask(app, "GET", "/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def submit(app: FastAPI, csr: str, root: str = "R") -> None:
    headers = {"Content-Type": "application/x-pem-file"}
    ask(app, "POST", f"/MyCA/api/requests?host=h&instance=i&root={root}", content=csr.encode(), headers=headers)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    made = Scene(tmp_path / "lab")
    made.configure()
    return made


@pytest.fixture
def app(scene: Scene) -> FastAPI:
    return create(scene.lab.authorities, settings=ServiceSettings())


def test_what_waits_and_what_was_issued_is_told_of_each_ca(app: FastAPI, scene: Scene) -> None:
    scene.issue(scene.submit("One"))
    scene.submit("Two")
    scene.ca.delete(scene.submit("Three").id, confirmed=True)
    scene.lab.instance("Second").server.configure(**settings(root="Second"))
    found = figures(app)
    assert found["pkilab_pending_requests", "MyCA"] == 1
    assert found["pkilab_issued_certificates", "MyCA"] == 1
    assert found["pkilab_pending_requests", "Second"] == found["pkilab_issued_certificates", "Second"] == 0
    assert found["pkilab_mail_waiting",] == len(scene.outbox()) > 3
    assert found["pkilab_registry_up",] == 1


def test_the_ends_of_lists_and_of_the_responders_certificate_are_told_of_each_ca(app: FastAPI, scene: Scene) -> None:
    ends = ("pkilab_crl_next_update_seconds", "pkilab_crl_series_end_seconds", "pkilab_responder_expiry_seconds")
    assert not {name for name, *_ in figures(app)} & set(ends)
    lists = scene.ca.publish_crl(ahead=2, password=CA_PASSWORD).lists
    responder = scene.ca.renew_responder(password=CA_PASSWORD).certificate
    for at, current in ((NOON, lists[0]), (lists[1].this_update, lists[1]), (NOON + timedelta(days=999), lists[2])):
        scene.clock.now = at
        found = figures(app)
        told = [found[name, "MyCA"] for name in ends]
        assert told == [each.timestamp() for each in (current.next_update, lists[2].next_update, responder.not_after)]


def test_requests_are_counted_by_door_and_outcome(app: FastAPI, scene: Scene) -> None:
    pem = signing_request("Counted").pem
    submit(app, pem)
    submit(app, pem)
    submit(app, "none")
    ask(app, "POST", MAIN, content=b"<")
    ask(app, "GET", MAIN)
    ask(app, "GET", "/MyCA/api/certificates/9")
    ask(app, "GET", "/MyCA/api/certificates?limit=0")
    ask(app, "GET", "/nothing")
    ask(app, "DELETE", "/MyCA/api")
    ask(app, "GET", "/healthz")
    scene.send(signing_request("Other"), "Other")
    found = figures(app)
    expected = {
        ("rest", "new"): 1,
        ("rest", "known"): 1,
        ("rest", "InvalidCSR"): 1,
        ("soap", "InvalidMessage"): 1,
        ("soap", "ok"): 1,
        ("rest", "UnknownNumber"): 1,
        ("rest", "InvalidField"): 1,
        ("other", "NotFound"): 1,
        ("rest", "MethodNotAllowed"): 1,
        ("health", "ok"): 1,
    }
    assert {key[1:]: value for key, value in found.items() if key[0] == "pkilab_requests_total"} == expected
    submissions = {key[1:]: value for key, value in found.items() if key[0] == "pkilab_submissions_total"}
    assert submissions == {("rest", "new"): 1, ("rest", "known"): 1}
    assert found["pkilab_request_duration_seconds_count", "rest"] == 6
    assert found["pkilab_requests_under_way",] == 1  # this one


def test_no_part_of_a_path_makes_a_series_of_its_own(app: FastAPI) -> None:
    before = len(figures(app))
    for name in ("a", "b", "c"):
        ask(app, "GET", f"/{name}/api/certificates/{name}?x={name}")
    first = len(figures(app))
    for name in ("d", "e", "f"):
        ask(app, "GET", f"/{name}/api/certificates/{name}?x={name}")
    assert len(figures(app)) == first > before


def test_without_the_registry_the_figures_of_the_service_remain(caplog: pytest.LogCaptureFixture) -> None:
    class Down(Only):
        def figures(self) -> Figures:
            raise RegistryError("/secret/registry", "it is gone")

    response = ask(create(Down(), settings=ServiceSettings()), "GET", "/metrics")
    assert response.status_code == 200
    assert "pkilab_registry_up 0.0" in response.text
    assert "pkilab_pending" not in response.text
    assert "secret" not in response.text


def test_two_services_count_by_themselves() -> None:
    one, two = (create(Only(), settings=ServiceSettings()) for _ in range(2))
    ask(one, "GET", "/healthz")
    assert ("pkilab_requests_total", "health", "ok") in figures(one)
    assert ("pkilab_requests_total", "health", "ok") not in figures(two)


def test_every_figure_is_documented_and_no_other(scene: Scene) -> None:
    told = set(re.findall(r"^\| `(pkilab_\w+)` \|", WIRE.read_text(encoding="utf-8"), re.MULTILINE))
    found = Metrics(scene.lab.authorities.figures, lambda: 7).registry.collect()
    names = {family.name + "_total" * (family.type == "counter") for family in found}
    assert {name for name in names if not name.startswith("process_")} == told
