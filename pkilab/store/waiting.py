"""The requests that wait at a CA, as an operator looks through them: searched, sorted, in pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column, bindparam, select

from pkilab.model.order import RequestOrder
from pkilab.model.request import Request, RequestPage, RequestState
from pkilab.store import requests
from pkilab.store.schema import AUTHORITIES, MAX_ID, REQUESTS, key
from pkilab.store.transaction import Transaction

MAX_SEARCH = 1000
"""Characters of a search; nothing longer is looked for."""

_COLUMNS: tuple[Column[Any], ...] = (
    REQUESTS.c.id,
    REQUESTS.c.root,
    REQUESTS.c.subject,
    REQUESTS.c.host_key,
    REQUESTS.c.instance_key,
    REQUESTS.c.contact_name,
    REQUESTS.c.contact_phone,
    REQUESTS.c.contact_email,
)
_WAITING = select(*_COLUMNS).where(
    REQUESTS.c.authority_id
    == select(AUTHORITIES.c.id).where(AUTHORITIES.c.instance == bindparam("ca")).scalar_subquery(),
    REQUESTS.c.state == RequestState.PENDING.value,
)
_SORTED_BY: dict[RequestOrder, Callable[[Any], tuple[Any, ...]]] = {
    RequestOrder.RECEIVED: lambda row: (row.id,),
    RequestOrder.ROOT: lambda row: (key(row.root), row.id),
    RequestOrder.SUBJECT: lambda row: (key(row.subject), row.id),
    RequestOrder.HOST: lambda row: (row.host_key, row.id),
}


def page(
    tx: Transaction,
    ca: str,
    *,
    search: str = "",
    order: RequestOrder = RequestOrder.RECEIVED,
    down: bool = False,
    after: int = 0,
    limit: int = 50,
) -> RequestPage:
    """Return a page of at most `limit` of the requests that wait at `ca`, in an order.

    `search` is looked for in id, file root, subject, host, instance and contact, whatever the letter case. `down` turns
    the order round. `after` is that of the page before, in the same order.
    """
    term = key(search).strip()
    if len(term) > MAX_SEARCH:
        return RequestPage(requests=(), total=0)
    if term or down or order is not RequestOrder.RECEIVED:
        ids, total, more = _chosen(tx, ca, term=term, order=order, down=down, after=after, limit=limit)
        found = requests.get_many(tx, ca, ids)
        rows: Sequence[Request] = [found[id_] for id_ in ids]
    else:
        some = requests.pending(tx, ca, after=after, limit=limit + 1)
        rows, more = some[:limit], len(some) > limit
        total = requests.count_pending(tx, ca)
    return RequestPage(requests=tuple(rows), total=total, after=rows[-1].id if more else None)


def _chosen(
    tx: Transaction, ca: str, *, term: str, order: RequestOrder, down: bool, after: int, limit: int
) -> tuple[list[int], int, bool]:
    """Return the ids on the page, how many fit in all, and whether more follow.

    What waits is bounded, and little of each row is read: it is searched and sorted here, by one rule for every
    registry and every letter.
    """
    by = _SORTED_BY[order]
    rows = [row for row in tx.connection.execute(_WAITING, {"ca": ca}) if not term or term in _searched(row)]
    rows.sort(key=by, reverse=down)
    total = len(rows)
    last = _last(tx, after)
    if last is not None:
        mark = by(last)
        rows = [row for row in rows if (by(row) < mark if down else by(row) > mark)]
    return [row.id for row in rows[:limit]], total, len(rows) > limit


def _last(tx: Transaction, after: int) -> Any | None:
    """Return the last row of the page before, whatever became of it; None where it is not there (any more)."""
    if not 0 < after <= MAX_ID:
        return None
    return tx.connection.execute(select(*_COLUMNS).where(REQUESTS.c.id == after)).first()


def _searched(row: Any) -> str:
    texts = (str(row.id), row.root, row.subject, row.contact_name, row.contact_phone, row.contact_email)
    return key("\n".join((*texts, row.host_key, row.instance_key)))
