"""Requests as they come in and wait: submitting (C2, C3, W4), looking (S9), deleting (S14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pkilab.authority.site import Site
from pkilab.errors import ConfirmationNeeded, InvalidField, PkilabError, TooManyPending, UnknownRequest
from pkilab.mail import messages
from pkilab.model.contact import Contact
from pkilab.model.journal import Facts
from pkilab.model.names import MAX_HOST, RequestName
from pkilab.model.request import Receipt, Request, RequestState, SigningRequest, Submission
from pkilab.model.settings import CASettings
from pkilab.model.text import check_line, one_line
from pkilab.store import journal, outbox, renewals, requests
from pkilab.store.requests import Arrival
from pkilab.x509 import csr

_MAX_SUBJECT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptable:
    """A submission whose content was read and is acceptable; nothing of it is in the registry yet."""

    name: RequestName
    claimed: str
    contact: Contact
    content: SigningRequest


def submit(site: Site, submission: Submission) -> Receipt:
    """Take a request into the queue, once: the same CSR again is answered with where it stands.

    Raises:
        NotConfigured: the instance is no CA server.
        InvalidField, InvalidCSR, WeakKey: the request is not acceptable.
        TooManyPending: the queue is full.
    """
    (done,) = submit_many(site, [submission])
    if isinstance(done, PkilabError):
        raise done
    return done


def submit_many(site: Site, submissions: Sequence[Submission]) -> list[Receipt | PkilabError]:
    """Take several requests into the queue in one transaction; return for each what `submit` returns or raises.

    Raises:
        NotConfigured: the instance is no CA server.
        RegistryError, CannotWrite: nothing was taken.
    """
    return take(site, [check(submission) for submission in submissions])


def check(submission: Submission) -> Acceptable | PkilabError:
    """Return what a submission holds, or why it is refused. Reads no registry: any thread may do it before `take`."""
    try:
        name = _checked_name(submission.name)
        contact = Contact.received(submission.contact.name, submission.contact.phone, submission.contact.email)
        claimed = check_line("Subject", one_line(submission.subject), upper_bound=_MAX_SUBJECT)
        return Acceptable(name=name, claimed=claimed, contact=contact, content=csr.read(submission.csr))
    except PkilabError as error:
        return error


def take(site: Site, checked: Sequence[Acceptable | PkilabError]) -> list[Receipt | PkilabError]:
    """Take what `check` returned into the queue, in one transaction that is durable at the end; as `submit_many`."""
    now = site.clock()
    with site.writing() as tx:
        settings = site.authority(tx).settings
        found = {each.content.fingerprint.sha256 for each in checked if isinstance(each, Acceptable)}
        earlier = requests.same_csrs(tx, site.instance, found)
        told = {sha256: each for sha256, each in earlier.items() if each.state is not RequestState.DELETED}
        room = settings.max_pending - requests.count_pending(tx, site.instance)
        new: dict[str, Arrival] = {}
        for each in checked:
            if isinstance(each, Acceptable) and each.content.fingerprint.sha256 not in told and len(new) < room:
                new.setdefault(each.content.fingerprint.sha256, _arrival(site, each, now))
        arrivals = list(new.values())
        renewed = renewals.renewed(tx, site.instance, arrivals)
        arrivals = [
            each if number is None else replace(each, renews=number)
            for each, number in zip(arrivals, renewed, strict=True)
        ]
        added = requests.add_many(tx, site.instance, arrivals)
        mails = [messages.requested(settings, request, site.token()) for request in added]
        outbox.put(tx, site.instance, mails, now)
    return _receipts(settings, checked, told, {request.fingerprint.sha256: request for request in added})


def _arrival(site: Site, each: Acceptable, now: datetime) -> Arrival:
    return Arrival(
        ticket=site.token(),
        name=each.name,
        claimed_subject=each.claimed,
        contact=each.contact,
        content=each.content,
        received_at=now,
    )


def _receipts(
    settings: CASettings,
    checked: Sequence[Acceptable | PkilabError],
    known: dict[str, Request],
    added: dict[str, Request],
) -> list[Receipt | PkilabError]:
    """Return the answers in order: of equal CSRs the first one is new, the others were sent before."""
    told = dict(known)
    answers: list[Receipt | PkilabError] = []
    for each in checked:
        if isinstance(each, PkilabError):
            answers.append(each)
            continue
        sha256 = each.content.fingerprint.sha256
        if (before := told.get(sha256)) is not None:
            answers.append(Receipt(request=before, new=False, message=_told_again(settings, before)))
        elif (request := added.get(sha256)) is not None:
            answers.append(Receipt(request=request, new=True, message=_told(settings, request)))
            told[sha256] = request
        else:
            answers.append(TooManyPending(settings.max_pending))
    return answers


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
    if confirmed is not True:
        effect = "the request leaves the queue, and its contact is told by mail."
        raise ConfirmationNeeded(f"delete request {request_id}", effect)
    why = check_line("Reason", reason, upper_bound=500)
    who = site.acting(by)
    now = site.clock()
    with site.writing() as tx:
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
