"""Mail that waits to be sent; it is stored in the transaction of the act that it tells of (M2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, literal_column, null, select, update

from pkilab.model.message import Message, OutgoingMessage
from pkilab.store import many
from pkilab.store.schema import OUTBOX, moment
from pkilab.store.transaction import Transaction

# Built once: every submission runs them.
_KNOWN = select(OUTBOX.c.message_id).where(OUTBOX.c.message_id.in_(bindparam("some", expanding=True)))
_INSERT = insert(OUTBOX)
_TRIED = update(OUTBOX).where(OUTBOX.c.id == bindparam("of")).values(attempts=OUTBOX.c.attempts + literal_column("1"))
_SENT = _TRIED.values(sent_at=bindparam("at"), next_at=null(), error=literal_column("''"))
_FAILED = _TRIED.where(OUTBOX.c.sent_at.is_(None)).values(next_at=bindparam("due"), error=bindparam("why"))


def put(tx: Transaction, instance: str, messages: Iterable[Message], at: datetime) -> None:
    """Store `messages`, due at once, to be sent with the mail settings of `instance`; one known by its id is left."""
    new = {message.message_id: message for message in messages}
    if not new:
        return
    for message_id in tx.connection.scalars(_KNOWN, {"some": list(new)}).all():
        del new[message_id]
    due = moment(at)
    rows = [
        {
            "message_id": message.message_id,
            "instance": instance,
            "sender": message.sender,
            "recipient": message.recipient,
            "subject": message.subject,
            "body": message.body,
            "created_at": due,
            "attempts": 0,
            "next_at": due,
            "error": "",
        }
        for message in new.values()
    ]
    many.execute(tx, _INSERT, rows)


def waiting(tx: Transaction) -> tuple[OutgoingMessage, ...]:
    """Return all that was not sent yet, the oldest first."""
    return _messages(tx, select(OUTBOX).where(OUTBOX.c.sent_at.is_(None)).order_by(OUTBOX.c.id))


def count_waiting(tx: Transaction) -> int:
    """Return how many were not sent yet."""
    return tx.connection.scalar(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.sent_at.is_(None))) or 0


def due(tx: Transaction, now: datetime, limit: int, *, without: Collection[str] = ()) -> tuple[OutgoingMessage, ...]:
    """Return at most `limit` of what should be sent by `now`, the longest due first; none of instances `without`."""
    unsent = (OUTBOX.c.sent_at.is_(None), OUTBOX.c.next_at <= now)
    query = select(OUTBOX).where(*unsent).order_by(OUTBOX.c.next_at, OUTBOX.c.id).limit(limit)
    return _messages(tx, query.where(OUTBOX.c.instance.not_in(without)) if without else query)


def sent(tx: Transaction, id: int, at: datetime) -> None:  # noqa: A002 - it is called that in the model
    """Record that the message was taken by the server at `at`."""
    many.execute(tx, _SENT, [{"of": id, "at": moment(at)}])


def failed(tx: Transaction, id: int, error: str, next_at: datetime) -> None:  # noqa: A002 - as above
    """Record that the message could not be sent, why, and when to try again; one already sent stays so."""
    many.execute(tx, _FAILED, [{"of": id, "due": moment(next_at), "why": error}])


def _messages(tx: Transaction, query: Select[Any]) -> tuple[OutgoingMessage, ...]:
    return tuple(_message(row) for row in tx.connection.execute(query))


def _message(row: Row[Any]) -> OutgoingMessage:
    return OutgoingMessage(
        id=row.id,
        instance=row.instance,
        message=Message(
            message_id=row.message_id,
            sender=row.sender,
            recipient=row.recipient,
            subject=row.subject,
            body=row.body,
        ),
        created_at=row.created_at,
        attempts=row.attempts,
        next_at=row.next_at,
        sent_at=row.sent_at,
        error=row.error,
    )
