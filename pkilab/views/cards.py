"""What the cards of requests, certificates and chains say."""

from __future__ import annotations

from datetime import datetime

from pkilab.model.certificate import Certificate, CertificateState, Chain, IssuedCertificate
from pkilab.model.dn import Name
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.message import ReceivedMessage
from pkilab.model.request import Request, RequestState, SigningRequest
from pkilab.model.san import from_common_names
from pkilab.views import words
from pkilab.views.sheet import Closed, Kind, Row, Sheet, Tone

_ALTERNATIVE_NAMES = "2.5.29.17"
_BADGES = {CertificateState.VALID: Tone.GOOD, CertificateState.REVOKED: Tone.BAD, CertificateState.EXPIRED: Tone.BAD}


def request(
    value: Request, *, warnings: tuple[str, ...] = (), fingerprints: bool = False, now: datetime | None = None
) -> Sheet:
    """Return a request's card for the operator (S10): its content in full, its sender's claims marked as such.

    It says how long ago the request came where it is told what time it is `now`.

    Fingerprints only when asked for, and then not for copying: the contact has to read one out. Nor is the request
    itself, of which a tool would make them.
    """
    contact = value.contact
    claims = tuple(line for line in (contact.name, contact.phone, contact.email) if line) or ("no contact given",)
    subject, names, key, *more = _asked(value.content)
    since = f" ({words.ago(value.received_at, now)})" if now else ""
    rows = [
        subject,
        names,
        key,
        Row(label="From", lines=(f"host {value.name.host}, instance {value.name.instance}",)),
        Row(label="Received", lines=(f"{words.moment(value.received_at)}{since}",)),
        *more,
        Row(label="Contact", lines=claims, note="This came with the request: a hint, and no proof of who sent it."),
    ]
    if value.renews is not None:
        rows.append(Row(label="Renews", lines=(f"certificate {value.renews}",)))
    rows += _verified(value) + _decided(value)
    if fingerprints:
        rows += fingerprint_rows(value.fingerprint, Kind.ANSWER)
    return Sheet(
        title=value.root,
        badge=f"request {value.id}, {value.state.value}",
        badge_tone=Tone.GOOD if value.state is RequestState.ISSUED else Tone.PLAIN,
        rows=tuple(rows),
        warnings=warnings,
        closed=_itself(value.content),
    )


def signing_request(content: SigningRequest) -> Sheet:
    """Return the card of a CSR by itself, without its fingerprints."""
    return Sheet(
        title="Certificate signing request",
        rows=_asked(content),
        closed=_itself(content),
    )


def received(value: ReceivedMessage) -> Sheet:
    """Return the card of a mail in the lab's own inbox (M3)."""
    return Sheet(
        title=value.subject or "no subject",
        badge=f"mail {value.id}",
        rows=(
            Row(label="Received", lines=(words.moment(value.received_at),)),
            Row(label="From", lines=(value.sender or "nobody named",)),
            Row(label="To", lines=value.recipients or ("nobody named",)),
        ),
        closed=(Closed(summary="The mail itself", text=value.body),),
    )


def certificate(value: Certificate) -> Sheet:
    """Return a certificate's card."""
    return Sheet(
        title=words.short_name(value.subject),
        badge=words.role(value),
        rows=_content(value),
        closed=(_certificate_itself(value),),
    )


def issued_certificate(value: IssuedCertificate) -> Sheet:
    """Return the card of a certificate in a CA's registry: its content, and what became of it."""
    number = str(value.number) if value.number else "0, the CA's own certificate"
    rows = [Row(label="Number", lines=(number,))]
    if value.usage is not None:
        rows.append(Row(label="Use", lines=(value.usage.label,)))
    rows += _content(value.certificate, shortened=value.shortened)
    if value.request_id is not None:
        origin = f"instance {value.name.instance} on host {value.name.host}, request {value.request_id}"
        rows.append(Row(label="Asked for by", lines=(origin,)))
    elif value.number:
        rows.append(Row(label="Taken over from", lines=(value.name.origin,)))
    rows.append(Row(label="Issued", lines=(f"{words.moment(value.issued_at)}, by {value.issued_by}",)))
    if value.renews is not None:
        rows.append(Row(label="Renews", lines=(f"certificate {value.renews}",)))
    if value.renewed_by is not None:
        rows.append(Row(label="Renewed by", lines=(f"certificate {value.renewed_by}",)))
    if value.revocation is not None:
        why = f"{words.moment(value.revocation.at)}, by {value.revocation.by}: {value.revocation.reason.value}"
        rows.append(Row(label="On hold" if value.state is CertificateState.HELD else "Revoked", lines=(why,)))
    return Sheet(
        title=value.root,
        badge=f"certificate {value.number}, {value.state.value}",
        badge_tone=_BADGES.get(value.state, Tone.PLAIN),
        rows=tuple(rows),
        closed=(_certificate_itself(value.certificate),),
    )


def chain(value: Chain) -> Sheet:
    """Return the card of a chain of trust."""
    return Sheet(
        title="Chain of trust",
        chain=value,
        closed=(Closed(summary="The certificates themselves", text=value.pem, copy=True),)
        if value.certificates
        else (),
    )


def fingerprint_rows(value: Fingerprint, kind: Kind = Kind.FINGERPRINT) -> tuple[Row, ...]:
    """Return both fingerprints, the one that people should compare first."""
    return (
        Row(label="SHA-256", lines=(value.sha256,), kind=kind),
        Row(label="SHA-1", lines=(value.sha1,), kind=kind),
    )


def subject_row(name: Name) -> Row:
    """Return the subject, with a remark where it has parts that no form here asks for (S12)."""
    unusual = words.unusual(name)
    note = f"{', '.join(unusual)} is unusual here; it is certified byte for byte as asked." if unusual else ""
    return Row(label="Subject", lines=words.parts(name), kind=Kind.NAME, note=note)


def also_for_row(content: SigningRequest) -> Row:
    """Return the alternative names that are asked for; where none are, what is issued all the same."""
    taken = () if content.names else from_common_names(content.subject)
    named = ", ".join(words.alternative_names(map(str, taken)))
    note = f"A certificate for TLS/SSL is issued for {named} too, as the common name is one." if taken else ""
    return Row(label="Also for", lines=words.alternative_names(content.names), note=note)


def _asked(content: SigningRequest) -> tuple[Row, ...]:
    return (
        subject_row(content.subject),
        also_for_row(content),
        Row(label="Key", lines=(content.key.label,)),
        Row(label="Asks for", lines=words.extensions(content)),
        Row(label="Signed with", lines=(content.signature_algorithm,)),
    )


def _verified(value: Request) -> tuple[Row, ...]:
    if value.verification is None:
        return ()
    found = value.verification
    limit = "" if found.path_length is None else f", path length {found.path_length}"
    return (
        Row(
            label="Verified",
            lines=(f"{words.moment(found.at)}, by {found.by}, comparing {found.compared.value}",),
            note=f"For {found.usage.label}{limit}, and nothing else.",
        ),
    )


def _decided(value: Request) -> tuple[Row, ...]:
    if value.state is RequestState.PENDING:
        return ()
    when = f"{words.moment(value.decided_at)}, by {value.decided_by}" if value.decided_at else f"by {value.decided_by}"
    what = when if value.number is None else f"{when}, as certificate {value.number}"
    return (Row(label=value.state.value.capitalize(), lines=(what,), note=value.reason),)


def _content(value: Certificate, *, shortened: bool = False) -> tuple[Row, ...]:
    cut = "Cut, so as not to outlive the CA's own certificate." if shortened else ""
    validity = (f"from {words.moment(value.not_before)}", f"until {words.moment(value.not_after)}")
    names = (Row(label="Also for", lines=words.alternative_names(value.names)),) if value.names else ()
    issuer = ("itself",) if value.self_issued else words.parts(value.issuer)
    rows = (
        Row(label="Subject", lines=words.parts(value.subject), kind=Kind.NAME),
        *names,
        Row(label="Issuer", lines=issuer, kind=Kind.NAME),
        Row(label="Valid", lines=validity, note=cut),
        Row(label="Key", lines=(value.key.label,)),
        Row(label="May issue", lines=(_may_issue(value),)),
        Row(label="Key usage", lines=(", ".join(value.key_usage) or "not limited",)),
        Row(label="Extended usage", lines=(", ".join(value.extended_key_usage) or "not limited",)),
        Row(label="Signed with", lines=(value.signature_algorithm,)),
        Row(label="Serial", lines=(words.hex_pairs(value.serial),), kind=Kind.CODE),
        Row(label="Key id", lines=(value.subject_key_id or "none",), kind=Kind.CODE),
        Row(label="Issuer key id", lines=(value.authority_key_id or "none",), kind=Kind.CODE),
    )
    return (*rows, *fingerprint_rows(value.fingerprint))


def _may_issue(value: Certificate) -> str:
    if not value.ca:
        return "no certificates"
    if value.path_length is None:
        return "certificates, and CAs below it"
    return "certificates, but no CAs" if value.path_length == 0 else f"certificates, and {value.path_length} CAs deep"


def _certificate_itself(value: Certificate) -> Closed:
    return Closed(summary="The certificate itself", text=value.pem, copy=True)


def _itself(content: SigningRequest) -> tuple[Closed, ...]:
    """Return a CSR in words and in PEM; not for copying, as a tool would make its fingerprint of it."""
    return (
        Closed(summary="The request as text", text=_text(content)),
        Closed(summary="The request itself", text=content.pem),
    )


def _text(content: SigningRequest) -> str:
    lines = ["Certificate request", "    Subject:", *(f"        {part}" for part in words.parts(content.subject))]
    lines += [f"    Public key: {content.key.label}", "    Requested extensions:"]
    for extension in content.extensions:
        honoured = "" if extension.honoured else ", will be ignored"
        lines.append(f"        {extension.name} ({extension.oid}){honoured}")
        if extension.oid == _ALTERNATIVE_NAMES:
            lines += [f"            {name}" for name in content.names]
    lines += ["        none"] if not content.extensions else []
    lines += [f"    Signature: {content.signature_algorithm}", f"    Length: {len(content.der)} octets"]
    return "\n".join(lines) + "\n"
