"""The doors of revocation: lists, OCSP, the CA's certificate."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.x509 import ocsp
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseStatus
from fastapi import FastAPI

from pkilab.model.settings import ServiceSettings
from pkilab.web.app import create
from tests.scene import CA_PASSWORD, NOON, Scene
from tests.web.asking import FailingCA, Only, ask
from tests.web.octets import question

OCSP = "application/ocsp-response"


@pytest.fixture
def app(scene: Scene) -> FastAPI:
    return create(scene.lab.authorities, settings=ServiceSettings(max_body=4096))


def test_the_current_list_is_served_with_how_long_it_may_be_kept(app: FastAPI, scene: Scene) -> None:
    scene.ca.revoke(1, reason="keyCompromise", password=CA_PASSWORD)
    answer = ask(app, "GET", "/MyCA/crl")
    assert answer.headers["content-type"] == "application/pkix-crl"
    assert [entry.serial_number for entry in x509.load_der_x509_crl(answer.content)] == [1]
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["cache-control"] == "max-age=300, public, no-transform, must-revalidate"
    assert parsedate_to_datetime(answer.headers["last-modified"]) == NOON
    assert parsedate_to_datetime(answer.headers["expires"]) == NOON + timedelta(days=30)
    same = ask(app, "GET", "/MyCA/crl", headers={"If-None-Match": f'"other", {answer.headers["etag"]}'})
    assert (same.status_code, same.content) == (304, b"")
    scene.clock.forward(days=30)
    assert ask(app, "GET", "/MyCA/crl").headers["cache-control"].startswith("max-age=0,")


def test_a_list_that_takes_over_is_another_without_a_restart(app: FastAPI, scene: Scene) -> None:
    scene.ca.publish_crl(password=CA_PASSWORD, ahead=1)
    before = ask(app, "GET", "/MyCA/crl")
    scene.clock.forward(days=27)
    after = ask(app, "GET", "/MyCA/crl", headers={"If-None-Match": before.headers["etag"]})
    assert x509.load_der_x509_crl(after.content).extensions.get_extension_for_class(
        x509.CRLNumber
    ).value.crl_number == 2  # fmt: skip


def test_where_there_is_no_list_or_no_ca_that_is_said(app: FastAPI) -> None:
    none = ask(app, "GET", "/MyCA/crl")
    assert (none.status_code, none.json()["code"]) == (404, "NoRevocationList")
    for path in ("/Other/crl", "/Other/ca.cer", "/Other/ocsp/AA"):
        assert ask(app, "GET", path).json()["code"] == "NotConfigured"
    assert ask(app, "POST", "/Other/ocsp", content=b"x").status_code == 404


def test_the_cas_certificate_is_served_in_der(app: FastAPI, scene: Scene) -> None:
    answer = ask(app, "GET", "/MyCA/ca.cer")
    assert answer.headers["content-type"] == "application/pkix-cert"
    assert answer.content == scene.ca.ca_certificate().certificate.der


def test_posted_questions_are_answered_and_not_kept(app: FastAPI, scene: Scene) -> None:
    answer = ask(
        app, "POST", "/MyCA/ocsp", content=question(scene), headers={"Content-Type": "application/ocsp-request"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, OCSP)
    assert ocsp.load_der_ocsp_response(answer.content).certificate_status is OCSPCertStatus.GOOD
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("safe", ["", "/+=", "/"])
def test_questions_by_get_are_answered_however_they_are_encoded(app: FastAPI, scene: Scene, safe: str) -> None:
    encoded = quote(base64.b64encode(question(scene)), safe=safe)
    answer = ask(app, "GET", f"/MyCA/ocsp/{encoded}")
    assert ocsp.load_der_ocsp_response(answer.content).certificate_status is OCSPCertStatus.GOOD
    assert answer.headers["cache-control"] == "max-age=600, public, no-transform, must-revalidate"
    assert parsedate_to_datetime(answer.headers["last-modified"]) == NOON
    assert parsedate_to_datetime(answer.headers["expires"]) == NOON + timedelta(minutes=10)
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'


def test_an_answer_with_a_nonce_is_not_kept(app: FastAPI, scene: Scene) -> None:
    encoded = quote(base64.b64encode(question(scene, nonce=True)), safe="")
    answer = ask(app, "GET", f"/MyCA/ocsp/{encoded}")
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


@pytest.mark.parametrize("path", ["/MyCA/ocsp/!", "/MyCA/ocsp/", "/MyCA/ocsp/AAAA", "/MyCA/ocsp/%FF%00"])
def test_what_is_no_question_is_malformed(app: FastAPI, path: str) -> None:
    answer = ask(app, "GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, OCSP)
    assert answer.headers["cache-control"] == "no-store"
    assert ocsp.load_der_ocsp_response(answer.content).response_status is OCSPResponseStatus.MALFORMED_REQUEST


def test_a_question_that_is_too_long_is_refused(app: FastAPI) -> None:
    assert ask(app, "POST", "/MyCA/ocsp", content=bytes(5000)).json()["code"] == "TooLarge"


def test_what_nobody_foresaw_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    app = create(Only(FailingCA(ZeroDivisionError("hush"))), settings=ServiceSettings())
    for method, path in (("POST", "/MyCA/ocsp"), ("GET", "/MyCA/ocsp/AAAA"), ("GET", "/MyCA/crl")):
        answer = ask(app, method, path, content=b"x" if method == "POST" else None)
        assert answer.status_code == 500
        assert "hush" not in answer.text
    assert caplog.records


def test_figures_count_by_door_and_outcome(app: FastAPI, scene: Scene) -> None:
    ask(app, "POST", "/MyCA/ocsp", content=question(scene))
    ask(app, "GET", "/MyCA/ocsp/AAAA")
    ask(app, "GET", "/MyCA/crl")
    text = ask(app, "GET", "/metrics").text
    for label in (
        'door="ocsp",outcome="ok"',
        'door="ocsp",outcome="malformedRequest"',
        'door="crl",outcome="NoRevocationList"',
    ):
        assert f"pkilab_requests_total{{{label}}} 1.0" in text


def test_the_api_says_where_they_are(app: FastAPI, scene: Scene) -> None:
    scene.ca.publish_crl(password=CA_PASSWORD)
    links = ask(app, "GET", "/MyCA/api").json()["links"]
    assert (links["crl"], links["ocsp"]) == ("/MyCA/crl", "/MyCA/ocsp")
