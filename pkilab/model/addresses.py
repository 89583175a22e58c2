"""Where a CA's revocation lists, its OCSP responder and its certificate are served (RFC 5280 §4.2.1.13, §4.2.2.1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses that stand in what a CA issues."""

    crl: str
    ocsp: str
    issuer: str


def crl_path(instance: str) -> str:
    """Return the path of a CA's current revocation list, in DER."""
    return f"/{instance}/crl"


def ocsp_path(instance: str) -> str:
    """Return the path of a CA's OCSP responder."""
    return f"/{instance}/ocsp"


def issuer_path(instance: str) -> str:
    """Return the path of a CA's own certificate, in DER."""
    return f"/{instance}/ca.cer"


def addresses(public_url: str, instance: str) -> Addresses:
    """Return where a CA is reached whose web service has the address `public_url`."""
    base = public_url.rstrip("/")
    return Addresses(
        crl=base + crl_path(instance), ocsp=base + ocsp_path(instance), issuer=base + issuer_path(instance)
    )
