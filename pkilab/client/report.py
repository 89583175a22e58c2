"""What the CA server tells of certificates that lie here: whether it has revoked them, or put them on hold (X2).

A certificate does not know it, so the server is asked. Where it cannot be, or is no server that would know, that is
said: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pkilab.client.site import ClientSite
from pkilab.errors import PkilabError, Refused, Unreachable
from pkilab.model.certificate import Certificate, CertificateState
from pkilab.model.dn import comma_form
from pkilab.model.own import OwnFiles, Reported

if TYPE_CHECKING:
    from pkilab.client.service import Service

_SECONDS = 4.0
"""What is told beside something else is not worth a longer wait."""
_SOAP_ALONE = "The CA server has no API, and its SOAP service tells nothing of revocation. Ask its operator."
_UNKNOWN = "The CA server does not know this certificate."


def of_files(site: ClientSite, found: Sequence[OwnFiles]) -> tuple[OwnFiles, ...]:
    """Return files with what the CA server tells of the certificates among them."""
    told = of(site, [each.certificate for each in found if each.certificate is not None])
    return tuple(
        replace(each, reported=told[each.certificate.fingerprint.sha256]) if each.certificate is not None else each
        for each in found
    )


def of(site: ClientSite, certificates: Sequence[Certificate]) -> dict[str, Reported]:
    """Return what the CA server tells of each certificate, by its SHA-256 fingerprint; it raises nothing."""
    told = _asked(site, certificates) if certificates else {}
    now = site.clock()
    for each in certificates:
        key = each.fingerprint.sha256
        if told[key].state is None and now > each.not_after:
            told[key] = replace(told[key], state=CertificateState.EXPIRED)
    return told


def _asked(site: ClientSite, certificates: Sequence[Certificate]) -> dict[str, Reported]:
    try:
        from pkilab.client.service import Service  # HTTP and SOAP: loaded where a server is asked

        service = Service(site.load(), seconds=_SECONDS)
        ca = service.certificate(0)[1]
    except PkilabError as error:
        return {each.fingerprint.sha256: Reported(why=str(error)) for each in certificates}
    told: dict[str, Reported] = {}
    for each in certificates:
        try:
            told[each.fingerprint.sha256] = _one(service, ca, each)
        except Unreachable as error:  # it went away meanwhile: it is not waited for again and again
            return {each.fingerprint.sha256: Reported(why=str(error)) for each in certificates} | told
    return told


def _one(service: Service, ca: Certificate, certificate: Certificate) -> Reported:
    own = certificate.fingerprint == ca.fingerprint
    if not own and not _issued_by(ca, certificate):
        name = comma_form(ca.subject) or "a CA without a name"
        return Reported(why=f"Another CA issued it than the one that this client asks ({name}).")
    if not service.api:
        return Reported(why=_SOAP_ALONE)
    try:
        entry, fingerprint = service.entry(0 if own else certificate.serial)
        state = CertificateState(entry.state)
    except Unreachable:
        raise
    except Refused:
        return Reported(why=_UNKNOWN)
    except (PkilabError, ValueError) as error:
        return Reported(why=str(error))
    if fingerprint != certificate.fingerprint.sha256:
        return Reported(why=_UNKNOWN)
    return Reported(state=state, revoked_at=entry.revoked_at, revoked_for=entry.revoked_for)


def _issued_by(ca: Certificate, certificate: Certificate) -> bool:
    """Tell whether a certificate names a CA as its issuer: its name, and its key where both tell one."""
    keys = {certificate.authority_key_id, ca.subject_key_id} - {""}
    return certificate.issuer_der == ca.subject_der and len(keys) <= 1
