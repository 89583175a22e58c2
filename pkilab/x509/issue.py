"""Issuing: a root for a key, certificates for requests, by the profiles of `model.usage`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from pkilab.errors import CannotCertify, UsageNotOffered
from pkilab.model.addresses import Addresses
from pkilab.model.certificate import MAX_SERIAL, Certificate
from pkilab.model.dn import DN
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.request import SigningRequest
from pkilab.model.san import from_common_names
from pkilab.model.settings import check_days
from pkilab.model.usage import OCSP_RESPONDER, ROOT, Profile, Usage, profile
from pkilab.x509 import certificate as certificates
from pkilab.x509 import csr, der, dn, extensions, keys, san, signature
from pkilab.x509.extensions import Extension
from pkilab.x509.keys import PrivateKey

BACKDATED = timedelta(minutes=5)
"""How far notBefore lies back, for clocks that are slow."""

_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # RFC 5280 §4.1.2.5
_V3 = der.element(0xA0, der.integer(2))


@dataclass(frozen=True, slots=True)
class Signer:
    """A CA's certificate with the private key that belongs to it; made by `signer`."""

    certificate: Certificate
    key: PrivateKey = field(repr=False)
    key_id: bytes
    addresses: Addresses | None = None
    """Where what it issues says that its state can be asked for."""


def latest_days(now: datetime) -> int:
    """Return for how many days from `now` a certificate can be valid: through the year 9999 (RFC 5280 §4.1.2.5)."""
    return (_LAST - _seconds(now)).days


def root(key: PrivateKey, subject: DN, *, days: int, serial: int, now: datetime) -> Certificate:
    """Return a self-signed CA certificate, valid from five minutes before `now` until `days` after it.

    Raises:
        InvalidField: fewer than 1 or more than `latest_days` days.
    """
    check_days("Validity of the CA certificate", days, latest=latest_days(now))
    start, name, spki = _seconds(now), dn.encode(subject), keys.public_info(key.public_key())
    own = key_id(spki)
    octets = _signed(
        key,
        serial=serial,
        issuer=name,
        validity=(start - BACKDATED, start + timedelta(days=days)),
        subject=name,
        spki=spki,
        found=_extensions(ROOT, own=own, issuer=own, path_length=None),
    )
    return certificates.trusted(octets)


def check_usage(issuer: Certificate, usage: Usage, path_length: int | None) -> int | None:
    """Return the path length that an intermediate CA gets, 0 if none was wished; None for other usages.

    Raises:
        UsageNotOffered: an intermediate CA, but the issuer's path length has no room for it (RFC 5280 §4.2.1.9).
        CannotCertify: the path length is negative, or is wished for a certificate that is no CA.
    """
    if usage is not Usage.INTERMEDIATE:
        if path_length is not None:
            raise CannotCertify(f"a path length is only for an intermediate CA, not for “{usage.label}”")
        return None
    if issuer.path_length == 0:
        raise UsageNotOffered(usage.label, "its own certificate has path length 0, so no CA may stand below it")
    wished = 0 if path_length is None else path_length
    if wished < 0:
        raise CannotCertify("a path length cannot be negative; take 0 or more")
    if issuer.path_length is not None and wished >= issuer.path_length:
        most = issuer.path_length - 1
        raise UsageNotOffered(usage.label, f"its own path length is {issuer.path_length}; choose at most {most}")
    return wished


def leaf(
    request: SigningRequest,
    *,
    issuer: Certificate,
    issuer_key: PrivateKey,
    serial: int,
    usage: Usage,
    path_length: int | None,
    days: int,
    now: datetime,
) -> tuple[Certificate, bool]:
    """Return one certificate, as `certify` does; raises as `signer` and `certify` do."""
    signing = signer(issuer, issuer_key)
    return certify(request, signing, serial=serial, usage=usage, path_length=path_length, days=days, now=now)


def signer(certificate: Certificate, key: PrivateKey, addresses: Addresses | None = None) -> Signer:
    """Return what signs any number of certificates, which name `addresses`.

    Raises:
        CannotCertify: the key is not the certificate's.
    """
    if not keys.same_public_key(key, certificate):
        raise CannotCertify("the CA's private key does not belong to its certificate")
    return Signer(certificate, key, _issuer_key_id(certificate), addresses)


def certify(
    request: SigningRequest,
    signer: Signer,
    *,
    serial: int,
    usage: Usage,
    path_length: int | None,
    days: int,
    now: datetime,
) -> tuple[Certificate, bool]:
    """Return the certificate for `request`, and whether its validity was cut so as not to outlive the issuer.

    The subject and the alternative names are those of the request, byte for byte. It is valid from five minutes
    before `now` until `days` after it, within the issuer's validity.

    Raises:
        UsageNotOffered: the issuer may not issue for this usage.
        CannotCertify: there is no name in the request, none for a CA, or the issuer has no time.
        InvalidField: fewer than 1 day.
    """
    issuer = signer.certificate
    limit = check_usage(issuer, usage, path_length)
    start, end, cut = _validity(issuer.not_before, issuer.not_after, days, now)
    chosen = profile(usage, request.key.family)
    spki = csr.public_key_info(request)
    own = key_id(spki)
    names = _alternative_names(request, usage, chosen)
    common = _extensions(chosen, own=own, issuer=signer.key_id, path_length=limit)
    found = (*common, *_where(signer.addresses), *names)
    octets = _signed(
        signer.key,
        serial=serial,
        issuer=issuer.subject_der,
        validity=(start, end),
        subject=request.subject_der,
        spki=spki,
        found=found,
    )
    # What `certificates.trusted` would read in it, without reading it again.
    made = Certificate(
        serial=serial,
        subject=request.subject,
        issuer=issuer.subject,
        names=_names(request, names),
        key=request.key,
        not_before=start,
        not_after=end,
        ca=chosen.ca,
        path_length=limit,
        key_usage=extensions.in_order(chosen.key_usage),
        extended_key_usage=chosen.extended_key_usage,
        subject_key_id=own.hex(":").upper(),
        authority_key_id=signer.key_id.hex(":").upper(),
        signature_algorithm=signature.made_by(signer.key),
        fingerprint=Fingerprint.of(octets),
        der=octets,
        subject_der=request.subject_der,
        issuer_der=issuer.subject_der,
    )
    return made, cut


def responder(
    signer: Signer, key: PrivateKey, common_name: str, *, serial: int, days: int, now: datetime
) -> Certificate:
    """Return the certificate of a delegated OCSP responder that has `key` (RFC 6960 §4.2.2.2).

    Its subject is the CA's with another common name, so that constraints on names that the CA keeps to let it pass.

    It says that nobody needs to check whether it was revoked, so its life is to be short (§4.2.2.2.1).

    Raises:
        CannotCertify: the issuer has no time.
        InvalidField: fewer than 1 day.
    """
    start, end, _ = _validity(signer.certificate.not_before, signer.certificate.not_after, days, now)
    spki = keys.public_info(key.public_key())
    octets = _signed(
        signer.key,
        serial=serial,
        issuer=signer.certificate.subject_der,
        validity=(start, end),
        subject=dn.beside(signer.certificate.subject_der, common_name),
        spki=spki,
        found=(
            *_extensions(OCSP_RESPONDER, own=key_id(spki), issuer=signer.key_id, path_length=None),
            Extension(extensions.OCSP_NO_CHECK, critical=False, value=der.NOTHING),
        ),
    )
    return certificates.trusted(octets)


def _where(addresses: Addresses | None) -> tuple[Extension, ...]:
    """Return the extensions that tell where a certificate's state can be asked for."""
    return () if addresses is None else _places(addresses)


@lru_cache(maxsize=64)
def _places(addresses: Addresses) -> tuple[Extension, ...]:
    return (
        extensions.distribution_points(addresses.crl),
        extensions.authority_info_access(ocsp=addresses.ocsp, issuer=addresses.issuer),
    )


@lru_cache(maxsize=64)  # certificates issued together begin and end together
def _validity(first: datetime, last: datetime, days: int, now: datetime) -> tuple[datetime, datetime, bool]:
    """Return start, end, and whether the end was cut to `last`, the issuer's; `first` is the issuer's begin."""
    start = _seconds(now)
    wished = start + timedelta(days=check_days("Validity", min(days, latest_days(now)), latest=latest_days(now)))
    begin, end = max(start - BACKDATED, first), min(wished, last)
    if end <= begin:
        raise CannotCertify("the CA's own certificate is not valid in that time")
    return begin, end, end < wished


def _alternative_names(request: SigningRequest, usage: Usage, chosen: Profile) -> tuple[Extension, ...]:
    """Return subjectAltName, critical if the subject is empty (RFC 5280 §4.2.1.6), where the profile has any."""
    if not chosen.names:
        if not request.subject:
            raise CannotCertify("it has no subject, and a CA needs one (RFC 5280 §4.1.2.6)")
        return ()
    value = csr.alternative_names(request)
    if not value and usage is Usage.TLS:
        value = _from_common_name(request)
    if value:
        return (Extension(extensions.ALTERNATIVE_NAMES, critical=not request.subject, value=value),)
    if not request.subject:
        raise CannotCertify("it has neither a subject nor an alternative name (RFC 5280 §4.1.2.6)")
    return ()


def alternative_names(request: SigningRequest, usage: Usage) -> bytes:
    """Return the value of subjectAltName that a certificate for a usage would have; empty if none.

    Raises:
        CannotCertify: it would have no name at all, or as a CA no subject.
    """
    found = _alternative_names(request, usage, profile(usage, request.key.family))
    return found[0].value if found else b""


def _names(request: SigningRequest, found: Sequence[Extension]) -> tuple[str, ...]:
    """Return the names in subjectAltName: mostly those that were asked for, which are read already."""
    if not found:
        return ()
    value = found[0].value
    return request.names if value == request.names_der else san.decode(value)


def _from_common_name(request: SigningRequest) -> bytes:
    """Return the alternative names that the common names stand for; empty if they are no DNS name or IP address."""
    found = from_common_names(request.subject)
    return san.encode(found) if found else b""


def _extensions(chosen: Profile, *, own: bytes, issuer: bytes, path_length: int | None) -> tuple[Extension, ...]:
    """Return all of a profile's extensions but the alternative names."""
    return (*_fixed(chosen, path_length), extensions.subject_key_id(own), _issuer_key(issuer))


@lru_cache(maxsize=64)
def _issuer_key(identifier: bytes) -> Extension:
    return extensions.authority_key_id(identifier)


@lru_cache(maxsize=64)
def _fixed(chosen: Profile, path_length: int | None) -> tuple[Extension, ...]:
    """Return the extensions that all certificates of a profile have alike."""
    purposes = chosen.extended_key_usage
    return (
        extensions.basic_constraints(path_length, ca=chosen.ca),
        extensions.key_usage(chosen.key_usage),
        *((extensions.extended_key_usage(purposes),) if purposes else ()),
    )


def key_id(spki: bytes) -> bytes:
    """Return the identifier of a public key: SHA-1 over its bits (RFC 5280 §4.2.1.2, method 1)."""
    bits = der.members(spki)[1].content[1:]
    return hashlib.sha1(bits, usedforsecurity=False).digest()


def _issuer_key_id(issuer: Certificate) -> bytes:
    """Return what the issuer calls its key, else what we would call it."""
    if issuer.subject_key_id:
        return bytes.fromhex(issuer.subject_key_id.replace(":", ""))
    return key_id(certificates.public_key_info(issuer))


def _seconds(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(microsecond=0)


def _signed(
    key: PrivateKey,
    *,
    serial: int,
    issuer: bytes,
    validity: tuple[datetime, datetime],
    subject: bytes,
    spki: bytes,
    found: Sequence[Extension],
) -> bytes:
    """Return a certificate (RFC 5280 §4.1). It is put together here because names have to stay byte for byte."""
    if not 0 < serial <= MAX_SERIAL:
        raise ValueError("a serial number is positive and has at most 20 octets (RFC 5280 §4.1.2.2)")
    to_be_signed = der.sequence(
        _V3,
        der.integer(serial),
        signature.algorithm_identifier(key),
        issuer,
        der.sequence(*(der.time(moment) for moment in validity)),
        subject,
        spki,
        der.element(0xA3, der.sequence(*(extension.encoded for extension in found))),
    )
    return signature.sealed(to_be_signed, key)
