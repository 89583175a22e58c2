"""The three operations as messages of a client: SubmitCSR, GetCertificate, ListCertificates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from pkilab.errors import InvalidField, InvalidMessage, UnknownOperation
from pkilab.model.names import MAX_DIGITS, MAX_HOST, NUMBER_TOO_LONG, RequestName
from pkilab.model.request import Submission
from pkilab.model.submission import MAX_INSTANCE, received
from pkilab.model.text import check_line, one_line
from pkilab.soap.envelope import PKI, child, envelope, escaped, escaped_lines, parse, text_of, texts_of

OPERATIONS = ("SubmitCSR", "GetCertificate", "ListCertificates")
ACTIONS = {operation: f"{PKI}/PKI.CAServer.{operation}" for operation in OPERATIONS}
"""The SOAPAction of each operation. What the body holds decides; the header is not needed."""

_FIELDS = (
    "Name",
    "Hostname",
    "Instance",
    "Filename",
    "Contents",
    "Subject",
    "ContactName",
    "ContactPhone",
    "ContactEmail",
)
_DECIMAL = re.compile(r"[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class GetCertificate:
    """The question for one certificate; `number` is decimal without leading zeros, `0` for the CA's own."""

    number: str


@dataclass(frozen=True, slots=True)
class ListCertificates:
    """The question for all certificates of a host and an instance; empty for all, in any letter case."""

    host: str
    instance: str


def decode(body: bytes, charset: str = "") -> Submission | GetCertificate | ListCertificates:
    """Return what a client asks. `charset` as in the Content-Type, if it names one.

    Raises:
        InvalidMessage: it is no SOAP 1.1 message of this service.
        UnknownOperation: the service has no such operation.
        InvalidField: a value breaks its rule; the field is called by its element.
    """
    operation = parse(body, charset)
    name = etree.QName(operation)
    if name.namespace not in {PKI, None}:
        raise InvalidMessage(f"its operation is in another namespace than {PKI}")
    match name.localname:
        case "SubmitCSR":
            return _submission(operation)
        case "GetCertificate":
            return _get(operation)
        case "ListCertificates":
            return _list(operation)
        case unknown:
            raise UnknownOperation(one_line(unknown)[:60])


def encode_submit(submission: Submission) -> bytes:
    """Return the message of SubmitCSR. The CSR stays as it is, each of its lines a line."""
    name, contact = submission.name, submission.contact
    fields = {
        "Name": str(name),
        "Hostname": name.host,
        "Instance": name.instance,
        "Filename": name.root,
        "Contents": None,
        "Subject": submission.subject,
        "ContactName": contact.name,
        "ContactPhone": contact.phone,
        "ContactEmail": contact.email,
    }
    lines = [
        f"<Contents>{escaped_lines(submission.csr)}</Contents>\n"
        if value is None
        else f"        <{field}>{escaped(value)}</{field}>\n"
        for field, value in fields.items()
    ]
    return envelope(f'    <SubmitCSR xmlns="{PKI}">\n      <csr>\n{"".join(lines)}      </csr>\n    </SubmitCSR>\n')


def encode_get(number: int | str) -> bytes:
    """Return the message of GetCertificate; number 0 asks for the CA's own certificate."""
    return envelope(
        f'    <GetCertificate xmlns="{PKI}">\n      <number>{escaped(str(number))}</number>\n    </GetCertificate>\n'
    )


def encode_list(host: str = "", instance: str = "") -> bytes:
    """Return the message of ListCertificates."""
    return envelope(
        f'    <ListCertificates xmlns="{PKI}">\n'
        f"      <hostname>{escaped(host)}</hostname>\n"
        f"      <instance>{escaped(instance)}</instance>\n"
        "    </ListCertificates>\n"
    )


def _get(operation: Element) -> GetCertificate:
    number = text_of(operation, "number").strip()
    if not _DECIMAL.fullmatch(number):
        raise InvalidField("number", "a whole number in decimal is needed; 0 is the CA's own certificate.")
    digits = number.lstrip("0") or "0"
    if len(digits) > MAX_DIGITS:
        raise InvalidField("number", NUMBER_TOO_LONG)
    return GetCertificate(digits)


def _list(operation: Element) -> ListCertificates:
    return ListCertificates(
        host=check_line("hostname", text_of(operation, "hostname"), upper_bound=MAX_HOST),
        instance=check_line("instance", text_of(operation, "instance"), upper_bound=MAX_INSTANCE),
    )


def _submission(operation: Element) -> Submission:
    csr = child(operation, "csr")
    if csr is None:
        raise InvalidMessage("SubmitCSR holds no csr element")
    texts = texts_of(csr, _FIELDS)
    contact = (texts["ContactName"], texts["ContactPhone"], texts["ContactEmail"])
    return received(name=_request_name(texts), csr=texts["Contents"], contact=contact, subject=texts["Subject"])


def _request_name(texts: Mapping[str, str]) -> RequestName:
    """Return the request's name by the single fields; `Name` fills what they leave open and must not contradict."""
    whole = texts["Name"].strip()
    single = [texts[field].strip() for field in ("Hostname", "Instance", "Filename")]
    if whole:
        parsed = RequestName.parse(whole)
        spare = (parsed.host, parsed.instance, parsed.root)
        single = [value or other.strip() for value, other in zip(single, spare, strict=True)]
        if ":".join(single).casefold() != whole.casefold():
            raise InvalidField("Name", "it says something else than Hostname, Instance and Filename.")
    return RequestName(*single)
