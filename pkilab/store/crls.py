"""The revocation lists that a CA signed: the current one, and those ahead of their time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from pkilab.model.crl import RevocationList
from pkilab.store.schema import AUTHORITIES, CRLS, SETTINGS, number_text
from pkilab.store.transaction import Transaction

_OWNER = select(AUTHORITIES.c.id).where(AUTHORITIES.c.instance == bindparam("ca")).scalar_subquery()
_CURRENT = (
    select(CRLS)
    .where(CRLS.c.authority_id == _OWNER, CRLS.c.this_update <= bindparam("now", type_=CRLS.c.this_update.type))
    .order_by(CRLS.c.number.desc())
    .limit(1)
)
_FIRST = select(CRLS).where(CRLS.c.authority_id == _OWNER).order_by(CRLS.c.number).limit(1)
_WITHOUT_DER = [column for column in CRLS.c if column is not CRLS.c.crl]


def replace(tx: Transaction, ca: str, lists: Sequence[RevocationList], *, key_sha256: str) -> int:
    """Put `lists` in the place of all that `ca` had, and return how many of those were ahead of their time.

    The highest number is kept for the key of this hash, also when the CA is dropped: it never goes back.

    Raises:
        NotConfigured: there is no CA server `ca`.
    """
    mine = tx.authority_id(ca)
    begins = min(each.this_update for each in lists)
    ahead = sum(each.this_update > begins for each in described(tx, ca))
    tx.connection.execute(delete(CRLS).where(CRLS.c.authority_id == mine))
    rows = [
        {
            "authority_id": mine,
            "number": number_text(each.number),
            "this_update": each.this_update,
            "next_update": each.next_update,
            "revoked": each.revoked,
            "crl": each.der,
        }
        for each in lists
    ]
    tx.connection.execute(insert(CRLS), rows)
    _keep(tx, key_sha256, max(each.number for each in lists))
    return ahead


def current(tx: Transaction, ca: str, now: datetime) -> RevocationList | None:
    """Return the list that counts at `now`: the last one that has begun, also if its time is over.

    Where none has begun, as on a machine whose clock is behind the operator's, it is the first; None: there are none.
    """
    given = {"ca": ca, "now": now}
    row = tx.connection.execute(_CURRENT, given).one_or_none() or tx.connection.execute(_FIRST, given).one_or_none()
    return None if row is None else _list(ca, row, row.crl)


def described(tx: Transaction, ca: str) -> tuple[RevocationList, ...]:
    """Return all lists in the order of their numbers, without their octets (`der` is empty)."""
    query = select(*_WITHOUT_DER).where(CRLS.c.authority_id == tx.authority_id(ca)).order_by(CRLS.c.number)
    return tuple(_list(ca, row, b"") for row in tx.connection.execute(query))


def all(tx: Transaction, ca: str) -> tuple[RevocationList, ...]:  # noqa: A001 - read as `crls.all(tx)`
    """Return all lists in the order of their numbers."""
    query = select(CRLS).where(CRLS.c.authority_id == tx.authority_id(ca)).order_by(CRLS.c.number)
    return tuple(_list(ca, row, row.crl) for row in tx.connection.execute(query))


def highest(tx: Transaction, key_sha256: str) -> int:
    """Return the highest number that was ever given to a list signed with the key of this hash; 0 if none."""
    found = tx.connection.scalar(select(SETTINGS.c.value).where(SETTINGS.c.name == _name(key_sha256)))
    return int(found, 16) if found else 0


def _keep(tx: Transaction, key_sha256: str, number: int) -> None:
    name = _name(key_sha256)
    values = {"value": number_text(max(number, highest(tx, key_sha256)))}
    if tx.connection.execute(update(SETTINGS).where(SETTINGS.c.name == name).values(values)).rowcount == 0:
        tx.connection.execute(insert(SETTINGS).values(name=name, **values))


def _name(key_sha256: str) -> str:
    return f"crl_number/{key_sha256}"


def _list(ca: str, row: Row[Any], der: bytes) -> RevocationList:
    return RevocationList(
        ca=ca,
        number=int(row.number, 16),
        this_update=row.this_update,
        next_update=row.next_update,
        revoked=row.revoked,
        der=der,
    )
