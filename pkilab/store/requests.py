"""Certificate requests at a CA, from their arrival until they are issued or deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, insert, select, update

from pkilab.errors import NotPending, UnknownRequest
from pkilab.model.contact import Contact
from pkilab.model.dn import comma_form
from pkilab.model.fingerprint import Hash, bare_hex
from pkilab.model.names import RequestName
from pkilab.model.request import RecordedVerification, Request, RequestState, SigningRequest, Submission
from pkilab.model.usage import Usage
from pkilab.store import many
from pkilab.store.schema import AUTHORITIES, MAX_ID, REQUESTS, VERIFICATIONS, key, moment, number_text, storable
from pkilab.store.transaction import Transaction
from pkilab.x509 import csr as x509_csr

# Built once: every submission runs them.
_MINE = REQUESTS.c.authority_id == (
    select(AUTHORITIES.c.id).where(AUTHORITIES.c.instance == bindparam("ca")).scalar_subquery()
)
_COUNT_PENDING = select(func.count()).select_from(REQUESTS).where(_MINE, REQUESTS.c.state == RequestState.PENDING.value)
_KNOWN = select(REQUESTS.c.id).where(_MINE, REQUESTS.c.csr_sha256.in_(bindparam("some", expanding=True)))
_NEWEST = select(REQUESTS.c.ticket, REQUESTS.c.id).order_by(REQUESTS.c.id.desc()).limit(bindparam("count"))
_INSERT = insert(REQUESTS)
_ISSUED = (
    update(REQUESTS)
    .where(REQUESTS.c.id == bindparam("of"), REQUESTS.c.authority_id == bindparam("mine"))
    .values(state=bindparam("to"), decided_at=bindparam("at"), decided_by=bindparam("by"), number=bindparam("given"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request that came in; content and contact are checked already."""

    ticket: str
    name: RequestName
    claimed_subject: str
    contact: Contact
    content: SigningRequest
    received_at: datetime
    renews: int | None = None


def add(
    tx: Transaction,
    *,
    ca: str,
    ticket: str,
    submission: Submission,
    content: SigningRequest,
    contact: Contact,
    received_at: datetime,
    renews: int | None = None,
) -> Request:
    """Record a request that came in and return it, pending; `content` and `contact` are checked already.

    Raises:
        NotConfigured: there is no CA server `ca`.
    """
    arrival = Arrival(
        ticket=ticket,
        name=submission.name,
        claimed_subject=submission.subject,
        contact=contact,
        content=content,
        received_at=received_at,
        renews=renews,
    )
    return add_many(tx, ca, [arrival])[0]


def add_many(tx: Transaction, ca: str, arrivals: Sequence[Arrival]) -> list[Request]:
    """Record requests that came in, in this order, and return them, pending.

    Raises:
        NotConfigured: there is no CA server `ca`.
    """
    if not arrivals:
        return []
    mine = tx.authority_id(ca)
    many.execute(tx, _INSERT, [_row(mine, each) for each in arrivals])
    # Whoever writes is alone, so that the newest rows are these.
    ids = {row.ticket: row.id for row in tx.connection.execute(_NEWEST, {"count": len(arrivals)})}
    return [
        Request(
            id=ids[each.ticket],
            ca=ca,
            ticket=each.ticket,
            name=each.name,
            claimed_subject=storable(each.claimed_subject),
            contact=each.contact,
            content=each.content,
            received_at=each.received_at,
            renews=each.renews,
        )
        for each in arrivals
    ]


def _row(authority_id: int, arrival: Arrival) -> dict[str, Any]:
    name, contact, content = arrival.name, arrival.contact, arrival.content
    return {
        "authority_id": authority_id,
        "ticket": arrival.ticket,
        "host": name.host,
        "instance": name.instance,
        "root": name.root,
        "host_key": key(name.host),
        "instance_key": key(name.instance),
        "claimed_subject": storable(arrival.claimed_subject),
        "subject": storable(comma_form(content.subject)),
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "contact_email": contact.email,
        "csr": content.der,
        "csr_sha256": bare_hex(content.fingerprint.sha256),
        "csr_sha1": bare_hex(content.fingerprint.sha1),
        "key_sha256": content.key.sha256,
        "received_at": moment(arrival.received_at),
        "state": RequestState.PENDING.value,
        "decided_by": "",
        "reason": "",
        "renews": None if arrival.renews is None else number_text(arrival.renews),
    }


def get(tx: Transaction, ca: str, id: int) -> Request | None:  # noqa: A002 - it is called that in the model
    """Return the request `id` at `ca`, or None."""
    return _first(_found(tx, ca, REQUESTS.c.id == id)) if 0 < id <= MAX_ID else None


def get_many(tx: Transaction, ca: str, ids: Sequence[int]) -> dict[int, Request]:
    """Return the requests at `ca` that there are of these ids, by id."""
    wanted = [id_ for id_ in ids if 0 < id_ <= MAX_ID]
    found: dict[int, Request] = {}
    for at in range(0, len(wanted), 500):
        some = _found(tx, ca, REQUESTS.c.id.in_(wanted[at : at + 500]))
        found |= {request.id: request for request in some}
    return found


def decided(tx: Transaction, ca: str, ids: Sequence[int]) -> dict[int, NotPending | UnknownRequest]:
    """Return, for those of these ids that are not pending at `ca`, who decided what and when, or that there is none."""
    mine = tx.authority_id(ca)
    columns = (REQUESTS.c.id, REQUESTS.c.state, REQUESTS.c.decided_by, REQUESTS.c.decided_at, REQUESTS.c.number)
    found: dict[int, NotPending | UnknownRequest] = {}
    seen: set[int] = set()
    for at in range(0, len(ids), 500):
        some = (REQUESTS.c.authority_id == mine, REQUESTS.c.id.in_(ids[at : at + 500]))
        for row in tx.connection.execute(select(*columns).where(*some)):
            seen.add(row.id)
            if row.state != RequestState.PENDING.value:
                number = None if row.number is None else int(row.number, 16)
                found[row.id] = NotPending(row.id, row.state, row.decided_by, row.decided_at, number)
    return found | {id_: UnknownRequest(id_) for id_ in ids if id_ not in seen}


def by_ticket(tx: Transaction, ca: str, ticket: str) -> Request | None:
    """Return the request that its sender knows by `ticket`, or None."""
    return _first(_found(tx, ca, REQUESTS.c.ticket == storable(ticket)))


def pending(tx: Transaction, ca: str, *, after: int = 0, limit: int | None = None) -> tuple[Request, ...]:
    """Return the requests at `ca` that are neither issued nor deleted, in the order of arrival.

    `after` is the id of the last one of the page before; `limit` the most to return.
    """
    waiting = REQUESTS.c.state == RequestState.PENDING.value
    return _found(tx, ca, waiting, REQUESTS.c.id > min(after, MAX_ID), limit=limit)


def count_pending(tx: Transaction, ca: str) -> int:
    """Return how many requests wait at `ca`."""
    return tx.connection.scalar(_COUNT_PENDING, {"ca": ca}) or 0


def same_csr(tx: Transaction, ca: str, sha256: str) -> Request | None:
    """Return the newest request at `ca` with a CSR of this SHA-256 fingerprint (any spelling), or None."""
    return _first(_found(tx, ca, REQUESTS.c.csr_sha256 == bare_hex(sha256), limit=1, newest=True))


def same_csrs(tx: Transaction, ca: str, sha256s: Iterable[str]) -> dict[str, Request]:
    """Return the newest request at `ca` for each of these SHA-256 fingerprints that has one, by the fingerprint."""
    spelled = {bare_hex(given): given for given in sha256s}
    bare = list(spelled)
    found: dict[str, Request] = {}
    for at in range(0, len(bare), 500):
        ids = tx.connection.scalars(_KNOWN, {"ca": ca, "some": bare[at : at + 500]}).all()
        for request in _found(tx, ca, REQUESTS.c.id.in_(ids)) if ids else ():
            found[spelled[bare_hex(request.fingerprint.sha256)]] = request
    return found


def same_key(tx: Transaction, ca: str, key_sha256: str, but: int) -> tuple[Request, ...]:
    """Return the requests at `ca`, other than `but`, with the public key of this hash, whatever became of them."""
    return _found(tx, ca, REQUESTS.c.key_sha256 == key_sha256, REQUESTS.c.id != but)


def decide(
    tx: Transaction,
    ca: str,
    id: int,  # noqa: A002 - it is called that in the model
    *,
    state: RequestState,
    at: datetime,
    by: str,
    reason: str = "",
    number: int | None = None,
) -> None:
    """Record that the request was issued, as `number`, or deleted.

    Raises:
        UnknownRequest: there is none of this id at `ca`.
        NotPending: somebody decided before; the error says who, what and when.
    """
    request = get(tx, ca, id)
    if request is None:
        raise UnknownRequest(id)
    if request.state is not RequestState.PENDING:
        raise NotPending(id, request.state.value, request.decided_by, request.decided_at, request.number)
    tx.connection.execute(
        update(REQUESTS)
        .where(REQUESTS.c.id == id)
        .values(
            state=state.value,
            decided_at=at,
            decided_by=by,
            reason=reason,
            number=None if number is None else number_text(number),
        )
    )


def issued(tx: Transaction, ca: str, numbers: Mapping[int, int], *, at: datetime, by: str) -> None:
    """Record that requests (by id) were issued under numbers; they were pending in this same transaction."""
    same = {"mine": tx.authority_id(ca), "to": RequestState.ISSUED.value, "at": moment(at), "by": by}
    many.execute(tx, _ISSUED, [{**same, "of": id_, "given": number_text(number)} for id_, number in numbers.items()])


def record_verification(
    tx: Transaction,
    ca: str,
    id: int,  # noqa: A002 - it is called that in the model
    verification: RecordedVerification,
) -> None:
    """Record how the request was verified. The newest counts; earlier ones stay in the table.

    Raises:
        UnknownRequest: there is none of this id at `ca`.
    """
    if get(tx, ca, id) is None:
        raise UnknownRequest(id)
    tx.connection.execute(
        insert(VERIFICATIONS).values(
            request_id=id,
            usage=verification.usage.value,
            path_length=verification.path_length,
            compared=verification.compared.value,
            fingerprint=verification.fingerprint,
            verified_by=verification.by,
            verified_at=verification.at,
        )
    )


def _found(
    tx: Transaction, ca: str, *conditions: ColumnElement[bool], limit: int | None = None, newest: bool = False
) -> tuple[Request, ...]:
    # A subquery and no join: the database then sees that one index holds both condition and order.
    mine = select(AUTHORITIES.c.id).where(AUTHORITIES.c.instance == ca).scalar_subquery()
    order = REQUESTS.c.id.desc() if newest else REQUESTS.c.id
    query = select(REQUESTS).where(REQUESTS.c.authority_id == mine, *conditions).order_by(order).limit(limit)
    rows = tx.connection.execute(query).all()
    verified = _verifications(tx, [row.id for row in rows])
    return tuple(_request(row, ca, verified.get(row.id)) for row in rows)


def _verifications(tx: Transaction, ids: list[int]) -> dict[int, RecordedVerification]:
    """Return the newest verification of each request of `ids` that has one."""
    found: dict[int, RecordedVerification] = {}
    for at in range(0, len(ids), 500):
        some = VERIFICATIONS.c.request_id.in_(ids[at : at + 500])
        for row in tx.connection.execute(select(VERIFICATIONS).where(some).order_by(VERIFICATIONS.c.id)):
            found[row.request_id] = RecordedVerification(
                usage=Usage(row.usage),
                path_length=row.path_length,
                compared=Hash(row.compared),
                fingerprint=row.fingerprint,
                by=row.verified_by,
                at=row.verified_at,
            )
    return found


def _request(row: Row[Any], ca: str, verification: RecordedVerification | None) -> Request:
    return Request(
        id=row.id,
        ca=ca,
        ticket=row.ticket,
        name=RequestName(row.host, row.instance, row.root),
        claimed_subject=row.claimed_subject,
        contact=Contact(row.contact_name, row.contact_phone, row.contact_email),
        content=x509_csr.trusted(row.csr),
        received_at=row.received_at,
        state=RequestState(row.state),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        number=None if row.number is None else int(row.number, 16),
        verification=verification,
        renews=None if row.renews is None else int(row.renews, 16),
    )


def _first(found: Iterable[Request]) -> Request | None:
    return next(iter(found), None)
