"""SOAP and REST agree: whatever is sent through both doors gets the same outcome, code and sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from lxml import etree

from pkilab import DN, Lab
from pkilab.model.contact import Contact
from pkilab.model.names import RequestName
from pkilab.model.request import Submission
from pkilab.model.settings import ServiceSettings
from pkilab.soap.operations import encode_get, encode_list, encode_submit
from pkilab.store import authorities
from tests.contract.conftest import Serving
from tests.scene import CA_PASSWORD, signing_request

PKI = "{http://pki.intersystems.com}"
LIMITS = ServiceSettings(max_body=20_000)
DATE = re.compile(r"\d{4}-\d\d-\d\d at \d\d:\d\d")
CSR = signing_request("Agree").pem


@dataclass(frozen=True)
class Answer:
    """What a door said: whether it was taken, the code of a refusal, and the sentence."""

    taken: bool
    code: str
    sentence: str


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    lab = Lab(tmp_path_factory.mktemp("doors") / "lab")
    for name in ("MyCA", "Full"):
        lab.instance(name).server.configure(
            root=name,
            directory="ca",
            password=CA_PASSWORD,
            subject=DN(common_name=name),
            ca_days=3650,
            issued_days=365,
            key_algorithm="ec-p256",
        )
    with lab.registry.writing() as tx:
        authorities.replace_settings(tx, replace(lab.instance("Full").server.settings, max_pending=0))
    with lab.serve(settings=LIMITS) as service:
        yield Serving(lab, service.url)


def soap(url: str, envelope: bytes, ca: str = "MyCA") -> etree._Element:
    path = f"/{ca}/isc/pki/PKI.CAServer.cls"
    return etree.fromstring(httpx.post(url + path, content=envelope, headers={"Content-Type": "text/xml"}).content)


def bare_name(envelope: bytes) -> bytes:
    """Leave `Name` out, which JSON has no counterpart of and which would be judged first."""
    return re.sub(rb"<Name>.*?</Name>", b"", envelope)


def by_soap(url: str, sent: Submission, ca: str = "MyCA") -> Answer:
    root = soap(url, bare_name(encode_submit(sent)), ca)
    taken = root.findtext(f".//{PKI}SubmitCSRResult")
    if taken is not None:
        return Answer(taken=True, code="", sentence=taken)
    return refused_by_soap(root)


def refused_by_soap(root: etree._Element) -> Answer:
    code = root.findtext(f".//detail//{PKI}code") or ""
    return Answer(taken=False, code=code, sentence=root.findtext(".//faultstring") or "")


def in_json(sent: Submission) -> dict[str, Any]:
    name, contact = sent.name, sent.contact
    return {
        "host": name.host,
        "instance": name.instance,
        "root": name.root,
        "csr": sent.csr,
        "contact": {"name": contact.name, "phone": contact.phone, "email": contact.email},
        "subject": sent.subject,
    }


def by_json(url: str, sent: Submission, ca: str = "MyCA") -> Answer:
    return answered(httpx.post(f"{url}/{ca}/api/requests", json=in_json(sent)))


def by_query(url: str, sent: Submission, ca: str = "MyCA") -> Answer:
    told = in_json(sent)
    contact = {f"contact_{part}": value for part, value in told.pop("contact").items()}
    body = told.pop("csr").encode()
    headers = {"Content-Type": "application/x-pem-file"}
    return answered(httpx.post(f"{url}/{ca}/api/requests", content=body, params=told | contact, headers=headers))


def answered(response: httpx.Response) -> Answer:
    found = response.json()
    if response.status_code < 300:
        return Answer(taken=True, code="", sentence=found["message"])
    assert response.headers["content-type"] == "application/problem+json"
    return Answer(taken=False, code=found["code"], sentence=found["detail"])


def submission(csr: str = "", root: str = "Agree", **changes: Any) -> Submission:
    fields = {"host": "santiago", "instance": "Santiago", "name": "Ana", "phone": "", "email": "", "subject": ""}
    fields |= changes
    return Submission(
        name=RequestName(fields["host"], fields["instance"], root),
        csr=csr,
        contact=Contact(fields["name"], fields["phone"], fields["email"]),
        subject=fields["subject"],
    )


def weak() -> str:
    """A CSR of an RSA key of 1024 bits."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is to be refused
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def forged() -> str:
    """A CSR whose signature was tampered with."""
    request = signing_request("Forged")
    return replace(request, der=request.der[:-1] + bytes([request.der[-1] ^ 1])).pem


BAD: dict[str, Callable[[], Submission]] = {
    "no csr": lambda: submission(""),
    "blank csr": lambda: submission(" \n\t "),
    "no PEM": lambda: submission("hello"),
    "empty PEM": lambda: submission("-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n"),
    "a certificate": lambda: submission("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
    "cut": lambda: submission(CSR[:200]),
    "forged": lambda: submission(forged()),
    "weak": lambda: submission(weak()),
    "no host": lambda: submission(CSR, host=""),
    "host with a slash": lambda: submission(CSR, host="a/b"),
    "long host": lambda: submission(CSR, host="x" * 101),
    "no instance": lambda: submission(CSR, instance=""),
    "instance with a colon": lambda: submission(CSR, host="santiago", instance="a:b"),
    "instance with a slash": lambda: submission(CSR, instance="a/b"),
    "long instance": lambda: submission(CSR, instance="x" * 65),
    "no root": lambda: submission(CSR, root=""),
    "cache": lambda: submission(CSR, root="CaChe"),
    "root with a path": lambda: submission(CSR, root="../x"),
    "long root": lambda: submission(CSR, root="x" * 65),
    "long contact": lambda: submission(CSR, name="x" * 201),
    "long phone": lambda: submission(CSR, phone="5" * 201),
    "long mail": lambda: submission(CSR, email="a@" + "x" * 200),
    "long subject": lambda: submission(CSR, subject="/CN=" + "x" * 1000),
    "too large": lambda: submission("x" * 30_000),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_is_refused_alike(doors: Serving, what: str) -> None:
    sent = BAD[what]()
    found = by_soap(doors.url, sent)
    assert found.code in {"InvalidField", "InvalidCSR", "WeakKey", "TooLarge"}
    assert by_json(doors.url, sent) == found
    if what != "too large":
        assert by_query(doors.url, sent) == found


@pytest.mark.parametrize("ca", ["Nobody", "api-", "Full"])
def test_a_ca_that_takes_nothing_says_so_alike(doors: Serving, ca: str) -> None:
    sent = submission(signing_request("Refused").pem)
    found = by_soap(doors.url, sent, ca)
    assert found.code == ("TooManyPending" if ca == "Full" else "NotConfigured")
    assert by_json(doors.url, sent, ca) == by_query(doors.url, sent, ca) == found


GOOD: dict[str, dict[str, Any]] = {
    "plain": {},
    "mail that is no address": {"email": "call me"},
    "all empty but the names": {"name": ""},
    "lines in the contact": {"name": "Ana\nRojas\r\nBcc: x@y", "subject": "/CN=a\n/O=b"},
    "any script": {"name": "Ἄννα 安娜", "phone": "电话 5550"},
    "an address as host": {"host": "fd00::7"},
    "blanks round the names": {"host": " santiago ", "instance": "Santiago ", "root": " Blank "},
}


@pytest.mark.parametrize("first", [by_soap, by_json, by_query], ids=["soap", "json", "query"])
@pytest.mark.parametrize("what", GOOD)
def test_what_is_right_is_taken_and_known_through_every_door(
    doors: Serving, what: str, first: Callable[[str, Submission], Answer]
) -> None:
    server = doors.lab.instance("MyCA").server
    before = len(server.pending())
    csr = signing_request("Good").pem
    sent = submission(csr, **({"root": "Good"} | GOOD[what]))
    answer = first(doors.url, sent)
    assert answer.taken
    assert "was successfully submitted to" in answer.sentence
    again = {door(doors.url, sent) for door in (by_soap, by_json, by_query)}
    assert len(again) == 1
    assert "successfully submitted before" in again.pop().sentence
    *_, request = server.pending()
    assert len(server.pending()) == before + 1
    contact = request.contact
    assert "\n" not in contact.name + contact.phone + contact.email + request.claimed_subject


@pytest.mark.parametrize("what", GOOD)
def test_the_queue_holds_the_same_whichever_door_it_came_through(doors: Serving, what: str) -> None:
    held = []
    for door in (by_soap, by_json, by_query):
        sent = submission(signing_request("Same").pem, **({"root": "Same"} | GOOD[what]))
        assert door(doors.url, sent).taken
        *_, request = doors.lab.instance("MyCA").server.pending()
        held.append((request.name, request.contact, request.claimed_subject, request.subject, request.names))
    assert held[0] == held[1] == held[2]


@pytest.mark.parametrize("csr", [CSR.replace("\n", "\r\n"), f"\n\n  {CSR}  \n", CSR.replace("BEGIN", "BEGIN NEW")])
def test_odd_white_space_and_labels_are_judged_alike(doors: Serving, csr: str) -> None:
    csr = csr.replace("END", "END NEW") if "NEW" in csr else csr
    answers = [door(doors.url, submission(csr)) for door in (by_soap, by_json, by_query)]
    assert {answer.taken for answer in answers} == {True}
    assert {DATE.sub("", answer.sentence) for answer in answers[1:]} == {DATE.sub("", answers[1].sentence)}


def test_a_message_that_is_none_is_refused_with_the_same_code(doors: Serving) -> None:
    for content in (b"", b"{", b"<", b"\xff", b"null"):
        found = refused_by_soap(soap(doors.url, content))
        response = httpx.post(
            f"{doors.url}/MyCA/api/requests", content=content, headers={"Content-Type": "application/json"}
        )
        assert answered(response).code == found.code == "InvalidMessage"


def test_an_issued_request_is_known_by_its_number_alike(doors: Serving) -> None:
    sent = submission(signing_request("Numbered").pem, root="Numbered")
    by_json(doors.url, sent)
    number = doors.issue_pending()[-1]
    answers = {door(doors.url, sent) for door in (by_soap, by_json, by_query)}
    assert len(answers) == 1
    assert f"issued as number {number}." in answers.pop().sentence


def test_certificates_and_lists_are_the_same(doors: Serving) -> None:
    for root in ("One", "Two"):
        assert by_soap(doors.url, submission(signing_request(root).pem, root=root, host="lister")).taken
    doors.issue_pending()
    listed = soap(doors.url, encode_list("LISTER", "")).iter(f"{PKI}SQL")
    rows = [tuple(row.findtext(f"{PKI}{name}") for name in ("Number", "Hostname", "Filename")) for row in listed]
    page = httpx.get(f"{doors.url}/MyCA/api/certificates", params={"host": "LISTER"}).json()
    assert [(row["number"], row["host"], row["root"]) for row in page["certificates"]] == rows
    assert len(rows) == 2
    for number in ("0", *(row[0] for row in rows)):
        fetched = soap(doors.url, encode_get(number or "")).findtext(f".//{PKI}Contents")
        assert httpx.get(f"{doors.url}/MyCA/api/certificates/{number}").text == fetched


@pytest.mark.parametrize("number", ["99", "1" + "0" * 40])
def test_an_unknown_number_is_refused_alike(doors: Serving, number: str) -> None:
    found = refused_by_soap(soap(doors.url, encode_get(number)))
    assert found.code == "UnknownNumber"
    assert answered(httpx.get(f"{doors.url}/MyCA/api/certificates/{number}")) == found


def test_submissions_through_both_doors_share_one_rate(doors: Serving) -> None:
    with doors.lab.serve(settings=ServiceSettings(submissions_a_minute=2, exempt=())) as service:
        assert by_soap(service.url, submission("x")).code == "InvalidCSR"
        assert by_json(service.url, submission("x")).code == "InvalidCSR"
        found = by_soap(service.url, submission(CSR))
        assert found.code == "TooOften"
        assert by_json(service.url, submission(CSR)) == by_query(service.url, submission(CSR)) == found


def test_an_instance_that_is_no_ca_weighs_more_than_a_wrong_message(doors: Serving) -> None:
    sent = submission("", host="a/b")
    found = by_soap(doors.url, sent, "Nobody")
    assert found.code == "NotConfigured"
    assert by_json(doors.url, sent, "Nobody") == by_query(doors.url, sent, "Nobody") == found
    assert answered(httpx.post(f"{doors.url}/Nobody/api/requests", content=b"{")) == found
