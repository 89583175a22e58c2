"""What clients send is read liberally, and anything else is refused with a word that helps."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidField, InvalidMessage, PkilabError, UnknownOperation
from pkilab.model.contact import Contact
from pkilab.model.names import RequestName
from pkilab.model.request import Submission
from pkilab.soap.operations import (
    ACTIONS,
    GetCertificate,
    ListCertificates,
    decode,
    encode_get,
    encode_list,
    encode_submit,
)

CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\nAAAA\n-----END CERTIFICATE REQUEST-----\n"
FIELDS = {
    "Name": "santiago.lab.test:Santiago:SantiagoDev",
    "Hostname": "santiago.lab.test",
    "Instance": "Santiago",
    "Filename": "SantiagoDev",
    "Contents": CSR,
    "Subject": "/C=CL/CN=santiago.lab.test",
    "ContactName": "Ana",
    "ContactPhone": "+56 2",
    "ContactEmail": "ana@lab.test",
}
SUBMISSION = Submission(
    name=RequestName("santiago.lab.test", "Santiago", "SantiagoDev"),
    csr=CSR,
    contact=Contact("Ana", "+56 2", "ana@lab.test"),
    subject="/C=CL/CN=santiago.lab.test",
)


def enveloped(content: str, header: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">'
        f"{header}<e:Body>{content}</e:Body></e:Envelope>"
    ).encode()


def submit(fields: dict[str, str]) -> bytes:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return enveloped(f'<SubmitCSR xmlns="http://pki.intersystems.com"><csr>{inner}</csr></SubmitCSR>')


def submission(fields: dict[str, str]) -> Submission:
    found = decode(submit(fields))
    assert isinstance(found, Submission)
    return found


def test_our_own_messages_come_back_equal() -> None:
    assert decode(encode_submit(SUBMISSION)) == SUBMISSION
    assert decode(encode_get(7)) == GetCertificate("7")
    assert decode(encode_get("0")) == GetCertificate("0")
    assert decode(encode_list("santiago.lab.test", "Santiago")) == ListCertificates("santiago.lab.test", "Santiago")
    assert decode(encode_list()) == ListCertificates("", "")


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_csr_of_any_text_comes_through(text: str) -> None:
    readable = "".join("\ufffd" if (c < " " and c not in "\t\n\r") or c in "\ufffe\uffff" else c for c in text)
    sent = Submission(name=SUBMISSION.name, csr=text, contact=SUBMISSION.contact)
    try:
        found = decode(encode_submit(sent))
    except InvalidField:
        assert not readable.strip()
    else:
        assert isinstance(found, Submission)
        assert found.csr == readable


def test_the_request_keeps_the_order_that_the_service_describes_and_the_lines_of_the_csr() -> None:
    lines = encode_submit(SUBMISSION).decode().splitlines()
    tags = [line.strip().partition(">")[0].removeprefix("<") for line in lines if line.strip().startswith("<")]
    named = [tag for tag in tags if tag in FIELDS]
    assert named == list(FIELDS)
    assert "<Contents>-----BEGIN CERTIFICATE REQUEST-----" in lines
    assert "</Contents>" in lines


def test_the_actions_are_the_services() -> None:
    assert ACTIONS["SubmitCSR"] == "http://pki.intersystems.com/PKI.CAServer.SubmitCSR"


def test_the_order_of_elements_is_free() -> None:
    assert submission(dict(reversed(FIELDS.items()))) == SUBMISSION


def test_optional_elements_may_be_absent_or_empty() -> None:
    required = {name: FIELDS[name] for name in ("Hostname", "Instance", "Filename", "Contents")}
    bare = Submission(name=SUBMISSION.name, csr=CSR, contact=Contact(""))
    assert submission(required) == bare
    assert submission(required | {"Subject": "", "ContactName": " ", "ContactPhone": "", "ContactEmail": ""}) == bare


def test_the_name_alone_is_enough_and_so_are_the_single_fields() -> None:
    assert submission({"Name": FIELDS["Name"], "Contents": CSR}).name == SUBMISSION.name
    without = {name: value for name, value in FIELDS.items() if name != "Name"}
    assert submission(without) == SUBMISSION


def test_letter_case_may_differ_between_name_and_fields_and_the_fields_count() -> None:
    assert submission(FIELDS | {"Name": FIELDS["Name"].upper()}) == SUBMISSION


def test_a_name_that_contradicts_the_fields_is_refused() -> None:
    with pytest.raises(InvalidField, match=r"^Name: it says something else"):
        submission(FIELDS | {"Name": "santiago.lab.test:Santiago:Other"})


def test_an_address_with_colons_may_be_the_host() -> None:
    found = submission(FIELDS | {"Name": "fd00::7:Santiago:SantiagoDev", "Hostname": "fd00::7"})
    assert found.name.host == "fd00::7"


def test_a_contact_mail_that_is_no_address_is_taken_as_it_is() -> None:
    assert submission(FIELDS | {"ContactEmail": "Contact Person"}).contact.email == "Contact Person"


def test_white_space_round_values_is_ignored() -> None:
    spaced = {name: f"\n   {value}\r\n\t" for name, value in FIELDS.items() if name != "Contents"}
    assert submission(spaced | {"Contents": CSR}) == SUBMISSION


def test_prefixes_types_nil_comments_and_cdata_are_understood() -> None:
    body = enveloped(
        '<p:SubmitCSR xmlns:p="http://pki.intersystems.com" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        '<p:csr i:type="p:CSR"><p:Name i:type="s:string" i:nil="true"/>'
        "<p:Hostname>santiago<!-- the host -->.lab.test</p:Hostname><p:Instance><![CDATA[Santiago]]></p:Instance>"
        f"<Filename>SantiagoDev</Filename><p:Contents>{CSR}</p:Contents><p:Extra>1</p:Extra></p:csr></p:SubmitCSR>"
    )
    assert decode(body) == Submission(name=SUBMISSION.name, csr=CSR, contact=Contact(""))


def test_an_operation_without_namespace_is_understood() -> None:
    assert decode(enveloped("<GetCertificate><number> 007 </number></GetCertificate>")) == GetCertificate("7")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("Hostname", "h" * 101, "at most 100 characters"),
        ("Hostname", "a/b", "no host name"),
        ("Instance", "i" * 65, "at most 64 characters"),
        ("Instance", "a:b", "colon"),
        ("Filename", "../etc/passwd", "only the letters"),
        ("Filename", "Cache", "not allowed"),
        ("Filename", "f" * 65, "at most 64 characters"),
        ("Subject", "/CN=" + "s" * 1000, "at most 1000 characters"),
        ("ContactName", "n" * 201, "at most 200 characters"),
        ("ContactPhone", "1" * 201, "at most 200 characters"),
        ("ContactEmail", "e" * 201, "at most 200 characters"),
        ("Contents", "  \n ", "required"),
    ],
)
def test_a_value_that_breaks_its_rule_is_refused_by_the_name_of_its_element(field: str, value: str, says: str) -> None:
    fields = {name: text for name, text in FIELDS.items() if name != "Name"}
    with pytest.raises(InvalidField, match=says) as caught:
        submission(fields | {field: value})
    assert caught.value.field == field


def test_an_element_given_twice_is_refused() -> None:
    twice = submit(FIELDS).replace(b"<Subject>", b"<Hostname>other.lab.test</Hostname><Subject>")
    with pytest.raises(InvalidMessage, match="Hostname stands in it more than once"):
        decode(twice)


@pytest.mark.parametrize("number", ["", "abc", "-1", "1.0", "0x10", "٣"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(InvalidField, match="whole number"):
        decode(encode_get(number))


@pytest.mark.parametrize("length", [50, 56, 5000])
def test_a_number_that_is_too_long_is_said_to_be_so(length: int) -> None:
    with pytest.raises(InvalidField, match=r"^number: it is too long"):
        decode(encode_get("00" + "7" * length))


def test_the_largest_number_of_twenty_octets_is_taken() -> None:
    assert decode(encode_get((1 << 159) - 1)) == GetCertificate(str((1 << 159) - 1))


def test_an_unknown_operation_is_named() -> None:
    with pytest.raises(UnknownOperation, match="no operation IssueEverything;"):
        decode(enveloped('<IssueEverything xmlns="http://pki.intersystems.com"/>'))


def test_an_operation_of_another_namespace_is_refused() -> None:
    with pytest.raises(InvalidMessage, match="another namespace than http"):
        decode(enveloped('<GetCertificate xmlns="http://tempuri.org"><number>0</number></GetCertificate>'))


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_but_our_errors(body: bytes) -> None:
    with pytest.raises(PkilabError):
        decode(body)


@given(data=st.data())
def test_a_mutated_message_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from([encode_submit(SUBMISSION), encode_get(7), encode_list("h", "i")])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    charset = data.draw(st.sampled_from(["", "utf-8", "utf-16", "iso-8859-1", "no-such", "utf-7", "\x00"]))
    with suppress(PkilabError):
        decode(bytes(body), charset)
