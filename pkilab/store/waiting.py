"""The requests that wait at a CA, as an operator looks through them: searched, sorted, in pages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal, select, tuple_

from pkilab.model.order import RequestOrder
from pkilab.model.request import RequestPage, RequestState
from pkilab.store import requests
from pkilab.store.schema import AUTHORITIES, MAX_ID, REQUESTS, key
from pkilab.store.transaction import Transaction

MAX_SEARCH = 1000
"""Characters of a search; nothing longer is looked for."""

_MINE = (
    REQUESTS.c.authority_id
    == select(AUTHORITIES.c.id).where(AUTHORITIES.c.instance == bindparam("ca")).scalar_subquery(),
    REQUESTS.c.state == RequestState.PENDING.value,
)
_SORTED_BY: dict[RequestOrder, ColumnElement[Any]] = {
    RequestOrder.RECEIVED: REQUESTS.c.id,
    RequestOrder.ROOT: func.lower(REQUESTS.c.root),
    RequestOrder.SUBJECT: func.lower(REQUESTS.c.subject),
    RequestOrder.HOST: REQUESTS.c.host_key,
}
_SEARCHED = (
    REQUESTS.c.root,
    REQUESTS.c.subject,
    REQUESTS.c.host,
    REQUESTS.c.instance,
    REQUESTS.c.contact_name,
    REQUESTS.c.contact_phone,
    REQUESTS.c.contact_email,
)


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
    by = _SORTED_BY[order]
    sorting = [by] if by is REQUESTS.c.id else [by, REQUESTS.c.id]
    query = select(REQUESTS.c.id).where(*_MINE, *_beyond(tx, by, after, down=down))
    query = query.order_by(*(column.desc() if down else column for column in sorting))
    if term:
        fit = _found(tx, ca, term)
        total = len(fit)
        ids = [id_ for id_ in tx.connection.scalars(query, {"ca": ca}) if id_ in fit] if fit else []
    else:
        total = requests.count_pending(tx, ca)
        ids = list(tx.connection.scalars(query.limit(limit + 1), {"ca": ca}))
    here = ids[:limit]
    found = requests.get_many(tx, ca, here)
    return RequestPage(
        requests=tuple(found[id_] for id_ in here), total=total, after=here[-1] if len(ids) > limit else None
    )


def _found(tx: Transaction, ca: str, term: str) -> set[int]:
    """Return the ids of what holds a text. What waits is bounded: each is looked at, by one rule of letter case."""
    rows = tx.connection.execute(select(REQUESTS.c.id, *_SEARCHED).where(*_MINE), {"ca": ca})
    return {row[0] for row in rows if term in "\n".join(map(str, row)).casefold()}


def _beyond(tx: Transaction, by: ColumnElement[Any], after: int, *, down: bool) -> list[ColumnElement[bool]]:
    """Return the condition for what follows the row `after`, whatever became of it; none where it is not there."""
    if not 0 < after <= MAX_ID:
        return []
    if by is REQUESTS.c.id:
        return [REQUESTS.c.id < after if down else REQUESTS.c.id > after]
    value = tx.connection.scalar(select(by).where(REQUESTS.c.id == after))
    if value is None:
        return []
    here, last = tuple_(by, REQUESTS.c.id), tuple_(literal(value), literal(after))
    return [here < last if down else here > last]
