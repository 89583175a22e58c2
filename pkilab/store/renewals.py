"""Which certificate a request renews: the same key, or the same name and subject again (X3)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, tuple_

from pkilab.model.dn import comma_form
from pkilab.store.requests import Arrival
from pkilab.store.schema import AUTHORITIES, CERTIFICATES, key, storable
from pkilab.store.transaction import Transaction

# Built once: every submission runs them.
_MINE = CERTIFICATES.c.authority_id == bindparam("mine")
_ANY = select(AUTHORITIES.c.issued).where(AUTHORITIES.c.id == bindparam("mine"))
_COLUMNS = (
    CERTIFICATES.c.id,
    CERTIFICATES.c.number,
    CERTIFICATES.c.key_sha256,
    CERTIFICATES.c.root,
    CERTIFICATES.c.instance_key,
    CERTIFICATES.c.host_key,
    CERTIFICATES.c.subject,
)
_BY_KEY = select(*_COLUMNS).where(_MINE, CERTIFICATES.c.key_sha256.in_(bindparam("some", expanding=True)))
_NAME = tuple_(CERTIFICATES.c.root, CERTIFICATES.c.instance_key, CERTIFICATES.c.host_key)
_BY_NAME = select(*_COLUMNS).where(_MINE, _NAME.in_(bindparam("some", expanding=True)))


def renewed(tx: Transaction, ca: str, arrivals: Sequence[Arrival]) -> list[int | None]:
    """Return for each request the number of the newest certificate of `ca` that it renews, None where there is none.

    It renews one of the same subject, for the same key or asked for under the same name. Nobody has to say so: a
    client of the original cannot.
    """
    mine = tx.authority_id(ca)
    if not arrivals or not tx.connection.scalar(_ANY, {"mine": mine}):
        return [None] * len(arrivals)
    found = {}
    for at in range(0, len(arrivals), 200):
        some = arrivals[at : at + 200]
        keys = list({each.content.key.sha256 for each in some})
        names = list({_name(each) for each in some})
        for query, values in ((_BY_KEY, keys), (_BY_NAME, names)):
            for row in tx.connection.execute(query, {"mine": mine, "some": values}):
                found[row.id] = row
    by_key: dict[tuple[str, str], int] = {}
    by_name: dict[tuple[tuple[str, str, str], str], int] = {}
    for _, row in sorted(found.items()):  # the newest counts
        by_key[row.key_sha256, row.subject] = int(row.number, 16)
        by_name[(row.root, row.instance_key, row.host_key), row.subject] = int(row.number, 16)
    answers = []
    for each in arrivals:
        subject = storable(comma_form(each.content.subject))
        same_key = by_key.get((each.content.key.sha256, subject))
        answers.append(by_name.get((_name(each), subject)) if same_key is None else same_key)
    return answers


def _name(arrival: Arrival) -> tuple[str, str, str]:
    name = arrival.name
    return name.root, key(name.instance), key(name.host)
