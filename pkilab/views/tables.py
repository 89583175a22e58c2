"""What the tables of requests, certificates and the journal say; each knows what to do when it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pkilab.model.certificate import ListedCertificate, ListedPage, Listing
from pkilab.model.journal import JournalEntry
from pkilab.model.message import ReceivedMessage
from pkilab.model.request import Request
from pkilab.views import facts, words
from pkilab.views.sheet import Table


def requests(rows: Sequence[Request]) -> Table:
    """Return the requests that wait at a CA, in the order given (S9)."""
    return Table(
        caption="Pending requests",
        columns=("Request", "File root", "Subject", "From", "Contact", "Received"),
        rows=tuple(
            (
                str(row.id),
                row.root,
                row.subject or "no subject",
                f"{row.name.instance} on {row.name.host}",
                row.contact.name or "none given",
                words.moment(row.received_at),
            )
            for row in rows
        ),
        empty="No request is waiting. A CA client sends one by submitting a certificate signing request.",
    )


def certificates(listing: Listing) -> Table:
    """Return a page of the certificates that a CA issued."""
    return Table(
        caption="Issued certificates",
        columns=("Number", "File root", "Subject", "For", "Valid until", "Status"),
        rows=tuple(
            (
                str(row.number),
                row.root,
                row.subject or "no subject",
                row.name.origin,
                words.day(row.not_after),
                row.status,
            )
            for row in listing.certificates
        ),
        empty="No certificate to show. Issue one from a pending request, or search for something else.",
        more=_more(listing),
    )


def listed_page(page: ListedPage) -> Table:
    """Return a page of certificates as a client sees them (C5)."""
    return replace(listed(page.certificates), more=_more(page))


def listed(rows: Sequence[ListedCertificate]) -> Table:
    """Return certificates as a client sees them; what a server of the original does not tell stays a dash (C5)."""
    return Table(
        caption="Certificates of this CA",
        columns=("Number", "Host", "Instance", "File root", "Subject", "Valid until", "Status"),
        rows=tuple(
            (
                str(row.number),
                row.host,
                row.instance,
                row.root,
                row.subject or "–",
                words.day(row.not_after) if row.not_after else "–",
                row.status or "–",
            )
            for row in rows
        ),
        empty="No certificate to show. Submit a request and let the CA's operator verify and issue it, or search for "
        "something else.",
    )


def _more(page: Listing | ListedPage) -> str:
    return f"These are {len(page.certificates)} of {page.total}; more follow." if page.after is not None else ""


def journal(entries: Sequence[JournalEntry]) -> Table:
    """Return entries of the journal: who did what, when."""
    return Table(
        caption="Journal",
        columns=("Entry", "When", "Who", "What", "About"),
        rows=tuple(
            (
                str(row.sequence),
                words.moment(row.at),
                row.by,
                row.act,
                facts.about(row) or "–",
            )
            for row in entries
        ),
        empty="Nothing has happened here yet. Configuring a CA server makes the first entry.",
    )


def received(rows: Sequence[ReceivedMessage]) -> Table:
    """Return what the lab's own inbox received (M3)."""
    return Table(
        caption="Inbox",
        columns=("Mail", "Received", "To", "Subject"),
        rows=tuple(
            (row.id, words.moment(row.received_at), ", ".join(row.recipients) or "–", row.subject or "no subject")
            for row in rows
        ),
        empty="No mail has come here. Configuring a CA server, or sending it a request, makes one.",
    )
