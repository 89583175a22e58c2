"""Hostile and broken requests each get their fault over a real connection, and the service goes on."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from pkilab.model.request import pem
from tests.contract.conftest import Serving
from tests.scene import signing_request

PATH = "/isc/pki/PKI.CAServer.cls"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
PKI = "http://pki.intersystems.com"

Send = Callable[..., tuple[int, bytes]]


@pytest.fixture
def send(serving: Serving) -> Iterator[Send]:
    """Send one request on a connection of its own; afterwards the service still has to answer."""
    port = urlsplit(serving.url).port

    def post(body: object, headers: dict[str, str] | None = None, *, chunked: bool = False) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("POST", PATH, body, headers or {}, encode_chunked=chunked)  # type: ignore[arg-type]
            answer = connection.getresponse()
            assert answer.headers["Link"] == '</MyCA/api>; rel="service"'
            return answer.status, answer.read()
        finally:
            connection.close()

    yield post
    status, body = post(get("0"))
    assert (status, b"<Number>0</Number>" in body) == (200, True)


def enveloped(content: str, before: str = "") -> bytes:
    return f'{before}<e:Envelope xmlns:e="{SOAP}"><e:Body>{content}</e:Body></e:Envelope>'.encode()


def get(number: str) -> bytes:
    return enveloped(f'<GetCertificate xmlns="{PKI}"><number>{number}</number></GetCertificate>')


def submit(csr: str, host: str = "santiago.lab.test") -> bytes:
    fields = {"Hostname": host, "Instance": "Santiago", "Filename": "SantiagoDev", "Contents": csr}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return enveloped(f'<SubmitCSR xmlns="{PKI}"><csr>{inner}</csr></SubmitCSR>')


def fault(answer: tuple[int, bytes]) -> tuple[str, str]:
    status, body = answer
    assert status == 500
    root = etree.fromstring(body)
    assert root.findtext(".//faultstring")
    return root.findtext(".//faultcode") or "", root.findtext(f".//{{{PKI}}}code") or ""


def broken_signature() -> str:
    der = bytearray(signing_request("broken").der)
    der[-1] ^= 1
    return pem("CERTIFICATE REQUEST", bytes(der))


def rsa_1024() -> str:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - weak on purpose
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "weak.lab.test")])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM).decode()


LAUGHS = "<!DOCTYPE e [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (enveloped('<GetCertificate xmlns="urn:x">&a9;</GetCertificate>', LAUGHS), "InvalidMessage"),
        (enveloped("<a/>", '<!DOCTYPE e SYSTEM "file:///etc/passwd">'), "InvalidMessage"),
        (enveloped("<a>" * 20_000 + "</a>" * 20_000), "InvalidMessage"),
        (b"<" * 10_000_000, "TooLarge"),
        (submit("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"), "InvalidCSR"),
        (submit("no PEM at all"), "InvalidCSR"),
        (submit(signing_request("x").pem, host="h" * 101), "InvalidField"),
        (enveloped(f'<Reinitialize xmlns="{PKI}"/>'), "UnknownOperation"),
        (get("99999999999999999999"), "UnknownNumber"),
        (get("'; DROP TABLE certificates; --"), "InvalidField"),
        (b"garbage", "InvalidMessage"),
        (bytes(range(256)) * 4, "InvalidMessage"),
        (b"", "InvalidMessage"),
        (b'{"number": 0}', "InvalidMessage"),
    ],
    ids=[
        "billion laughs", "doctype", "deep", "10 MB", "empty CSR", "no PEM", "long host", "operation", "number",
        "injection", "garbage", "bytes", "nothing", "JSON",
    ],
)  # fmt: skip
def test_each_has_its_fault(send: Send, body: bytes, code: str) -> None:
    assert fault(send(body)) == ("soap:Client", code)


def test_a_csr_with_a_broken_signature_is_refused(send: Send, serving: Serving) -> None:
    assert fault(send(submit(broken_signature()))) == ("soap:Client", "InvalidCSR")
    assert serving.lab.instance("MyCA").server.pending() == ()


def test_a_weak_key_is_refused(send: Send, serving: Serving) -> None:
    assert fault(send(submit(rsa_1024()))) == ("soap:Client", "WeakKey")
    assert serving.lab.instance("MyCA").server.pending() == ()


def test_a_length_that_is_not_said_beforehand_is_no_obstacle_and_no_way_round_the_bound(send: Send) -> None:
    status, body = send(iter([get("0")[:20], get("0")[20:]]), chunked=True)
    assert (status, b"<Number>0</Number>" in body) == (200, True)
    assert fault(send(iter([b" " * 65536] * 160), chunked=True)) == ("soap:Client", "TooLarge")


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_a_client_that_writes_all_before_it_reads_gets_the_fault_for_10_mb(send: Send, connection: str) -> None:
    assert fault(send(b"<" * 10_000_000, {"Connection": connection})) == ("soap:Client", "TooLarge")


def test_a_client_that_asks_first_need_not_send_10_mb(serving: Serving) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(serving.url).port or 0), timeout=10) as raw:
        raw.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        said = raw.recv(65536)
    assert said.startswith(b"HTTP/1.1 500 ")
    assert b"<code>TooLarge</code>" in said


@pytest.mark.parametrize(
    "media", ["application/json", "application/soap+xml", "multipart/form-data", "", "text/xml; charset=utf-16"]
)
def test_a_wrong_content_type_does_not_matter(send: Send, media: str) -> None:
    status, body = send(get("0"), {"Content-Type": media})
    assert (status, b"<Number>0</Number>" in body) == (200, True)


@pytest.mark.parametrize(
    "half",
    [
        b"POST ",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: h\r\nContent-Le",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n<e:Envelope",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<e:",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # the begin of a TLS handshake
    ],
    ids=["word", "headers", "body", "chunk", "length", "TLS"],
)
def test_half_a_request_and_then_nothing_does_no_harm(
    send: Send, serving: Serving, half: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", urlsplit(serving.url).port or 0), timeout=10) as raw:
            raw.sendall(half)
    status, _ = send(get("0"))
    assert status == 200
    assert capfd.readouterr() == ("", "")


def test_no_answer_tells_of_our_inside(send: Send, serving: Serving) -> None:
    for body in (b"garbage", get("7"), submit("x"), enveloped("<a/>")):
        _, answer = send(body)
        for word in (b"Traceback", b"pkilab", b".py", b"sqlite", str(serving.lab.path).encode()):
            assert word not in answer
