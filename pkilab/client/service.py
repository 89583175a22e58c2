"""A CA server as its clients see it: SOAP as everywhere, and the API where the server announces one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

from pkilab.client import transport
from pkilab.client.trust import Trust
from pkilab.errors import CertificateUnreadable, InvalidMessage, NotACAServer, Refused
from pkilab.model.certificate import Certificate, Chain, ListedCertificate, ListedPage
from pkilab.model.exchange import Exchange
from pkilab.model.request import Submission
from pkilab.model.settings import ClientSettings
from pkilab.soap import operations, responses
from pkilab.soap.responses import WireCertificate
from pkilab.x509 import certificate as certificates
from pkilab.x509 import chain as chains

_T = TypeVar("_T")


class Service:
    """The web service at the address of a client's settings, which may take `seconds` to answer.

    It keeps the API's address, the certificate shown over HTTPS (`shown`, in DER) and what went over the wire last
    (`exchange`) once it has seen them.
    """

    def __init__(self, settings: ClientSettings, *, seconds: float = transport.LONG) -> None:
        self._settings = settings
        self._seconds = seconds
        self._trust = Trust.of(settings)
        self.api = ""
        self.shown = b""
        self.exchange: Exchange | None = None

    def submit(self, submission: Submission) -> str:
        """Send a request and return what the server says.

        Raises:
            Unreachable, NotACAServer, Refused: it did not arrive, or was not taken.
        """
        return self._call("SubmitCSR", operations.encode_submit(submission), responses.decode_submitted)

    def certificate(self, number: int) -> tuple[WireCertificate, Certificate]:
        """Return a certificate of the server, with the names it goes by; number 0 is the CA's own."""
        body = operations.encode_get(str(number))
        wire = self._call("GetCertificate", body, responses.decode_certificate)
        try:
            return wire, certificates.read(wire.pem.encode(), path=Path(f"{wire.root or number}.cer"))
        except CertificateUnreadable as error:
            raise NotACAServer(self._settings.url, error.why) from error

    def listed(self, *, host: str = "", instance: str = "") -> list[ListedCertificate]:
        """Return all certificates of a host and an instance (empty: all), in the order of issue, over SOAP."""
        return self._call("ListCertificates", operations.encode_list(host, instance), responses.decode_list)

    def chain(self, own: Certificate) -> Chain | None:
        """Return the CA's certificate `own` and those above it, or None where the server has no API.

        Raises:
            NotACAServer: what it gives does not lead up from that certificate.
        """
        if not self.api:
            return None
        answer = self._get("/chain")
        try:
            first, *above = certificates.read_all(answer.body, path=Path("chain.cer"))
        except CertificateUnreadable as error:
            raise NotACAServer(self.api, error.why) from error
        chain = chains.above(own, above)
        if first != own or chain.certificates != (first, *above):
            raise NotACAServer(self.api, "the chain that it gives is not that of its certificate")
        return chain

    def crl(self) -> bytes:
        """Return the revocation list that the server publishes now, in DER (call `certificate` first).

        Raises:
            NotACAServer, Refused: the server has no API, or publishes none yet.
        """
        if not self.api:
            raise NotACAServer(self._settings.url, "it tells no place where a revocation list would be")
        place = self._json("", {}).get("links", {}).get("crl", "")
        answer = transport.get(urljoin(self.api, str(place)), trust=self._trust, seconds=self._seconds)
        if answer.status != 200:
            raise _refusal(self.api, answer)
        return answer.body

    def page(self, *, search: str, host: str, instance: str, after: int, limit: int) -> ListedPage:
        """Return a page of the list, from the API (call `certificate` or `listed` first to learn its address)."""
        parameters = {"search": search, "host": host, "instance": instance, "after": str(after), "limit": str(limit)}
        content = self._json("/certificates", parameters)
        try:
            rows = tuple(_row(row) for row in content["certificates"])
            after_next = content["after"]
            return ListedPage(
                certificates=rows,
                total=int(content["total"]),
                after=None if after_next is None else int(after_next),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise NotACAServer(self.api, f"its list lacks a part ({error})") from error

    def entry(self, number: int) -> tuple[ListedCertificate, str]:
        """Return what the list says of a certificate, and its SHA-256 fingerprint; number 0 is the CA's own.

        The API gives it: call `certificate` first to learn its address.

        Raises:
            Refused: none of this number was issued.
            NotACAServer: the answer lacks a part.
        """
        content = self._json(f"/certificates/{number}" if number else "/certificate", {"format": "json"})
        try:
            return _row(content), str(content["fingerprint"]["sha256"])
        except (KeyError, TypeError, ValueError) as error:
            raise NotACAServer(self.api, f"what it tells of a certificate lacks a part ({error})") from error

    def _call(self, operation: str, body: bytes, decode: Callable[[bytes], _T]) -> _T:
        url = self._settings.url
        action = operations.ACTIONS[operation]
        answer = transport.post(url, body, action=action, trust=self._trust, seconds=self._seconds)
        self.exchange = Exchange(
            url=url, action=action, request=body, status=answer.status, response=answer.body, api=answer.api
        )
        self.api = answer.api or self.api
        self.shown = answer.certificate
        try:
            return decode(answer.body)
        except InvalidMessage as error:
            reason = f"HTTP status {answer.status}" if answer.status != 200 else error.why
            raise NotACAServer(url, reason) from error

    def _get(self, path: str, parameters: dict[str, str] | None = None) -> transport.Answer:
        answer = transport.get(self.api + path, trust=self._trust, parameters=parameters, seconds=self._seconds)
        if answer.status != 200:
            raise _refusal(self.api, answer)
        return answer

    def _json(self, path: str, parameters: dict[str, str]) -> dict[str, Any]:
        answer = self._get(path, parameters)
        try:
            content = json.loads(answer.body)
        except ValueError as error:
            raise NotACAServer(self.api, "its answer is no JSON") from error
        if not isinstance(content, dict):
            raise NotACAServer(self.api, "its answer is no JSON object")
        return content


def _refusal(url: str, answer: transport.Answer) -> Refused | NotACAServer:
    """Return the error that a problem (RFC 9457) tells of."""
    try:
        problem = json.loads(answer.body)
        return Refused(str(problem["code"]), str(problem.get("detail") or problem["title"]))
    except (ValueError, KeyError, TypeError):
        return NotACAServer(url, f"HTTP status {answer.status}")


def _row(row: dict[str, Any]) -> ListedCertificate:
    number = int(row["number"])
    revoked = row.get("revocation")  # an earlier pkilab tells none, nor what renews what
    renews, renewed_by = row.get("renews"), row.get("renewed_by")
    return ListedCertificate(
        number=number,
        host=str(row["host"]),
        instance=str(row["instance"]),
        root=str(row["root"]),
        subject=str(row["subject"]),
        not_before=datetime.fromisoformat(row["not_before"]),
        not_after=datetime.fromisoformat(row["not_after"]),
        state=str(row["state"]),
        revoked_at=datetime.fromisoformat(revoked["at"]) if revoked else None,
        revoked_for=str(revoked["reason"]) if revoked else "",
        renews=int(renews) if renews else None,
        renewed_by=int(renewed_by) if renewed_by else None,
    )
