"""What runs out soon and nobody was reminded of yet, so that each reminder is mailed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import exists, insert, select

from pkilab.store.schema import CERTIFICATES, REMINDERS, REVOCATIONS
from pkilab.store.transaction import Transaction


class Due(NamedTuple):
    """A reminder to be mailed: of what, when that ends, and for which of the days ahead."""

    about: str
    until: datetime
    days: int


def expiring(tx: Transaction, ca: str, now: datetime, days: Sequence[int], *, limit: int) -> list[Due]:
    """Return at most `limit` certificates of `ca` whose contacts are to be reminded at `now`, the soonest first.

    `days` are the days ahead. Of several that have passed the last one counts, so that nobody is told twice at once.
    What is revoked, on hold or renewed is left out. `about` is the number in hex.
    """
    mine = tx.authority_id(ca)
    newer = CERTIFICATES.alias()
    found: list[Due] = []
    begins = now
    for ahead in sorted(set(days)):
        ends = now + timedelta(days=ahead)
        told = exists().where(
            REMINDERS.c.authority_id == mine,
            REMINDERS.c.about == CERTIFICATES.c.number,
            REMINDERS.c.until == CERTIFICATES.c.not_after,
            REMINDERS.c.days <= ahead,
        )
        revoked = exists().where(REVOCATIONS.c.certificate_id == CERTIFICATES.c.id, REVOCATIONS.c.lifted_at.is_(None))
        renewed = exists().where(newer.c.authority_id == mine, newer.c.renews == CERTIFICATES.c.number)
        query = (
            select(CERTIFICATES.c.number, CERTIFICATES.c.not_after)
            .where(
                CERTIFICATES.c.authority_id == mine,
                CERTIFICATES.c.not_after > begins,
                CERTIFICATES.c.not_after <= ends,
                ~told,
                ~revoked,
                ~renewed,
            )
            .order_by(CERTIFICATES.c.not_after, CERTIFICATES.c.id)
            .limit(limit - len(found))
        )
        found += [Due(number, until, ahead) for number, until in tx.connection.execute(query)]
        begins = ends
        if len(found) >= limit:
            break
    return found


def untold(tx: Transaction, ca: str, some: Sequence[Due]) -> Iterator[Due]:
    """Yield those of `some` that nobody was reminded of, nor of one with fewer days left."""
    mine = tx.authority_id(ca)
    for due in some:
        told = select(REMINDERS.c.id).where(
            REMINDERS.c.authority_id == mine,
            REMINDERS.c.about == due.about,
            REMINDERS.c.until == due.until,
            REMINDERS.c.days <= due.days,
        )
        if tx.connection.scalar(told.limit(1)) is None:
            yield due


def note(tx: Transaction, ca: str, done: Sequence[Due], *, at: datetime) -> None:
    """Record that these reminders were stored to be mailed."""
    mine = tx.authority_id(ca)
    rows = [
        {"authority_id": mine, "about": each.about, "until": each.until, "days": each.days, "at": at} for each in done
    ]
    if rows:
        tx.connection.execute(insert(REMINDERS), rows)
