"""The service's answers, laid out for clients that read them line by line, and their reading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from pkilab.errors import InvalidMessage, Refused
from pkilab.model.certificate import ListedCertificate
from pkilab.model.names import MAX_HOST
from pkilab.model.text import one_line
from pkilab.soap.envelope import PKI, SOAP, child, envelope, escaped, escaped_lines, parse, text_of
from pkilab.soap.schema import DATA_SET_SCHEMA

_DIFFGRAM = "urn:schemas-microsoft-com:xml-diffgram-v1"
_DECIMAL = re.compile(r"[0-9]{1,60}", re.ASCII)
_CODE = re.compile(r"[A-Za-z]{1,60}", re.ASCII)
_MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class WireCertificate:
    """A certificate as GetCertificate gives it (`PKI.Certificate`)."""

    number: int
    host: str
    instance: str
    root: str
    pem: str


def encode_submitted(text: str) -> bytes:
    """Return the answer to SubmitCSR; `text` is for people."""
    return envelope(
        f'    <SubmitCSRResponse xmlns="{PKI}">\n'
        f"      <SubmitCSRResult>{escaped(text)}</SubmitCSRResult>\n"
        "    </SubmitCSRResponse>\n"
    )


def encode_certificate(certificate: WireCertificate) -> bytes:
    """Return the answer to GetCertificate: the start tag and the PEM's first line are one line, as are all others."""
    pem = escaped_lines(certificate.pem.strip().replace("\r\n", "\n"))
    return envelope(
        f'    <GetCertificateResponse xmlns="{PKI}">\n'
        "      <GetCertificateResult>\n"
        f"        <Number>{certificate.number}</Number>\n"
        f"        <Hostname>{escaped(certificate.host[:MAX_HOST])}</Hostname>\n"
        f"        <Instance>{escaped(certificate.instance)}</Instance>\n"
        f"        <Filename>{escaped(certificate.root)}</Filename>\n"
        f"<Contents>{pem}\n"
        "</Contents>\n"
        "      </GetCertificateResult>\n"
        "    </GetCertificateResponse>\n"
    )


def encode_list(rows: Iterable[ListedCertificate]) -> bytes:
    """Return the answer to ListCertificates: a DataSet, `rows` in their order; with none, an empty one."""
    written = "".join(
        "            <SQL>\n"
        f"              <Number>{row.number}</Number>\n"
        f"              <Hostname>{escaped(row.host[:MAX_HOST])}</Hostname>\n"
        f"              <Instance>{escaped(row.instance)}</Instance>\n"
        f"              <Filename>{escaped(row.root)}</Filename>\n"
        "            </SQL>\n"
        for row in rows
    )
    # zeep needs the data set's element also when there is no row.
    data_set = f"<DefaultDataSet>\n{written}          </DefaultDataSet>" if written else "<DefaultDataSet/>"
    return envelope(
        f'    <ListCertificatesResponse xmlns="{PKI}">\n'
        "      <ListCertificatesResult>\n"
        f"{DATA_SET_SCHEMA}"
        f'        <diffgr:diffgram xmlns:diffgr="{_DIFFGRAM}">\n'
        f"          {data_set}\n"
        "        </diffgr:diffgram>\n"
        "      </ListCertificatesResult>\n"
        "    </ListCertificatesResponse>\n"
    )


def encode_fault(*, client: bool, code: str, sentence: str) -> bytes:
    """Return a fault (SOAP 1.1 §4.4); `client` where the caller can mend it, `code` stable, `sentence` for people."""
    return envelope(
        "    <soap:Fault>\n"
        f"      <faultcode>soap:{'Client' if client else 'Server'}</faultcode>\n"
        f"      <faultstring>{escaped(one_line(sentence))}</faultstring>\n"
        "      <detail>\n"
        f'        <error xmlns="{PKI}">\n'
        f"          <code>{escaped(code)}</code>\n"
        "        </error>\n"
        "      </detail>\n"
        "    </soap:Fault>\n"
    )


def decode_submitted(body: bytes) -> str:
    """Return the text of an answer to SubmitCSR.

    Raises:
        Refused: it is a fault.
        InvalidMessage: it is no such answer.
    """
    return text_of(_response(body, "SubmitCSR"), "SubmitCSRResult")


def decode_certificate(body: bytes) -> WireCertificate:
    """Return the certificate of an answer to GetCertificate; only `number` and `pem` are sure to be filled.

    Raises:
        Refused: it is a fault.
        InvalidMessage: it is no such answer.
    """
    result = _result(body, "GetCertificate")
    pem = text_of(result, "Contents")
    if not pem.strip():
        raise InvalidMessage("the answer holds no certificate")
    return WireCertificate(_number(result), *_origin(result), pem)


def decode_list(body: bytes) -> list[ListedCertificate]:
    """Return the rows of an answer to ListCertificates, in their order.

    Raises:
        Refused: it is a fault.
        InvalidMessage: it is no such answer.
    """
    result = _result(body, "ListCertificates")
    # diffgr:before and diffgr:errors stand beside the data set and hold no current rows.
    data_sets = (found for found in result.iterfind(f"{{{_DIFFGRAM}}}diffgram/*") if _DIFFGRAM not in str(found.tag))
    rows = (row for data_set in data_sets for row in data_set)
    return [_listed(row) for row in rows]


def _listed(row: Element) -> ListedCertificate:
    host, instance, root = _origin(row)
    return ListedCertificate(number=_number(row), host=host, instance=instance, root=root)


def _origin(element: Element) -> tuple[str, str, str]:
    host, instance, root = (text_of(element, name).strip() for name in ("Hostname", "Instance", "Filename"))
    return host, instance, root


def _number(element: Element) -> int:
    text = text_of(element, "Number").strip()
    if not _DECIMAL.fullmatch(text):
        raise InvalidMessage("the answer holds a certificate without a decimal number")
    return int(text)


def _response(body: bytes, operation: str) -> Element:
    element = parse(body)
    name = etree.QName(element)
    if name.namespace == SOAP and name.localname == "Fault":
        raise _refusal(element)
    if name.namespace not in {PKI, None} or name.localname != f"{operation}Response":
        raise InvalidMessage(f"it is no answer to {operation}")
    return element


def _result(body: bytes, operation: str) -> Element:
    result = child(_response(body, operation), f"{operation}Result")
    if result is None:
        raise InvalidMessage(f"the answer to {operation} holds no result")
    return result


def _refusal(fault: Element) -> Refused:
    """Return a fault as an error: the code in its detail if there is one, else the SOAP faultcode."""
    detail = child(fault, "detail")
    codes = (found.text or "" for found in detail.iter(f"{{{PKI}}}code")) if detail is not None else iter(())
    code = next((found.strip() for found in codes if _CODE.fullmatch(found.strip())), "")
    faultcode = one_line(text_of(fault, "faultcode")).rpartition(":")[2][:60]
    reason = one_line(text_of(fault, "faultstring"))[:_MAX_REASON]
    return Refused(code or f"soap:{faultcode or 'Server'}", reason or "it gave no reason.")
