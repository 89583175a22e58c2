"""The messages that acts leave behind. Pure: names, numbers and times come in, a `Message` goes out.

The administrator's message on a new request carries no fingerprint of it, or the question that the operator has to
ask the contact could be answered from the mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pkilab.model.alert import Alert
from pkilab.model.certificate import IssuedCertificate
from pkilab.model.contact import Contact, is_address
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.message import Message
from pkilab.model.request import Request
from pkilab.model.settings import CASettings
from pkilab.model.text import one_line

_FOOT = "\n-- \nSent by pkilab, a lab for training and tests. No certificate of it belongs into production.\n"


def message_id(token: str, instance: str) -> str:
    """Return a Message-ID (RFC 5322 §3.6.4) of an unguessable token; it stays the same when a mail is sent again."""
    return f"<{token}@{instance.lower()}.pkilab.lab.test>"


def configured(settings: CASettings, fingerprint: Fingerprint, subject: str, token: str) -> Message:
    """Return the confirmation to the administrator that a CA server was configured (M1)."""
    return _mail(
        settings,
        token,
        settings.mail.administrator,
        f"CA server {settings.instance} is configured",
        f"The CA server {settings.instance} on {settings.node} was configured by {settings.configured_by}.\n\n"
        f"Subject:  {subject}\n"
        f"File root: {settings.root}\n"
        f"Issued certificates are valid for {settings.issued_days} days.\n\n"
        f"Fingerprints of its certificate:\nSHA-256 {fingerprint.sha256}\nSHA-1   {fingerprint.sha1}\n\n"
        "Keep its private key on encrypted removable media, locked away when it is not in use.\n",
    )


def requested(settings: CASettings, request: Request, token: str) -> Message:
    """Return the notice to the administrator that a request came in (M1); it carries no fingerprint."""
    contact = request.contact
    return _mail(
        settings,
        token,
        settings.mail.administrator,
        f"Request {request.id} for {request.root} waits at {settings.instance}",
        f"A certificate signing request came in and waits for you.\n\n"
        f"Request:  {request.id}, {request.name}\n"
        f"Subject:  {request.subject or '(none)'}\n"
        f"Names:    {', '.join(request.names) or '(none)'}\n"
        f"Contact:  {contact.name or '(not given)'}, phone {contact.phone or '(not given)'}, "
        f"mail {contact.email or '(not given)'}\n\n"
        "The contact came with the request and proves nothing: verify it by a means you already know.\n",
    )


def issued(settings: CASettings, certificate: IssuedCertificate, request: Request, token: str) -> Message | None:
    """Return the notice to the contact that a certificate was issued, or None if no mail can reach them (M1)."""
    if not is_address(request.contact.email):
        return None
    return _mail(
        settings,
        token,
        request.contact.email,
        f"Your certificate {request.root} was issued as number {certificate.number}",
        f"The CA {settings.instance} on {settings.node} issued your certificate.\n\n"
        f"Number:   {certificate.number}\n"
        f"Request:  {request.name}\n"
        f"Subject:  {certificate.subject or '(none)'}\n"
        f"Valid until {certificate.not_after:%Y-%m-%d %H:%M} UTC\n"
        + (f"It renews number {certificate.renews}.\n" if certificate.renews is not None else "")
        + f"\nFingerprint of the certificate:\nSHA-256 {certificate.fingerprint.sha256}\n\n"
        f"To fetch it, open Get certificates at {request.name.instance} and choose number {certificate.number}, "
        f"or run: pkilab --instance {request.name.instance} client get {certificate.number}\n",
    )


def deleted(settings: CASettings, request: Request, token: str) -> Message | None:
    """Return the notice to the contact that their request was deleted, or None if no mail can reach them (M1)."""
    if not is_address(request.contact.email):
        return None
    reason = f"Reason: {request.reason}\n\n" if request.reason else ""
    return _mail(
        settings,
        token,
        request.contact.email,
        f"Your request {request.root} was deleted",
        f"The CA {settings.instance} on {settings.node} deleted your certificate signing request "
        f"{request.name}.\n\n{reason}"
        f"Fingerprint of the request:\nSHA-256 {request.fingerprint.sha256}\n\n"
        "No certificate was issued. If that is a mistake, ask the CA's operator, then submit again.\n",
    )


def reachable(contact: Contact) -> bool:
    """Tell whether mail can reach a contact."""
    return is_address(contact.email)


def revoked(
    settings: CASettings, certificate: IssuedCertificate, contact: Contact | None, token: str
) -> Message | None:
    """Return the notice to the contact that a certificate was revoked or put on hold, or None if no mail can (M1)."""
    revocation = certificate.revocation
    if contact is None or revocation is None or not reachable(contact):
        return None
    done, meaning = "was revoked", "Take it out of use. For a new one, submit a new request with a new key."
    if revocation.held:
        done = "was put on hold"
        meaning = "Do not use it until the hold is lifted; ask the CA's operator why."
    return _mail(
        settings,
        token,
        contact.email,
        f"Your certificate {certificate.root}, number {certificate.number}, {done}",
        f"The CA {settings.instance} on {settings.node} says that your certificate {done}.\n\n"
        f"{_which(certificate)}"
        f"Reason:   {revocation.reason.value}\n"
        f"Since:    {revocation.at:%Y-%m-%d %H:%M} UTC\n\n"
        f"{meaning}\n",
    )


def lifted(settings: CASettings, certificate: IssuedCertificate, contact: Contact | None, token: str) -> Message | None:
    """Return the notice to the contact that the hold of a certificate was lifted, or None if no mail can reach them."""
    if contact is None or not reachable(contact):
        return None
    return _mail(
        settings,
        token,
        contact.email,
        f"The hold of your certificate {certificate.root}, number {certificate.number}, was lifted",
        f"The CA {settings.instance} on {settings.node} lifted the hold of your certificate; it can be used again.\n\n"
        f"{_which(certificate)}",
    )


def expires(
    settings: CASettings, certificate: IssuedCertificate, contact: Contact | None, token: str, now: datetime
) -> Message:
    """Return the reminder that a certificate expires: to the contact, else to the administrator (X3)."""
    known = contact is not None and reachable(contact)
    recipient = contact.email if contact is not None and known else settings.mail.administrator
    instance, root = certificate.name.instance, certificate.root
    renew = (
        f"To renew it: pkilab --instance {instance} client renew --root {root}\n"
        if known
        else "No mail address of its contact is known: tell them.\n"
    )
    return _mail(
        settings,
        token,
        recipient,
        f"{'Your certificate' if known else 'Certificate'} {root}, number {certificate.number}, expires in "
        f"{_days_left(certificate.not_after, now)}",
        f"A certificate of the CA {settings.instance} on {settings.node} expires soon.\n\n"
        f"{_which(certificate)}\n{renew}",
    )


def runs_out(settings: CASettings, alert: Alert, token: str) -> Message:
    """Return the warning to the administrator that something of the CA's own runs out, or has (X2)."""
    return _mail(
        settings,
        token,
        settings.mail.administrator,
        f"CA server {settings.instance} needs its operator",
        f"{alert}\n",
    )


def _which(certificate: IssuedCertificate) -> str:
    return (
        f"Number:   {certificate.number}\n"
        f"Request:  {certificate.name}\n"
        f"Subject:  {certificate.subject or '(none)'}\n"
        f"Valid until {certificate.not_after:%Y-%m-%d %H:%M} UTC\n"
    )


def _days_left(until: datetime, now: datetime) -> str:
    """Return how long it is until then, to the nearest day."""
    days = round((until - now) / timedelta(days=1))
    return "less than a day" if days < 1 else "1 day" if days == 1 else f"{days} days"


def _mail(settings: CASettings, token: str, recipient: str, subject: str, body: str) -> Message:
    return Message(
        message_id=message_id(token, settings.instance),
        sender=settings.mail.administrator,
        recipient=one_line(recipient),
        subject=one_line(subject)[:200],
        body=body + _FOOT,
    )
