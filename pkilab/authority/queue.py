"""Requests as they come in and wait: submitting (C2, C3, W4), looking (S9), deleting (S14)."""

from __future__ import annotations

from pkilab.authority.site import Site
from pkilab.errors import ConfirmationNeeded, InvalidField, TooManyPending, UnknownRequest
from pkilab.mail import messages
from pkilab.model.contact import Contact
from pkilab.model.journal import Facts
from pkilab.model.names import MAX_HOST, RequestName
from pkilab.model.request import Receipt, Request, RequestState, Submission
from pkilab.model.settings import CASettings
from pkilab.model.text import check_line, one_line
from pkilab.store import journal, outbox, requests
from pkilab.x509 import csr

_MAX_SUBJECT = 2000


def submit(site: Site, submission: Submission) -> Receipt:
    """Take a request into the queue, once: the same CSR again is answered with where it stands.

    Raises:
        NotConfigured: the instance is no CA server.
        InvalidField, InvalidCSR, WeakKey: the request is not acceptable.
        TooManyPending: the queue is full.
    """
    name = _checked_name(submission.name)
    contact = Contact.received(submission.contact.name, submission.contact.phone, submission.contact.email)
    claimed = check_line("Subject", one_line(submission.subject), upper_bound=_MAX_SUBJECT)
    content = csr.read(submission.csr)
    now = site.clock()
    with site.registry.writing() as tx:
        settings = site.authority(tx).settings
        earlier = requests.same_csr(tx, site.instance, content.fingerprint.sha256)
        if earlier is not None and earlier.state is not RequestState.DELETED:
            return Receipt(request=earlier, new=False, message=_told_again(settings, earlier))
        if requests.count_pending(tx, site.instance) >= settings.max_pending:
            raise TooManyPending(settings.max_pending)
        request = requests.add(
            tx,
            ca=site.instance,
            ticket=site.token(),
            submission=Submission(name=name, csr=submission.csr, contact=contact, subject=claimed),
            content=content,
            contact=contact,
            received_at=now,
        )
        outbox.put(tx, site.instance, [messages.requested(settings, request, site.token())], now)
    return Receipt(request=request, new=True, message=_told(settings, request))


def find(site: Site, request_id: int) -> Request:
    """Return a request of this CA, in whatever state.

    Raises:
        UnknownRequest: there is none of this id.
    """
    with site.registry.reading() as tx:
        site.authority(tx)
        request = requests.get(tx, site.instance, request_id)
    if request is None:
        raise UnknownRequest(request_id)
    return request


def delete(site: Site, request_id: int, *, confirmed: bool, reason: str, by: str) -> Request:
    """Delete a pending request; it stays in the registry as deleted, and the contact is told.

    Raises:
        ConfirmationNeeded: nobody confirmed.
        UnknownRequest, NotPending: it is not there, or somebody was faster.
    """
    if not confirmed:
        effect = "the request leaves the queue, and its contact is told by mail."
        raise ConfirmationNeeded(f"delete request {request_id}", effect)
    why = check_line("Reason", reason, upper_bound=500)
    who = check_line("By", by, upper_bound=200) or site.actor()
    now = site.clock()
    with site.registry.writing() as tx:
        authority = site.authority(tx)
        requests.decide(tx, site.instance, request_id, state=RequestState.DELETED, at=now, by=who, reason=why)
        request = requests.get(tx, site.instance, request_id)
        if request is None:
            raise UnknownRequest(request_id)
        facts: Facts = {
            "request": request_id,
            "root": request.root,
            "sha256": request.fingerprint.sha256,
            "reason": why,
        }
        entry = journal.append(tx, site.instance, at=now, by=who, act="deleted", facts=facts)
        mail = messages.deleted(authority.settings, request, site.token())
        outbox.put(tx, site.instance, [mail] if mail else [], now)
    site.note_head(authority, entry)
    return request


def _checked_name(name: RequestName) -> RequestName:
    checked = RequestName(
        host=check_line("Hostname", name.host, upper_bound=MAX_HOST, required=True),
        instance=check_line("Instance", name.instance, upper_bound=64, required=True),
        root=check_line("Filename", name.root, upper_bound=64, required=True),
    )
    if any("/" in part or "\\" in part for part in (checked.host, checked.instance, checked.root)):
        raise InvalidField("Name", "host, instance and file root hold no slashes; give plain names.")
    return checked


def _told(settings: CASettings, request: Request) -> str:
    return (
        f"Certificate Signing Request {request.root} was successfully submitted "
        f"to Certificate Authority instance {settings.instance} on node {settings.node}."
    )


def _told_again(settings: CASettings, request: Request) -> str:
    before = (
        f"Certificate Signing Request {request.root} was successfully submitted before, on "
        f"{request.received_at:%Y-%m-%d at %H:%M} UTC, to Certificate Authority instance {settings.instance} "
        f"on node {settings.node}"
    )
    if request.number is not None:
        return f"{before}, and its certificate was issued as number {request.number}."
    return f"{before}, and is still pending; no second request was made."
