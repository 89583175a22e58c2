"""What an operator should look at twice before deciding on a request (S13)."""

from __future__ import annotations

from pkilab.errors import CannotCertify
from pkilab.model.certificate import Certificate, IssuedCertificate
from pkilab.model.dn import SHORT_NAMES, Name, slash_form
from pkilab.model.request import Request, RequestState
from pkilab.model.revocation import RevocationReason
from pkilab.model.san import is_dns_name, is_ip_address
from pkilab.model.text import invisible_characters, mixes_scripts
from pkilab.model.times import day
from pkilab.model.usage import Usage
from pkilab.x509 import constraints

_COMPROMISED = {RevocationReason.KEY_COMPROMISE, RevocationReason.CA_COMPROMISE, RevocationReason.AA_COMPROMISE}
_KNOWN = frozenset(SHORT_NAMES.values())


def warnings(
    request: Request,
    own: Certificate,
    same_key: tuple[Request, ...],
    certified: tuple[IssuedCertificate, ...] = (),
    earlier: IssuedCertificate | None = None,
    *,
    above: tuple[Certificate, ...] = (),
) -> tuple[str, ...]:
    """Return sentences on what is unusual about a request.

    `own` is the CA's certificate, `same_key` the other requests at this CA with the same public key, `certified`
    the certificates that this CA issued for it, `earlier` the certificate that it seems to renew,
    `above` the certificates above this CA's.
    """
    return (
        *_about_renewal(request, earlier),
        *_about_key(request, own, same_key, certified),
        *_about_names(request, own),
        *_about_constraints(request, (own, *above)),
        *_about_characters(request),
        *_about_extensions(request),
        *_about_envelope(request),
    )


def _about_renewal(request: Request, earlier: IssuedCertificate | None) -> list[str]:
    if earlier is None:
        return []
    key = "with the same key" if earlier.certificate.key == request.content.key else "with a new key"
    which = f"certificate {earlier.number} ({earlier.root}), which is {earlier.state.value}"
    found = [f"It renews {which} and ends on {day(earlier.not_after)}: the same subject, {key}."]
    before, now = set(earlier.names), set(request.names)
    if now and before != now:
        added, gone = ", ".join(sorted(now - before)), ", ".join(sorted(before - now))
        found.append(
            f"Its alternative names are others than those of certificate {earlier.number}: "
            + "; ".join(part for part in (f"new {added}" if added else "", f"left out {gone}" if gone else "") if part)
            + "."
        )
    return found


def _about_key(
    request: Request, own: Certificate, same_key: tuple[Request, ...], certified: tuple[IssuedCertificate, ...]
) -> list[str]:
    found = []
    if request.content.key.sha256 == own.key.sha256:
        found.append("The key is this CA's own key: whoever sent this may hold the CA's private key.")
    for other in same_key:
        what = {RequestState.PENDING: "is pending", RequestState.DELETED: "was deleted"}.get(
            other.state, f"was issued as number {other.number}"
        )
        again = "This very request" if other.fingerprint == request.fingerprint else "This key"
        found.append(
            f"{again} was already in request {other.id} ({other.root}) of {day(other.received_at)}, which {what}."
        )
    told = {other.number for other in same_key}
    found += [
        f"Certificate {certificate.number} ({certificate.root}) was issued for this key."
        for certificate in certified
        if certificate.number not in told
    ]
    found += [
        f"This key's certificate {certificate.number} was revoked because the key is in wrong hands: "
        "issue nothing for it."
        for certificate in certified
        if certificate.revocation is not None and certificate.revocation.reason in _COMPROMISED
    ]
    return found


def _about_names(request: Request, own: Certificate) -> list[str]:
    content = request.content
    found = []
    common_names = _values(content.subject, "CN")
    own_names = [name.casefold() for name in _values(own.subject, "CN")]
    if content.subject_der == own.subject_der or any(name.casefold() in own_names for name in common_names):
        found.append("The request asks for this CA's own name: a certificate with it could pass for the CA.")
    if not content.names and not any(is_dns_name(name) or is_ip_address(name) for name in common_names):
        found.append(
            "There is no alternative name, and none can be made of the common name: "
            "TLS clients will not accept a certificate without one."
        )
    foreign = [short for relative in content.subject for short, _ in relative if short not in _KNOWN]
    if foreign:
        found.append(f"The subject holds unusual attributes, which are issued as asked: {', '.join(foreign)}.")
    return found


def _about_constraints(request: Request, above: tuple[Certificate, ...]) -> list[str]:
    try:
        found = constraints.broken(request.content, Usage.TLS, above)
    except CannotCertify as error:
        return [] if not request.content.subject and not request.content.names else [str(error)]
    return [f"It cannot be issued: {why} (name constraints)." for why in found]


def _about_characters(request: Request) -> list[str]:
    content = request.content
    found = []
    texts = [value for relative in content.subject for _, value in relative] + list(content.names)
    for text in dict.fromkeys(texts):
        hidden = invisible_characters(text)
        if hidden:
            found.append(f"A name holds characters that cannot be seen: {', '.join(hidden)}.")
        if mixes_scripts(text.rpartition(":")[2]) or mixes_scripts(_unicode(text)):
            found.append(f"A name mixes scripts, as look-alikes do: {text}")
    return found


def _unicode(text: str) -> str:
    """Return a DNS name with its A-labels read as Unicode, as a browser may show it."""
    import idna  # its tables are large, and most names have no A-label

    kind, _, name = text.partition(":")
    if kind != "DNS" or "xn--" not in name:
        return ""
    try:
        return idna.decode(name)
    except idna.IDNAError:
        return ""


def _about_extensions(request: Request) -> list[str]:
    ignored = [extension.name for extension in request.content.extensions if not extension.honoured]
    if not ignored:
        return []
    return [f"Requested extensions that will be ignored (you choose the use): {', '.join(ignored)}."]


def _about_envelope(request: Request) -> list[str]:
    claimed = _parts(request.claimed_subject)
    if not claimed or claimed == _parts(slash_form(request.content.subject)):
        return []
    return [f"The sender named another subject than the one in the request: {request.claimed_subject}"]


def _parts(slashed: str) -> frozenset[str]:
    """Return the parts of a slash form, so that order, letter case and blanks do not count."""
    return frozenset("=".join(p.strip().casefold() for p in part.split("=", 1)) for part in slashed.split("/") if part)


def _values(name: Name, short: str) -> list[str]:
    return [value for relative in name for kind, value in relative if kind == short]
