"""The API's read part."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from pkilab.model.settings import Serials, ServiceSettings
from pkilab.web.app import create
from tests.scene import CA_PASSWORD, Scene
from tests.web.asking import FailingCA, Only, ask


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    made = Scene(tmp_path_factory.mktemp("lab"))
    made.configure(serials=Serials.RANDOM)
    for root in ("One", "Two", "Three"):
        made.issue(made.submit(root))
    return made


@pytest.fixture
def app(scene: Scene) -> FastAPI:
    return create(scene.lab.authorities, settings=ServiceSettings())


def test_a_ca_says_who_it_is_and_where_to_go_on(app: FastAPI, scene: Scene) -> None:
    found = ask(app, "GET", "/MyCA/api").json()
    own = scene.ca.ca_certificate()
    assert {name: found[name] for name in ("instance", "node", "root", "subject")} == {
        "instance": "MyCA",
        "node": "ca.lab.test",
        "root": "MyCA",
        "subject": "CN = Training CA",
    }
    assert found["fingerprint"] == {"sha1": own.fingerprint.sha1, "sha256": own.fingerprint.sha256}
    assert datetime.fromisoformat(found["not_after"]) == own.not_after
    for name in ("certificate", "chain", "certificates", "soap"):
        assert ask(app, "GET", found["links"][name]).status_code == 200


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        ("", "*/*", "application/x-pem-file"),
        ("", "", "application/x-pem-file"),
        ("", "application/pkix-cert", "application/pkix-cert"),
        ("", "text/html, application/json;q=0.9, application/pkix-cert;q=0.5", "application/json"),
        ("", "application/json;q=x, text/plain;q=0.1", "application/x-pem-file"),
        ("?format=der", "application/json", "application/pkix-cert"),
        ("?format=json", "", "application/json"),
        ("?format=pem", "application/pkix-cert", "application/x-pem-file"),
    ],
)
def test_a_certificate_comes_as_it_is_wanted(app: FastAPI, scene: Scene, query: str, accept: str, media: str) -> None:
    issued = scene.ca.certificates().certificates[0]
    for path, expected in [
        ("/MyCA/api/certificate", scene.ca.ca_certificate()),
        (f"/MyCA/api/certificates/{issued.number}", issued),
    ]:
        response = ask(app, "GET", path + query, headers={"Accept": accept})
        assert response.headers["content-type"] == media
        if media == "application/json":
            found = response.json()
            assert (found["pem"], found["number"]) == (expected.pem, str(expected.number))
            assert datetime.fromisoformat(found["not_after"]) == expected.not_after
            assert found["fingerprint"]["sha256"] == expected.fingerprint.sha256
        else:
            assert response.content in (expected.pem.encode(), expected.certificate.der)
            assert response.content.startswith(b"-----BEGIN") == (media == "application/x-pem-file")


def test_the_chain_comes_in_pem(app: FastAPI, scene: Scene) -> None:
    response = ask(app, "GET", "/MyCA/api/chain")
    assert response.headers["content-type"] == "application/pem-certificate-chain"
    assert response.text == scene.ca.chain().pem


def test_certificates_come_in_pages_in_the_order_of_issue_with_numbers_as_text(app: FastAPI, scene: Scene) -> None:
    first = ask(app, "GET", "/MyCA/api/certificates?limit=2").json()
    second = ask(app, "GET", f"/MyCA/api/certificates?limit=2&after={first['after']}").json()
    rows = first["certificates"] + second["certificates"]
    assert [row["root"] for row in rows] == ["One", "Two", "Three"]
    assert [row["number"] for row in rows] == [str(c.number) for c in scene.ca.certificates().certificates]
    assert (first["total"], second["total"], second["after"]) == (3, 3, None)
    assert rows[0] == {
        "number": rows[0]["number"],
        "host": "santiago",
        "instance": "SANTIAGO",
        "root": "One",
        "subject": "CN = one.lab.test",
        "not_before": "2026-11-23T11:55:00Z",
        "not_after": "2027-11-23T12:00:00Z",
        "state": "valid",
        "revocation": None,
        "renews": None,
        "renewed_by": None,
    }


def test_a_revocation_is_told_with_its_reason_and_time_in_the_list_too(tmp_path: Path) -> None:
    made = Scene(tmp_path / "lab")
    made.configure()
    for root in ("One", "Two", "Three"):
        made.issue(made.submit(root))
    made.clock.forward(hours=1)
    made.ca.revoke(1, reason="keyCompromise", password=CA_PASSWORD)
    made.ca.revoke(2, reason="certificateHold", password=CA_PASSWORD)
    app = create(made.lab.authorities, settings=ServiceSettings())
    rows = ask(app, "GET", "/MyCA/api/certificates").json()["certificates"]
    at = "2026-11-23T13:00:00Z"
    assert [(row["state"], row["revocation"]) for row in rows] == [
        ("revoked", {"reason": "keyCompromise", "at": at}),
        ("on hold", {"reason": "certificateHold", "at": at}),
        ("valid", None),
    ]
    one = ask(app, "GET", "/MyCA/api/certificates/1?format=json").json()
    assert (one["state"], one["revocation"]) == ("revoked", {"reason": "keyCompromise", "at": at})
    described = ask(app, "GET", "/api/openapi.json").json()["components"]["schemas"]
    assert "keyCompromise" in str(described["RevocationReason"])
    assert set(described["RevocationShown"]["required"]) == {"reason", "at"}
    made.ca.lift(2, password=CA_PASSWORD)
    assert ask(app, "GET", "/MyCA/api/certificates/2?format=json").json()["revocation"] is None
    made.lab.registry.close()


@pytest.mark.parametrize(
    ("query", "roots"),
    [
        ("search=TWO", ["Two"]),
        ("host=Santiago&instance=santiago", ["One", "Two", "Three"]),
        ("host=elsewhere", []),
        ("instance=elsewhere", []),
    ],
)
def test_certificates_are_searched_and_filtered(app: FastAPI, query: str, roots: list[str]) -> None:
    found = ask(app, "GET", f"/MyCA/api/certificates?{query}").json()
    assert [row["root"] for row in found["certificates"]] == roots


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/Nobody/api", 404, "NotConfigured"),
        ("/Nobody/api/chain", 404, "NotConfigured"),
        ("/MyCA/api/certificates/7", 404, "UnknownNumber"),
        ("/MyCA/api/certificates/x", 404, "UnknownNumber"),
        (f"/MyCA/api/certificates/{1 << 159}", 404, "UnknownNumber"),
        ("/MyCA/api/certificates/" + "9" * 5000, 404, "UnknownNumber"),
        ("/MyCA/api/certificates?limit=0", 422, "InvalidField"),
        ("/MyCA/api/certificates?limit=501", 422, "InvalidField"),
        ("/MyCA/api/certificates?after=-1", 422, "InvalidField"),
        (f"/MyCA/api/certificates?after={1 << 63}", 422, "InvalidField"),
        ("/MyCA/api/certificates?search=" + "s" * 201, 422, "InvalidField"),
        ("/MyCA/api/certificate?format=doc", 422, "InvalidField"),
        ("/MyCA/api/pending", 404, "NotFound"),
        ("/", 404, "NotFound"),
    ],
)
def test_a_refusal_is_a_problem_with_a_code(app: FastAPI, path: str, status: int, code: str) -> None:
    response = ask(app, "GET", path)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    found = response.json()
    assert (found["status"], found["code"], found["type"]) == (status, code, "about:blank")
    assert found["title"]
    assert found["detail"]


def test_a_method_that_a_path_does_not_take_is_a_problem(app: FastAPI) -> None:
    response = ask(app, "DELETE", "/MyCA/api")
    assert (response.status_code, response.headers["allow"]) == (405, "GET")
    assert response.json()["code"] == "MethodNotAllowed"


def test_an_unexpected_error_is_a_problem_without_internals() -> None:
    app = create(Only(FailingCA(ZeroDivisionError("/lab/secret"))), settings=ServiceSettings())
    response = ask(app, "GET", "/MyCA/api/chain")
    assert (response.status_code, response.json()["code"]) == (500, "InternalError")
    assert "secret" not in response.text


def test_the_api_describes_itself(app: FastAPI) -> None:
    found = ask(app, "GET", "/api/openapi.json").json()
    assert set(found["paths"]) >= {
        "/healthz",
        "/{instance}/api",
        "/{instance}/api/certificate",
        "/{instance}/api/chain",
        "/{instance}/api/certificates",
        "/{instance}/api/certificates/{number}",
    }
    problems = found["paths"]["/{instance}/api"]["get"]["responses"]
    assert "application/problem+json" in problems["404"]["content"]


def test_the_administrators_tasks_are_not_there(app: FastAPI) -> None:
    described = ask(app, "GET", "/api/openapi.json").text
    for word in ("configure", "pending", 'issue"', "delete", "reinitialize", "journal", "revoke"):
        assert f"/{word}" not in described
    paths = ask(app, "GET", "/api/openapi.json").json()["paths"]
    posted = {path for path, methods in paths.items() if set(methods) != {"get"}}
    assert posted == {"/{instance}/api/requests", "/{instance}/ocsp"}
    assert set(paths["/{instance}/api/requests"]) == {"post"}
