"""The SOAP door: three operations, the WSDL, faults, and the header that announces the API."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from fastapi import FastAPI

from pkilab.errors import InvalidCSR, RegistryError, TooManyPending
from pkilab.model.certificate import ListedCertificate
from pkilab.model.contact import Contact
from pkilab.model.names import RequestName
from pkilab.model.request import Submission
from pkilab.model.settings import ServiceSettings
from pkilab.soap.operations import encode_get, encode_list, encode_submit
from pkilab.soap.responses import decode_certificate, decode_list, decode_submitted
from pkilab.web.app import create
from tests.scene import Scene, signing_request
from tests.web.asking import MAIN, FailingCA, Only, ask, fault

LINK = '</MyCA/api>; rel="service"'


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A CA that issued one certificate; tests add requests, never certificates."""
    made = Scene(tmp_path_factory.mktemp("lab"))
    made.configure()
    made.issue(made.submit())
    return made


@pytest.fixture
def app(scene: Scene) -> FastAPI:
    return create(scene.lab.authorities, settings=ServiceSettings())


def submission(root: str = "Valdivia") -> bytes:
    name = RequestName("valdivia.lab.test", "Valdivia", root)
    return encode_submit(Submission(name=name, csr=signing_request(root).pem, contact=Contact("Ana")))


def failing(error: Exception) -> FastAPI:
    return create(Only(FailingCA(error)), settings=ServiceSettings())


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, "pkilab"):
        yield caplog


@pytest.mark.parametrize("path", [MAIN, "/MyCA" + MAIN])
def test_the_main_ca_answers_at_the_default_path_and_every_ca_at_its_own(app: FastAPI, path: str) -> None:
    response = ask(app, "POST", path, content=encode_get(0))
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/xml; charset=utf-8"
    assert response.headers["link"] == LINK
    found = decode_certificate(response.content)
    assert (found.number, found.host, found.instance, found.root) == (0, "ca.lab.test", "MyCA", "MyCA")


def test_a_request_is_submitted_and_told_in_the_words_that_clients_look_for(app: FastAPI, scene: Scene) -> None:
    before = len(scene.ca.pending())
    response = ask(app, "POST", MAIN, content=submission())
    assert "successfully submitted" in decode_submitted(response.content)
    newest = scene.ca.pending()[-1]
    assert len(scene.ca.pending()) == before + 1
    assert (newest.name.host, newest.contact.name) == ("valdivia.lab.test", "Ana")


def test_the_same_request_again_is_told_in_the_same_words_and_makes_no_second_one(app: FastAPI, scene: Scene) -> None:
    body = submission("Again")
    ask(app, "POST", MAIN, content=body)
    before = len(scene.ca.pending())
    assert "successfully submitted" in decode_submitted(ask(app, "POST", MAIN, content=body).content)
    assert len(scene.ca.pending()) == before


def test_certificates_are_listed_by_host_and_instance_in_any_letter_case(app: FastAPI) -> None:
    for host, instance in [("", ""), ("Santiago", ""), ("", "santiago"), ("SANTIAGO", "Santiago")]:
        rows = decode_list(ask(app, "POST", MAIN, content=encode_list(host, instance)).content)
        assert [(row.number, row.root) for row in rows] == [(1, "SantiagoDev")]
    assert decode_list(ask(app, "POST", MAIN, content=encode_list("elsewhere", "")).content) == []


def test_a_listed_certificate_can_be_fetched(app: FastAPI, scene: Scene) -> None:
    found = decode_certificate(ask(app, "POST", MAIN, content=encode_get(1)).content)
    assert found.pem == scene.ca.certificate(1).pem


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"http://pki.intersystems.com/PKI.CAServer.GetCertificate"'},
        {"Content-Type": "text/xml", "SOAPAction": "http://pki.intersystems.com/PKI.CAServer.GetCertificate"},
        {"Content-Type": 'text/xml; Charset="UTF-8"', "SOAPAction": '""'},
        {"Content-Type": "application/soap+xml", "SOAPAction": "http://pki.intersystems.com/PKI.CAServer.SubmitCSR"},
        {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "CSPSESSIONID=000; CSPWSERVERID=x"},
        {"Content-Type": "text/xml; charset=klingon"},
    ],
)  # fmt: skip
def test_the_body_decides_whatever_the_headers_say(app: FastAPI, headers: dict[str, str]) -> None:
    assert decode_certificate(ask(app, "POST", MAIN, content=encode_get(1), headers=headers).content).number == 1


def test_the_charset_of_the_content_type_counts(app: FastAPI, scene: Scene) -> None:
    body = submission("Latin").decode().replace("Ana", "Añaños").replace(' encoding="UTF-8"', "")
    headers = {"Content-Type": "text/xml; charset=iso-8859-1"}
    ask(app, "POST", MAIN, content=body.encode("iso-8859-1"), headers=headers)
    assert scene.ca.pending()[-1].contact.name == "Añaños"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (encode_get(77), "UnknownNumber"),
        (encode_get("x"), "InvalidField"),
        (encode_get(0).replace(b"GetCertificate", b"Reinitialize"), "UnknownOperation"),
        (b"garbage", "InvalidMessage"),
        (b"", "InvalidMessage"),
        (submission().replace(b"-----BEGIN", b"-----BEGONE"), "InvalidCSR"),
    ],
)
def test_what_the_caller_can_mend_is_a_client_fault(app: FastAPI, body: bytes, code: str) -> None:
    response = ask(app, "POST", MAIN, content=body)
    faultcode, found, sentence = fault(response)
    assert (faultcode, found) == ("soap:Client", code)
    assert sentence.endswith((".", "?"))
    assert response.headers["link"] == LINK


@pytest.mark.parametrize("path", ["/Nobody" + MAIN, "/myca" + MAIN, "/%3Cb%3E" + MAIN])
def test_an_instance_that_is_no_ca_is_not_configured(app: FastAPI, path: str) -> None:
    faultcode, code, sentence = fault(ask(app, "POST", path, content=encode_get(0)))
    assert (faultcode, code) == ("soap:Server", "NotConfigured")
    assert "not configured as a CA server" in sentence


def test_a_lab_without_a_ca_says_so_at_the_default_path() -> None:
    empty = create(Only(), settings=ServiceSettings())
    _, code, sentence = fault(ask(empty, "POST", MAIN, content=encode_get(0)))
    assert code == "NotConfigured"
    assert sentence.startswith("This lab has no main CA, to which the default path leads; its operator configures one")
    assert ask(empty, "GET", MAIN + "?WSDL").status_code == 404


def test_a_name_that_is_none_gets_into_no_header(app: FastAPI) -> None:
    assert "link" not in ask(app, "POST", "/a%22b" + MAIN, content=b"").headers


def test_a_full_queue_is_a_server_fault() -> None:
    assert fault(ask(failing(TooManyPending(5)), "POST", MAIN, content=encode_list()))[:2] == (
        "soap:Server",
        "TooManyPending",
    )


def test_an_unexpected_error_is_told_by_an_id_under_which_the_log_has_it(logged: pytest.LogCaptureFixture) -> None:
    response = ask(failing(ZeroDivisionError("/lab/secret path")), "POST", MAIN, content=encode_list())
    faultcode, code, sentence = fault(response)
    assert (faultcode, code) == ("soap:Server", "InternalError")
    assert "secret" not in response.text
    incident = sentence.rstrip(".").rpartition(" ")[2]
    assert f"Unexpected error {incident}" in logged.text
    assert "ZeroDivisionError: /lab/secret path" in logged.text


def test_an_error_that_names_our_files_is_told_by_its_code_alone(logged: pytest.LogCaptureFixture) -> None:
    response = ask(failing(RegistryError("/lab/registry.sqlite3", "it is full")), "POST", MAIN, content=encode_list())
    assert fault(response)[:2] == ("soap:Server", "RegistryError")
    assert "/lab" not in response.text
    assert "/lab/registry.sqlite3" in logged.text


def test_a_body_beyond_the_bound_is_too_large(scene: Scene) -> None:
    app = create(scene.lab.authorities, settings=ServiceSettings(max_body=1000))
    big = encode_list().replace(b"<hostname>", b"<hostname>" + b" " * 1000)

    async def chunks() -> object:
        for at in range(0, len(big), 100):
            yield big[at : at + 100]

    assert fault(ask(app, "POST", MAIN, content=big))[:2] == ("soap:Client", "TooLarge")
    assert fault(ask(app, "POST", MAIN, content=chunks()))[:2] == ("soap:Client", "TooLarge")  # type: ignore[arg-type]
    assert decode_list(ask(app, "POST", MAIN, content=big[:0] + encode_list()).content)


def test_submissions_of_an_address_are_limited_and_nothing_else_is(scene: Scene) -> None:
    app = create(scene.lab.authorities, settings=ServiceSettings(submissions_a_minute=2))
    body = submission("Often")
    for _ in range(2):
        assert ask(app, "POST", MAIN, content=body).status_code == 200
    assert fault(ask(app, "POST", MAIN, content=body))[:2] == ("soap:Client", "TooOften")
    assert ask(app, "POST", MAIN, content=encode_list()).status_code == 200
    assert ask(app, "POST", MAIN, content=body, client="192.0.2.8").status_code == 200
    for _ in range(3):
        assert ask(app, "POST", MAIN, content=body, client="127.0.0.1").status_code == 200


@pytest.mark.parametrize("query", ["?WSDL", "?wsdl", "?Wsdl=1"])
@pytest.mark.parametrize("path", [MAIN, "/MyCA" + MAIN])
def test_the_wsdl_names_the_address_under_which_it_was_asked(app: FastAPI, path: str, query: str) -> None:
    response = ask(app, "GET", path + query)
    assert response.headers["content-type"] == "text/xml; charset=utf-8"
    assert response.headers["link"] == LINK
    assert f'location="http://ca.lab.test:52773{path}"' in response.text


@pytest.mark.parametrize("host", ["a<b", 'h"x', "a/b", "", "[::1", "h:x", "a b"])
def test_a_host_header_with_other_characters_is_not_repeated(app: FastAPI, host: str) -> None:
    response = ask(app, "GET", MAIN + "?WSDL", headers={"Host": host})
    assert f'location="http://ca.lab.test:52773{MAIN}"' in response.text


def test_an_ipv6_address_may_be_the_host(app: FastAPI) -> None:
    assert f'"http://[fd00::7]:1{MAIN}"' in ask(app, "GET", MAIN + "?WSDL", headers={"Host": "[fd00::7]:1"}).text


def test_a_browser_gets_a_word_for_people(app: FastAPI) -> None:
    response = ask(app, "GET", MAIN)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert "MyCA" in response.text
    assert "never for production" in response.text
    assert ask(app, "HEAD", MAIN).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_allowed(app: FastAPI, method: str) -> None:
    response = ask(app, method, MAIN)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"
    assert response.json()["code"] == "MethodNotAllowed"


def test_a_fault_about_a_csr_says_why() -> None:
    _, code, sentence = fault(
        ask(failing(InvalidCSR("its signature does not hold")), "POST", MAIN, content=encode_list())
    )
    assert code == "InvalidCSR"
    assert "its signature does not hold" in sentence


def test_the_log_line_holds_no_query(app: FastAPI, logged: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    ask(app, "GET", MAIN + "?WSDL&token=hush")
    ask(app, "GET", "/a%0ab?x=hush")
    lines = [record.getMessage() for record in logged.records if record.name == "pkilab.web.access"]
    assert f"192.0.2.7 GET {MAIN} 200 " in lines[0]
    assert "192.0.2.7 GET /a%0ab 404 " in lines[1]
    assert "hush" not in logged.text


def test_readers_are_answered_while_many_submissions_wait() -> None:
    released = threading.Event()

    class Slow(FailingCA):
        def take(self, *_given: object) -> NoReturn:
            released.wait(20)
            raise TooManyPending(1)

        def listed(self, **_filters: str) -> list[ListedCertificate]:  # type: ignore[override]  # this one works
            return []

    app = create(Only(Slow(ValueError())), settings=ServiceSettings())
    body = submission("Waiting")

    async def story() -> None:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 40000))
        async with httpx.AsyncClient(transport=transport, base_url="http://h") as session:
            waiting = [asyncio.create_task(session.post(MAIN, content=body)) for _ in range(100)]
            await asyncio.sleep(0.2)
            answer = await asyncio.wait_for(session.post(MAIN, content=encode_list()), 10)
            assert decode_list(answer.content) == []
            assert not any(task.done() for task in waiting)
            released.set()
            assert {fault(await task)[1] for task in waiting} == {"TooManyPending"}

    asyncio.run(story())
