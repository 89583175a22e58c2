"""What the verifiers are given: the certificate, those that came with it, whom to trust, what was revoked."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pkilab.errors import CannotRead, InvalidField
from pkilab.model.certificate import Certificate
from pkilab.model.names import check_host
from pkilab.model.san import dns_name
from pkilab.model.verdict import Purpose
from pkilab.x509 import chain, der, pem

_CRL = "X509 CRL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A certificate, and what is to be known for judging it. `at`: the time to judge for."""

    certificate: Certificate
    between: tuple[Certificate, ...]
    roots: tuple[Certificate, ...]
    crls: tuple[bytes, ...]
    purpose: Purpose
    name: str
    at: datetime

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """Return the certificate and those above it, as far as they are there."""
        return chain.above(self.certificate, [*self.between, *self.roots]).certificates

    @property
    def address(self) -> bool:
        """Tell whether the name is an IP address."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            return False
        return True

    @property
    def covered(self) -> bool:
        """Tell whether there is a revocation list of every issuer in the chain."""
        issuers = {each.issuer_der for each in self.chain if not each.self_issued}
        return issuers <= {_issuer(each) for each in self.crls}

    def uses(self, family: str) -> bool:
        """Tell whether a key or a signature in the chain is of this family of algorithms."""
        return any(each.key.family == family or each.signature_algorithm.startswith(family) for each in self.chain)

    def write(self, folder: Path) -> None:
        """Write `chain.pem`, `leaf.pem`, `between.pem`, `roots.pem` and `crls.pem` into a folder."""
        in_order = [each for each in self.chain[1:] if not each.self_issued]
        others = [each for each in self.between if each not in in_order]
        texts = {
            "chain": "".join(each.pem for each in (self.certificate, *in_order, *others)),
            "leaf": self.certificate.pem,
            "between": "".join(each.pem for each in self.between),
            "roots": "".join(each.pem for each in self.roots),
            "crls": "".join(pem.write(_CRL, each) for each in self.crls),
        }
        for name, text in texts.items():
            (folder / f"{name}.pem").write_text(text, encoding="ascii")


def check_name(name: str, purpose: Purpose) -> str:
    """Return the name that a server is reached at, tidied; empty where none is asked for.

    Raises:
        InvalidField: it is neither a DNS name nor an IP address, or the purpose has none.
    """
    if not name.strip():
        return ""
    if purpose not in {Purpose.TLS_SERVER, Purpose.ANY}:
        raise InvalidField("Name", "only a server is verified with a name; leave it out, or ask for a TLS server.")
    host = check_host(name.strip(), "Name")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return dns_name(host)
    except InvalidField as error:
        raise InvalidField("Name", error.problem) from None


def read_crls(data: bytes, *, path: Path) -> tuple[bytes, ...]:
    """Return the revocation lists in a file, in DER. `path` is for errors.

    Raises:
        CannotRead: there is none.
    """
    try:
        found = (data,) if data[:1] == b"\x30" else tuple(each.der for each in pem.blocks(data) if each.label == _CRL)
        if found and all(map(_issuer, found)):
            return found
    except (ValueError, IndexError):
        pass
    raise CannotRead(path, "it holds no revocation list in PEM or DER")


def _issuer(crl: bytes) -> bytes:
    """Return the issuer's name in DER: the field after the algorithm (RFC 5280 §5.1)."""
    fields: Sequence[der.Element] = der.members(der.members(crl)[0].raw)
    return fields[2].raw if fields[0].tag == der.INTEGER else fields[1].raw
