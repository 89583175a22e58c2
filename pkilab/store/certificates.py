"""The certificates that a CA issued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, ScalarSelect, func, insert, literal, select, tuple_, update

from pkilab.errors import NotConfigured, NumberTaken
from pkilab.model.certificate import (
    MAX_SERIAL,
    Certificate,
    IssuedCertificate,
    ListedCertificate,
    Listing,
    state_at,
)
from pkilab.model.dn import comma_form
from pkilab.model.fingerprint import bare_hex
from pkilab.model.names import RequestName
from pkilab.model.order import CertificateOrder
from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.model.settings import CASettings, Serials
from pkilab.model.usage import Usage
from pkilab.store import many
from pkilab.store import settings as codec
from pkilab.store.schema import (
    AUTHORITIES,
    CERTIFICATES,
    MAX_ID,
    RESPONDERS,
    REVOCATIONS,
    key,
    moment,
    number_text,
    storable,
)
from pkilab.store.transaction import Transaction
from pkilab.x509 import certificate as x509_certificate

_INSERT = insert(CERTIFICATES)
COUNTED_MATCHES = 1000
"""A search counts its matches no further than one beyond this."""
MAX_SEARCH = 1000
"""Characters of a search; nothing longer stands in a certificate's row."""
_SORTED_BY: dict[CertificateOrder, Column[Any]] = {
    CertificateOrder.ISSUED: CERTIFICATES.c.id,
    CertificateOrder.NUMBER: CERTIFICATES.c.number,
    CertificateOrder.ROOT: CERTIFICATES.c.root,
    CertificateOrder.SUBJECT: CERTIFICATES.c.subject,
    CertificateOrder.UNTIL: CERTIFICATES.c.not_after,
}


def add(
    tx: Transaction,
    *,
    ca: str,
    number: int,
    name: RequestName,
    certificate: Certificate,
    usage: Usage,
    issued_at: datetime,
    issued_by: str,
    request_id: int | None,
    shortened: bool,
    renews: int | None = None,
    counted: bool | None = None,
) -> IssuedCertificate:
    """Record a certificate that was issued and return it.

    `counted` says whether the number came from the counter; None: as the CA's settings say.

    Raises:
        NumberTaken: the CA has a certificate of this number; nothing was recorded.
        NotConfigured: there is no CA server `ca`.
    """
    if counted is None:
        found = tx.connection.scalar(select(AUTHORITIES.c.settings).where(AUTHORITIES.c.instance == ca))
        if found is None:
            raise NotConfigured(ca, "server")
        counted = codec.decode(CASettings, found).serials is Serials.COUNTER
    issued = IssuedCertificate(
        number=number,
        ca=ca,
        name=name,
        certificate=certificate,
        usage=usage,
        issued_at=issued_at,
        issued_by=issued_by,
        state=state_at(issued_at, certificate, None),
        request_id=request_id,
        shortened=shortened,
        renews=renews,
    )
    add_many(tx, ca, [issued], counted=counted)
    return issued


def add_many(tx: Transaction, ca: str, issued: Sequence[IssuedCertificate], *, counted: bool) -> None:
    """Record certificates that were issued, in this order; `counted`: their numbers came from the counter.

    Raises:
        NumberTaken: the CA has a certificate of one of these numbers; nothing was recorded.
        NotConfigured: there is no CA server `ca`.
    """
    mine = tx.authority_id(ca)
    texts = [number_text(each.number) for each in issued]
    if twice := [number for number, count in Counter(texts).items() if count > 1]:
        raise NumberTaken(int(twice[0], 16))
    for at in range(0, len(texts), 500):
        taken = (CERTIFICATES.c.authority_id == mine, CERTIFICATES.c.number.in_(texts[at : at + 500]))
        number = tx.connection.scalar(select(CERTIFICATES.c.number).where(*taken).limit(1))
        if number is not None:
            raise NumberTaken(int(number, 16))
    many.execute(tx, _INSERT, [_row(mine, each, counted=counted) for each in issued])
    count = AUTHORITIES.c.issued + len(issued)
    tx.connection.execute(update(AUTHORITIES).where(AUTHORITIES.c.id == mine).values(issued=count))


def _row(authority_id: int, issued: IssuedCertificate, *, counted: bool) -> dict[str, Any]:
    return {
        "authority_id": authority_id,
        "number": number_text(issued.number),
        "counted": counted,
        "request_id": issued.request_id,
        "issued_at": moment(issued.issued_at),
        "issued_by": issued.issued_by,
        "shortened": issued.shortened,
        "usage": issued.usage.value if issued.usage else "",
        "renews": None if issued.renews is None else number_text(issued.renews),
        **_origin(issued.name),
        **_content(issued.number, issued.name, issued.certificate),
    }


def get(tx: Transaction, ca: str, number: int, now: datetime) -> IssuedCertificate | None:
    """Return certificate `number` of `ca` with its state at `now`, or None."""
    if not _is_number(number):
        return None
    query = select(CERTIFICATES).where(
        CERTIFICATES.c.authority_id == _id(ca), CERTIFICATES.c.number == number_text(number)
    )
    return next(iter(_issued(tx, ca, now, tx.connection.execute(query).all())), None)


def listed(tx: Transaction, ca: str, *, host: str = "", instance: str = "") -> list[ListedCertificate]:
    """Return number, host, instance and file root of what `ca` issued, in the order of issue.

    `host` and `instance` narrow it, whatever their letter case; empty for all. This is what clients poll.
    """
    columns = (CERTIFICATES.c.number, CERTIFICATES.c.host, CERTIFICATES.c.instance, CERTIFICATES.c.root)
    query = select(*columns).where(*_at(ca, host, instance)).order_by(CERTIFICATES.c.id)
    return [
        ListedCertificate(number=int(number, 16), host=host, instance=instance, root=root)
        for number, host, instance, root in tx.connection.execute(query)
    ]


def listing(
    tx: Transaction,
    ca: str,
    now: datetime,
    *,
    search: str = "",
    host: str = "",
    instance: str = "",
    order: CertificateOrder = CertificateOrder.ISSUED,
    down: bool = False,
    after: int = 0,
    limit: int = 50,
) -> Listing:
    """Return a page of at most `limit` of what `ca` issued, in an order, with the states at `now`.

    `search` is looked for in number (decimal and hex), host, instance, file root, subject and alternative names,
    whatever the letter case. `down` turns the order round. `after` is that of the page before, in the same order.
    `total` counts all pages, but a search only up to `COUNTED_MATCHES`: one more means "more than".
    """
    term = key(search).strip()
    if len(term) > MAX_SEARCH:
        return Listing(certificates=(), total=0)
    conditions = _at(ca, host, instance)
    narrowed = bool(term or host or instance)
    if term:
        conditions.append(CERTIFICATES.c.search.contains(term, autoescape=True))
    found = conditions
    if narrowed and order is not CertificateOrder.ISSUED:
        found = _few(tx, conditions) or conditions
    by = _SORTED_BY[order]
    sorting = [by] if by is CERTIFICATES.c.id else [by, CERTIFICATES.c.id]
    query = select(CERTIFICATES).where(*found, *_beyond(tx, by, after, down=down))
    rows = tx.connection.execute(
        query.order_by(*(column.desc() if down else column for column in sorting)).limit(limit + 1)
    ).all()
    page = rows[:limit]
    return Listing(
        certificates=tuple(_issued(tx, ca, now, page)),
        total=_total(tx, ca, conditions, counted=not narrowed, capped=bool(term)),
        after=page[-1].id if len(rows) > limit else None,
    )


def _few(tx: Transaction, conditions: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Return a condition that names the rows which were found, where they are few: then sorting them is cheap.

    Where they are many, a walk along the order's index soon meets as many as a page holds.
    """
    query = select(CERTIFICATES.c.id).where(*conditions).order_by(CERTIFICATES.c.id).limit(COUNTED_MATCHES + 1)
    ids = tx.connection.scalars(query).all()
    return [] if len(ids) > COUNTED_MATCHES else [CERTIFICATES.c.id.in_(ids)]


def _beyond(tx: Transaction, by: Column[Any], after: int, *, down: bool) -> list[ColumnElement[bool]]:
    """Return the condition for what follows the row `after`; none where that row is not there (any more)."""
    if after <= 0:
        return []
    after = min(after, MAX_ID)
    if by is CERTIFICATES.c.id:
        return [CERTIFICATES.c.id < after if down else CERTIFICATES.c.id > after]
    value = tx.connection.scalar(select(by).where(CERTIFICATES.c.id == after))
    if value is None:
        return []
    here, last = tuple_(by, CERTIFICATES.c.id), tuple_(literal(value, by.type), literal(after))
    return [here < last if down else here > last]


def numbers_exist(tx: Transaction, ca: str, number: int) -> bool:
    """Tell whether `ca` has a certificate of this number, one of its OCSP responders included."""
    if not _is_number(number):
        return False
    return any(
        tx.connection.scalar(
            select(table.c.id).where(table.c.authority_id == _id(ca), table.c.number == number_text(number))
        )
        is not None
        for table in (CERTIFICATES, RESPONDERS)
    )


def highest_counted(tx: Transaction, ca: str) -> int:
    """Return the highest number that `ca` gave by its counter, also to an OCSP responder; 0 if none."""
    highest = 0
    for table in (CERTIFICATES, RESPONDERS):
        mine = (table.c.authority_id == _id(ca), table.c.counted.is_(True))
        found = tx.connection.scalar(select(table.c.number).where(*mine).order_by(table.c.number.desc()).limit(1))
        highest = max(highest, int(found, 16) if found else 0)
    return highest


def same_key(tx: Transaction, ca: str, key_sha256: str, now: datetime | None = None) -> tuple[IssuedCertificate, ...]:
    """Return what `ca` issued for the public key of this hash, in the order of issue.

    The states are those at `now`, or at the time of issue.
    """
    mine = (CERTIFICATES.c.authority_id == _id(ca), CERTIFICATES.c.key_sha256 == key_sha256)
    rows = tx.connection.execute(select(CERTIFICATES).where(*mine).order_by(CERTIFICATES.c.id)).all()
    return tuple(_issued(tx, ca, now, rows))


def _id(ca: str) -> ScalarSelect[int]:
    # A subquery and no join: the database then sees that one index holds both condition and order.
    return select(AUTHORITIES.c.id).where(AUTHORITIES.c.instance == ca).scalar_subquery()


def _is_number(number: int) -> bool:
    return 0 <= number <= MAX_SERIAL


def _at(ca: str, host: str, instance: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [CERTIFICATES.c.authority_id == _id(ca)]
    if host:
        conditions.append(CERTIFICATES.c.host_key == key(host))
    if instance:
        conditions.append(CERTIFICATES.c.instance_key == key(instance))
    return conditions


def _total(tx: Transaction, ca: str, conditions: Sequence[ColumnElement[bool]], *, counted: bool, capped: bool) -> int:
    if counted:
        return tx.connection.scalar(select(AUTHORITIES.c.issued).where(AUTHORITIES.c.instance == ca)) or 0
    found = select(CERTIFICATES.c.id).where(*conditions).limit(COUNTED_MATCHES + 1 if capped else None)
    return tx.connection.scalar(select(func.count()).select_from(found.subquery())) or 0


def _origin(name: RequestName) -> dict[str, str]:
    return {
        "host": name.host,
        "instance": name.instance,
        "root": name.root,
        "host_key": key(name.host),
        "instance_key": key(name.instance),
    }


def _content(number: int, name: RequestName, certificate: Certificate) -> dict[str, Any]:
    subject = comma_form(certificate.subject)
    searched = (str(number), f"{number:x}", name.host, name.instance, name.root, subject, *certificate.names)
    return {
        "subject": storable(subject),
        "search": key("\n".join(searched)),
        "sha1": bare_hex(certificate.fingerprint.sha1),
        "sha256": bare_hex(certificate.fingerprint.sha256),
        "key_sha256": certificate.key.sha256,
        "not_before": moment(certificate.not_before),
        "not_after": moment(certificate.not_after),
        "der": certificate.der,
    }


def _issued(tx: Transaction, ca: str, now: datetime | None, rows: Sequence[Row[Any]]) -> list[IssuedCertificate]:
    revocations = _revocations(tx, [row.id for row in rows])
    renewals = _renewals(tx, ca, [row.number for row in rows])
    return [_from_row(row, ca, now or row.issued_at, revocations.get(row.id), renewals.get(row.number)) for row in rows]


def _renewals(tx: Transaction, ca: str, numbers: list[str]) -> dict[str, int]:
    """Return for each of `numbers` that was renewed the number of the newest certificate that did."""
    found: dict[str, int] = {}
    for at in range(0, len(numbers), 500):
        some = (CERTIFICATES.c.authority_id == _id(ca), CERTIFICATES.c.renews.in_(numbers[at : at + 500]))
        query = select(CERTIFICATES.c.renews, CERTIFICATES.c.number).where(*some).order_by(CERTIFICATES.c.id)
        found |= {renewed: int(number, 16) for renewed, number in tx.connection.execute(query)}
    return found


def _revocations(tx: Transaction, ids: list[int]) -> dict[int, Revocation]:
    """Return the revocation of each certificate of `ids` that has one which was not lifted."""
    found: dict[int, Revocation] = {}
    for at in range(0, len(ids), 500):
        some = (REVOCATIONS.c.certificate_id.in_(ids[at : at + 500]), REVOCATIONS.c.lifted_at.is_(None))
        for row in tx.connection.execute(select(REVOCATIONS).where(*some).order_by(REVOCATIONS.c.id)):
            found[row.certificate_id] = Revocation(
                reason=RevocationReason(row.reason),
                at=row.revoked_at,
                by=row.revoked_by,
                invalid_since=row.invalidity_at,
            )
    return found


def _from_row(
    row: Row[Any], ca: str, now: datetime, revocation: Revocation | None, renewed_by: int | None
) -> IssuedCertificate:
    certificate = x509_certificate.trusted(row.der)
    return IssuedCertificate(
        number=int(row.number, 16),
        ca=ca,
        name=RequestName(row.host, row.instance, row.root),
        certificate=certificate,
        usage=Usage(row.usage) if row.usage else None,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        state=state_at(now, certificate, revocation),
        request_id=row.request_id,
        shortened=row.shortened,
        revocation=revocation,
        renews=None if row.renews is None else int(row.renews, 16),
        renewed_by=renewed_by,
    )
