"""What of an instance may be explained on its desk: the operator's all, the client's its own and what is published."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.desk.tasks import Part
from pkilab.errors import InvalidField, PkilabError
from pkilab.forms.pieces import FILE, Piece, Relative
from pkilab.model.certificate import Certificate, CertificateState
from pkilab.model.names import check_root
from pkilab.x509 import certificate as certificates

if TYPE_CHECKING:
    from pkilab.authority.server import CAServer
    from pkilab.client.client import CAClient
    from pkilab.client.service import Service
    from pkilab.lab import Instance

_ENDINGS = ("-chain.cer", ".cer", ".csr", ".key")
_MOST = 50
"""Digits of a number."""


class Library:
    """The pieces of one instance. What belongs to the other part is not to be had, whatever a page asks for."""

    def __init__(self, instance: Instance, part: Part) -> None:
        self._instance = instance
        self._part = part

    def offers(self) -> Sequence[str]:
        """Return what can be had now."""
        server, client = self._server, self._client
        if server is not None:
            of_ca = ["certificate", "ca", *(["crl"] if server.crls() else []), "request"]
        else:
            of_ca = ["certificate", "ca", "crl"] if client is not None and client.configured else []
        return (*of_ca, *([FILE] if self.files() else []))

    def files(self) -> Sequence[str]:
        """Return the names of the client's own files."""
        client = self._client
        if client is None or not client.directory.is_dir():
            return ()
        names = sorted(path.name for path in client.directory.iterdir() if path.is_file())
        return tuple(name for name in names if _split(name) is not None)

    def fetch(self, what: str, *, number: str = "", name: str = "") -> Piece:
        """Return a piece.

        Raises:
            InvalidField: it is not to be had on this desk.
            PkilabError: it is not there, or the CA does not answer.
        """
        if what == FILE:
            return self._file(name)
        server, client = self._server, self._client
        if server is not None:
            return self._of_server(server, what, number)
        if client is not None and what != "request":
            return self._published(client, what, number)
        raise InvalidField("What", "this cannot be had on this desk.")

    def known(self) -> Sequence[Certificate]:
        """Return the certificates of the CAs that are known here."""
        from pkilab.store import pairs

        found: list[Certificate] = []
        if self._server is not None:
            found += self._server.chain().certificates
        if self._client is not None:
            found += [each for each in pairs.beside(self._client.directory) if each.ca]
        return tuple({each.fingerprint.sha256: each for each in found}.values())

    def crls(self) -> Sequence[bytes]:
        """Return the CA's revocation list, if it is current."""
        if self._server is not None:
            with suppress(PkilabError):
                current = self._server.crl()
                return (current.der,) if current.this_update <= self.now() <= current.next_update else ()
        return ()

    def issued_under(self, ca: Certificate) -> Certificate | None:
        """Return a certificate in force below `ca`, a server's rather than another; None: there is none here.

        It may have been issued by a CA below `ca`, if that is known here.
        """
        names, between = {ca.subject_der}, [each for each in self.known() if each.ca and not each.self_issued]
        for _ in between:
            names |= {each.subject_der for each in between if each.issuer_der in names}
        found = [each for each in self._in_force() if each.issuer_der in names and not each.self_issued]
        found.sort(key=lambda each: ("serverAuth" not in each.extended_key_usage, each.ca))
        return found[0] if found else None

    def now(self) -> datetime:
        """Return the lab's time."""
        return self._instance.lab.clock()

    @property
    def signer(self) -> CAServer | None:
        """Return the CA that can sign again."""
        return self._server

    @property
    def _server(self) -> CAServer | None:
        if self._part is Part.CLIENT or not self._instance.server.configured:
            return None
        return self._instance.server

    @property
    def _client(self) -> CAClient | None:
        return None if self._part is Part.OPERATOR else self._instance.client

    def _in_force(self) -> list[Certificate]:
        """Return the latest certificates of this desk that are in force."""
        if self._server is not None:
            latest = self._server.certificates(down=True).certificates
            return [each.certificate for each in latest if each.state is CertificateState.VALID]
        found = []
        for name in self.files():
            data = self._file(name).data if name.endswith(".cer") and not name.endswith("-chain.cer") else None
            if data is not None:
                with suppress(PkilabError):
                    found.append(certificates.read(data, path=Path(name)))
        return [each for each in found if each.not_before <= self.now() <= each.not_after]

    def _file(self, name: str) -> Piece:
        client, found = self._client, _split(name)
        data = client.own_file(*found) if client is not None and found is not None else None
        if data is None:
            raise InvalidField("File", "there is no such file of this client.")
        return Piece(title=name, data=data, what=FILE, name=name, relatives=_beside(name, self.files()))

    def _of_server(self, server: CAServer, what: str, number: str) -> Piece:
        if what == "crl":
            crl = server.crl()
            return Piece(title=f"Revocation list {crl.number}", data=crl.der, what=what)
        if what == "request":
            request = server.request(_number(number))
            title = f"Request {request.id}, {request.name.root}.csr"
            return Piece(title=title, data=request.content.pem.encode(), what=what, number=number)
        issued = server.certificate(0 if what == "ca" else _number(number))
        relatives = [
            *([Relative(label="its request", what="request", number=str(issued.request_id))] * bool(issued.request_id)),
            *([Relative(label=f"certificate {issued.renews}, which it renews", what=what, number=str(issued.renews))])
            * (issued.renews is not None),
        ]
        title = "The CA's own certificate" if what == "ca" else f"Certificate {issued.number}, {issued.root}.cer"
        return Piece(title=title, data=issued.certificate.der, what=what, number=number, relatives=tuple(relatives))

    def _published(self, client: CAClient, what: str, number: str) -> Piece:
        from pkilab.client.service import Service

        service = Service(client.settings)
        if what == "crl":
            return self._published_list(service)
        wire, certificate = service.certificate(0 if what == "ca" else _number(number))
        title = "The CA's own certificate" if what == "ca" else f"Certificate {number}, {wire.root}.cer"
        return Piece(title=title, data=certificate.der, what=what, number=number)

    @staticmethod
    def _published_list(service: Service) -> Piece:
        service.certificate(0)  # it tells where the list is
        return Piece(title="The CA's revocation list", data=service.crl(), what="crl")


def _split(name: str) -> tuple[str, str] | None:
    """Return file root and ending of a client's file; None for any other name."""
    for ending in _ENDINGS:
        if name.endswith(ending):
            with suppress(InvalidField):
                return check_root(name.removesuffix(ending)), ending
    return None


def _beside(name: str, files: Sequence[str]) -> tuple[Relative, ...]:
    """Return the request beside a certificate, and the certificate beside a request."""
    found = _split(name)
    if found is None or found[1] not in {".cer", ".csr"}:
        return ()
    other = found[0] + {".cer": ".csr", ".csr": ".cer"}[found[1]]
    return (Relative(label=other, what=FILE, number=other),) if other in files else ()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < _MOST):
        raise InvalidField("Number", "a whole number is needed.")
    return int(text)
