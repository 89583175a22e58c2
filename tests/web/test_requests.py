"""The API's requests: a CSR is sent as JSON or alone, and its sender can ask what became of it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from pkilab.model.request import RequestState
from pkilab.model.settings import ServiceSettings
from pkilab.web.app import create
from tests.scene import Scene, signing_request
from tests.web.asking import MAIN, Only, ask

JSON = {"Content-Type": "application/json"}
REQUESTS = "/MyCA/api/requests"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    made = Scene(tmp_path_factory.mktemp("lab"))
    made.configure()
    return made


@pytest.fixture
def app(scene: Scene) -> FastAPI:
    return create(scene.lab.authorities, settings=ServiceSettings())


def body(root: str, /, **changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "csr": signing_request(root).pem,
        "host": "santiago",
        "instance": "SANTIAGO",
        "root": root,
        "contact": {"name": "Ana Rojas", "phone": "+56 2 5550 0142", "email": "ana@lab.test"},
        "subject": "/CN=claimed",
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def send(app: FastAPI, content: Any, path: str = REQUESTS, **more: Any) -> httpx.Response:
    return ask(app, "POST", path, content=json.dumps(content).encode(), headers=JSON, **more)


def problem(response: httpx.Response) -> tuple[int, str, str]:
    assert response.headers["content-type"] == "application/problem+json"
    found = response.json()
    assert found["status"] == response.status_code
    return found["status"], found["code"], found["detail"]


def test_a_request_is_taken_into_the_queue(app: FastAPI, scene: Scene) -> None:
    sent = body("Taken")
    response = send(app, sent)
    assert response.status_code == 201
    found = response.json()
    (request,) = (one for one in scene.ca.pending() if one.root == "Taken")
    assert "successfully submitted" in found["message"]
    assert found["ticket"] == request.ticket
    assert response.headers["location"] == found["links"]["state"] == f"{REQUESTS}/{request.ticket}"
    assert (found["state"], found["number"], found["links"]["certificate"]) == ("pending", None, None)
    assert found["fingerprint"]["sha256"] == request.fingerprint.sha256
    assert found["subject"] == "CN = taken.lab.test"
    assert request.contact.email == "ana@lab.test"
    assert request.claimed_subject == "/CN=claimed"


def test_the_same_csr_again_makes_no_second_request(app: FastAPI, scene: Scene) -> None:
    sent = body("Again")
    first, second = send(app, sent), send(app, sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["ticket"] == first.json()["ticket"]
    assert "successfully submitted before" in second.json()["message"]
    assert "location" not in second.headers
    assert [one.root for one in scene.ca.pending()].count("Again") == 1


def test_what_became_of_a_request_can_be_asked_by_its_ticket(app: FastAPI, scene: Scene) -> None:
    tickets = [send(app, body(root)).json()["links"]["state"] for root in ("Waits", "Issued", "Deleted")]
    waiting = {one.root: one for one in scene.ca.pending()}
    issued = scene.issue(waiting["Issued"])
    scene.ca.delete(waiting["Deleted"].id, confirmed=True, reason="Nobody answers the phone.")
    waits, done, gone = (ask(app, "GET", ticket).json() for ticket in tickets)
    assert (waits["state"], waits["message"]) == ("pending", "Certificate Signing Request Waits is pending.")
    assert (done["state"], done["number"]) == ("issued", str(issued.number))
    assert f"number {issued.number}." in done["message"]
    certificate = ask(app, "GET", done["links"]["certificate"])
    assert certificate.text == issued.pem
    assert (gone["state"], gone["reason"]) == ("deleted", "Nobody answers the phone.")
    assert gone["message"].endswith("by the CA's operator: Nobody answers the phone.")
    assert gone["decided_at"]


def test_who_decided_and_the_contact_are_not_told(app: FastAPI, scene: Scene) -> None:
    state = send(app, body("Discreet")).json()["links"]["state"]
    scene.issue(next(one for one in scene.ca.pending() if one.root == "Discreet"))
    text = ask(app, "GET", state).text
    assert "opal" not in text
    assert "Ana" not in text


@pytest.mark.parametrize("ticket", ["0" * 32, "1", "x" * 400, "%00", "%2e%2e"])
def test_a_ticket_that_nobody_was_given_is_not_found(app: FastAPI, ticket: str) -> None:
    status, code, sentence = problem(ask(app, "GET", f"{REQUESTS}/{ticket}"))
    assert (status, code) == (404, "UnknownRequest")
    assert "ticket" in sentence


@pytest.mark.parametrize("form", ["pem", "der"])
@pytest.mark.parametrize("media", ["application/pkcs10", "application/x-pem-file", "Text/Plain; charset=utf-8"])
def test_a_csr_may_come_alone(app: FastAPI, scene: Scene, form: str, media: str) -> None:
    root = f"Alone-{form}-{media[:7].replace('/', '')}{len(media)}"
    request = signing_request(root)
    query = f"?host=santiago&instance=SANTIAGO&root={root}&contact_name=Ana%20Rojas&contact_email=a%40lab.test"
    content = request.pem.encode() if form == "pem" else request.der
    response = ask(app, "POST", REQUESTS + query, content=content, headers={"Content-Type": media})
    assert response.status_code == 201
    (waiting,) = (one for one in scene.ca.pending() if one.root == root)
    assert waiting.content == request
    assert (waiting.contact.name, waiting.contact.email) == ("Ana Rojas", "a@lab.test")


@pytest.mark.parametrize("media", ["", "application/x-www-form-urlencoded", "text/xml", "application/jsonx"])
def test_a_body_of_another_media_type_is_refused(app: FastAPI, media: str) -> None:
    response = ask(app, "POST", REQUESTS, content=b"{}", headers={"Content-Type": media})
    assert problem(response)[:2] == (415, "UnsupportedMediaType")
    assert "application/json" in response.headers["accept-post"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe\xfd", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"1" * 5000, "no JSON"),
        (b"[]", "no object"),
        (b"null", "no object"),
        (b'{"contact": []}', "contact is no object"),
        (b'{"csr": 7}', "csr is no text"),
        (b'{"host": null}', "host is no text"),
        (b'{"contact": {"name": {}}}', "name is no text"),
    ],
)
def test_what_is_no_json_of_ours_is_refused(app: FastAPI, content: bytes, words: str) -> None:
    status, code, sentence = problem(ask(app, "POST", REQUESTS, content=content, headers=JSON))
    assert (status, code) == (400, "InvalidMessage")
    assert words in sentence


def test_json_says_all_of_it_in_json(app: FastAPI) -> None:
    assert problem(send(app, body("Query"), REQUESTS + "?host=other"))[:2] == (400, "InvalidMessage")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"host": None}, "host"),
        ({"instance": "a:b"}, "instance"),
        ({"root": "cache"}, "root"),
        ({"csr": " "}, "csr"),
        ({"contact": {"email": "x" * 201}}, "contact.email"),
        ({"contact": {"phone": "x\x0f\x0f" + "x" * 198}}, "contact.phone"),  # 201 as sent, 200 when folded
        ({"subject": "x" * 1001}, "subject"),
        ({"host": "\ud800"}, "host"),
    ],
)
def test_a_problem_names_the_member_that_is_at_fault(app: FastAPI, change: dict[str, Any], field: str) -> None:
    response = send(app, body("Fault", **change))
    assert problem(response)[:2] == (422, "InvalidField")
    assert response.json()["field"] == field


def test_a_problem_about_no_field_names_none(app: FastAPI) -> None:
    assert "field" not in send(app, body("None", csr="-----BEGIN")).json()


def test_a_large_body_and_an_unknown_ca_are_refused(app: FastAPI, scene: Scene) -> None:
    assert problem(send(app, {"csr": "x" * 300_000}))[:2] == (413, "TooLarge")
    assert problem(send(app, body("Other"), "/Other/api/requests"))[:2] == (404, "NotConfigured")
    nobody = create(Only(), settings=ServiceSettings())
    assert problem(send(nobody, body("Other")))[:2] == (404, "NotConfigured")


def test_submissions_of_both_doors_are_counted_together(scene: Scene) -> None:
    app = create(scene.lab.authorities, settings=ServiceSettings(submissions_a_minute=2))
    envelope = (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        '<SubmitCSR xmlns="http://pki.intersystems.com"><csr><Name>h:i:r</Name><Contents>x</Contents></csr></SubmitCSR>'
        "</soap:Body></soap:Envelope>"
    )
    assert b"InvalidCSR" in ask(app, "POST", MAIN, content=envelope.encode()).content
    assert problem(send(app, body("r", csr="x")))[1] == "InvalidCSR"
    response = send(app, body("r", csr="x"))
    assert problem(response)[:2] == (429, "TooOften")
    assert response.headers["retry-after"] == "60"
    assert b"TooOften" in ask(app, "POST", MAIN, content=envelope.encode()).content
    assert problem(send(app, body("r", csr="x"), client="192.0.2.8"))[1] == "InvalidCSR"


def test_the_bound_of_pending_requests_holds(tmp_path: Path) -> None:
    from dataclasses import replace

    from pkilab.store import authorities

    scene = Scene(tmp_path / "lab")
    scene.configure()
    with scene.lab.registry.writing() as tx:
        authorities.replace_settings(tx, replace(scene.ca.settings, max_pending=1))
    app = create(scene.lab.authorities, settings=ServiceSettings())
    assert send(app, body("One")).status_code == 201
    assert problem(send(app, body("Two")))[:2] == (503, "TooManyPending")
    assert all(one.state is RequestState.PENDING for one in scene.ca.pending())


@limits(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["csr", "host", "contact"]), inner)
            ),
        ).map(lambda value: json.dumps(value).encode()),
    ),
    media=st.sampled_from(["application/json", "application/pkcs10", "text/plain"]),
)
def test_no_body_makes_the_service_fail(app: FastAPI, content: bytes, media: str) -> None:
    response = ask(
        app, "POST", REQUESTS + "?host=h&instance=i&root=r", content=content, headers={"Content-Type": media}
    )
    assert problem(response)[0] in {400, 422}


def test_base64_without_its_frame_is_refused_in_words(app: FastAPI) -> None:
    content = base64.b64encode(signing_request("Bare").der)
    path = REQUESTS + "?host=h&instance=i&root=r"
    response = ask(app, "POST", path, content=content, headers={"Content-Type": "application/pkcs10"})
    assert problem(response)[:2] == (422, "InvalidCSR")
