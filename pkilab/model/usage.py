"""What a certificate may be used for, and the profile that follows from it (RFC 5280 §4.2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pkilab.errors import InvalidField


class Usage(StrEnum):
    """What the operator can issue a certificate for."""

    TLS = "tls"
    INTERMEDIATE = "intermediate"
    CODE_SIGNING = "code-signing"

    @property
    def label(self) -> str:
        """Return the name that people see."""
        return _LABELS[self]

    @classmethod
    def parse(cls, name: str) -> Usage:
        """Return the usage called `name`.

        Raises:
            InvalidField: there is none; the sentence lists them.
        """
        try:
            return cls(name.strip().lower())
        except ValueError:
            raise InvalidField("Usage", f"choose one of {', '.join(cls)}.") from None


_LABELS = {
    Usage.TLS: "TLS/SSL and XML security",
    Usage.INTERMEDIATE: "Intermediate Certificate Authority",
    Usage.CODE_SIGNING: "Code signing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The extensions of a certificate. Key usages by their names in RFC 5280 §4.2.1.3."""

    ca: bool
    key_usage: tuple[str, ...]
    extended_key_usage: tuple[str, ...] = ()
    names: bool = False
    """Whether alternative names are taken from the request."""


_CA_USAGE = ("keyCertSign", "cRLSign", "digitalSignature")
ROOT = Profile(ca=True, key_usage=_CA_USAGE)
OCSP_RESPONDER = Profile(ca=False, key_usage=("digitalSignature",), extended_key_usage=("OCSPSigning",))
"""What a CA certifies for itself, so that states can be told while its own key is locked away."""


def profile(usage: Usage, key_family: str) -> Profile:
    """Return the profile of `usage` for a key of the family `RSA`, `EC`, `Ed25519` or `ML-DSA`."""
    if usage is Usage.INTERMEDIATE:
        return Profile(ca=True, key_usage=_CA_USAGE)
    if usage is Usage.CODE_SIGNING:
        return Profile(ca=False, key_usage=("digitalSignature",), extended_key_usage=("codeSigning",), names=True)
    extra = {"RSA": ("keyEncipherment",), "EC": ("keyAgreement",)}.get(key_family, ())
    return Profile(
        ca=False,
        key_usage=("digitalSignature", *extra),
        extended_key_usage=("serverAuth", "clientAuth"),
        names=True,
    )
