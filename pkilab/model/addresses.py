"""Where a CA's revocation lists, its OCSP responder and its certificate are served (RFC 5280 §4.2.1.13, §4.2.2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from pkilab.errors import InvalidField
from pkilab.model.text import check_line


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


def check_public_url(url: str) -> str:
    """Return the address under which the web service is reached from outside, without a slash at its end.

    Raises:
        InvalidField: it is none.
    """
    text = check_line("Public address", url, upper_bound=500)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    if not text.isascii():
        raise InvalidField("Public address", "write a host name of other letters in its ASCII form (xn--…).")
    wrong = parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or port == 0
    if text and wrong:
        raise InvalidField("Public address", "give it as http://host:port or https://host:port.")
    return text.rstrip("/")
