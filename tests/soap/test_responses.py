"""Answers have the layout that line-oriented clients read, and come back equal."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidMessage, PkilabError, Refused
from pkilab.model.certificate import ListedCertificate
from pkilab.soap.responses import (
    WireCertificate,
    decode_certificate,
    decode_list,
    decode_submitted,
    encode_certificate,
    encode_fault,
    encode_list,
    encode_submitted,
)

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\nAAAA\n-----END CERTIFICATE-----\n"
CERTIFICATE = WireCertificate(7, "santiago.lab.test", "Santiago", "SantiagoDev", PEM)
ROWS = [
    ListedCertificate(number=number, host="santiago.lab.test", instance="Santiago", root="SantiagoDev")
    for number in (3, (1 << 159) - 1, 1)
]
# What XML 1.0 can hold.
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
FAULT = b"""<?xml version="1.0" encoding="UTF-8" ?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV='http://schemas.xmlsoap.org/soap/envelope/'><SOAP-ENV:Body><SOAP-ENV:Fault>
<faultcode>SOAP-ENV:Server</faultcode><faultstring>Server Application\n Error</faultstring>
<detail><error xmlns='urn:x'><text>ERROR #5001</text></error></detail></SOAP-ENV:Fault></SOAP-ENV:Body>
</SOAP-ENV:Envelope>"""


def test_a_certificate_is_laid_out_in_lines() -> None:
    lines = encode_certificate(CERTIFICATE).decode().splitlines()
    start = lines.index("<Contents>-----BEGIN CERTIFICATE-----")
    assert lines[start + 1 : start + 5] == ["MIIB", "AAAA", "-----END CERTIFICATE-----", "</Contents>"]
    stripped = [line.strip() for line in lines]
    assert stripped[start - 4 : start] == [
        "<Number>7</Number>",
        "<Hostname>santiago.lab.test</Hostname>",
        "<Instance>Santiago</Instance>",
        "<Filename>SantiagoDev</Filename>",
    ]


@pytest.mark.parametrize("pem", [PEM, PEM.strip(), PEM.replace("\n", "\r\n"), f"\n{PEM}\n"])
def test_the_pem_begins_after_its_tag_and_ends_with_one_newline(pem: str) -> None:
    written = encode_certificate(WireCertificate(0, "h", "i", "r", pem))
    assert f"<Contents>{PEM}</Contents>".encode() in written


def test_a_list_has_each_number_alone_on_its_line_in_the_given_order() -> None:
    lines = [line.strip() for line in encode_list(ROWS).decode().splitlines()]
    assert [line for line in lines if "<Number>" in line] == [f"<Number>{row.number}</Number>" for row in ROWS]
    assert lines.count("<SQL>") == lines.count("</SQL>") == 3


def test_schema_and_rows_of_a_list_are_in_the_services_namespace() -> None:
    written = encode_list(ROWS)
    assert b'<ListCertificatesResponse xmlns="http://pki.intersystems.com">' in written
    assert b'targetNamespace="http://pki.intersystems.com"' in written
    assert b'<diffgr:diffgram xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1">' in written


def test_an_empty_list_has_an_empty_data_set_and_no_number() -> None:
    written = encode_list([])
    assert b"<DefaultDataSet/>" in written
    assert b"<Number>" not in written
    assert decode_list(written) == []


def test_no_type_attribute_is_ever_sent() -> None:
    for written in (encode_certificate(CERTIFICATE), encode_list(ROWS), encode_submitted("ok")):
        assert b"xsi" not in written
        assert b"XMLSchema-instance" not in written


def test_answers_come_back_equal() -> None:
    assert decode_certificate(encode_certificate(CERTIFICATE)) == CERTIFICATE
    assert decode_list(encode_list(ROWS)) == ROWS
    assert decode_submitted(encode_submitted("Request “a” was successfully submitted.\nKeep it.")) == (
        "Request “a” was successfully submitted.\nKeep it."
    )


@given(TEXT)
def test_any_text_comes_back_and_stays_on_its_line(text: str) -> None:
    written = encode_submitted(text)
    assert decode_submitted(written) == text
    assert written.count(b"\n") == 8


@given(TEXT.map(str.strip), TEXT.map(str.strip), st.integers(0, (1 << 159) - 1))
def test_any_row_comes_back(instance: str, root: str, number: int) -> None:
    row = ListedCertificate(number=number, host="h", instance=instance, root=root)
    assert decode_list(encode_list([row])) == [row]


@given(st.text())
def test_text_that_xml_cannot_hold_breaks_no_answer(text: str) -> None:
    assert isinstance(decode_submitted(encode_submitted(text)), str)
    with pytest.raises(Refused):
        decode_submitted(encode_fault(client=True, code="InvalidCSR", sentence=text))


def test_a_host_name_is_at_most_100_characters() -> None:
    assert decode_certificate(encode_certificate(WireCertificate(0, "h" * 120, "i", "r", PEM))).host == "h" * 100


@pytest.mark.parametrize(("client", "faultcode"), [(True, "soap:Client"), (False, "soap:Server")])
def test_a_fault_says_whose_it_is_with_a_code_and_one_sentence(client: bool, faultcode: str) -> None:
    written = encode_fault(client=client, code="WeakKey", sentence="The key is\n <not> accepted.")
    lines = [line.strip() for line in written.decode().splitlines()]
    assert f"<faultcode>{faultcode}</faultcode>" in lines
    assert "<faultstring>The key is &lt;not&gt; accepted.</faultstring>" in lines
    assert "<code>WeakKey</code>" in lines
    with pytest.raises(Refused) as caught:
        decode_list(written)
    assert caught.value.facts() == {"fault": "WeakKey", "reason": "The key is <not> accepted."}


def test_a_fault_of_another_server_is_refused_with_its_faultcode() -> None:
    with pytest.raises(Refused) as caught:
        decode_certificate(FAULT)
    assert caught.value.facts() == {"fault": "soap:Server", "reason": "Server Application Error"}


def test_a_data_set_as_other_servers_write_it_is_read() -> None:
    body = b"""<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
    <ListCertificatesResponse xmlns="http://pki.intersystems.com"><ListCertificatesResult>
    <diffgr:diffgram xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1"><DefaultDataSet xmlns="">
    <SQL diffgr:id="SQL1"><Number>4</Number><Hostname>h </Hostname><Instance>I</Instance></SQL></DefaultDataSet>
    <diffgr:before><SQL><Number>5</Number></SQL></diffgr:before></diffgr:diffgram>
    </ListCertificatesResult></ListCertificatesResponse></e:Body></e:Envelope>"""
    assert decode_list(body) == [ListedCertificate(number=4, host="h", instance="I", root="")]


@pytest.mark.parametrize(
    "body",
    [
        b"<html>404</html>",
        encode_submitted("x"),
        encode_certificate(CERTIFICATE).replace(b"<Number>7</Number>", b"<Number>x</Number>"),
        encode_certificate(CERTIFICATE).replace(b"<Number>7</Number>", b""),
        encode_certificate(WireCertificate(1, "h", "i", "r", "")),
        encode_certificate(CERTIFICATE).replace(b"GetCertificateResult", b"Result"),
    ],
)
def test_what_is_no_certificate_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidMessage):
        decode_certificate(body)


@given(data=st.data())
def test_a_mutated_answer_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from([encode_certificate(CERTIFICATE), encode_list(ROWS), FAULT])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    for decode in (decode_submitted, decode_certificate, decode_list):
        with suppress(PkilabError):
            decode(bytes(body))
