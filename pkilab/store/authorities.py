"""The CA servers of a lab, as the registry holds them."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from pkilab.errors import AlreadyConfigured, NotConfigured, RegistryError
from pkilab.model.certificate import Certificate
from pkilab.model.figures import Workload
from pkilab.model.request import RequestState, pem
from pkilab.model.settings import CASettings
from pkilab.store import settings as codec
from pkilab.store.schema import (
    AUTHORITIES,
    CERTIFICATES,
    CRLS,
    METADATA,
    REMINDERS,
    REQUESTS,
    RESPONDERS,
    REVOCATIONS,
    SETTINGS,
    VERIFICATIONS,
)
from pkilab.store.transaction import Transaction
from pkilab.x509 import certificate as x509_certificate

_MAIN = "main_ca"
_ONE = select(AUTHORITIES).where(AUTHORITIES.c.instance == bindparam("instance"))  # built once: every request asks
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----")
_BLOBS = {
    "csr": "CERTIFICATE REQUEST",
    "der": "CERTIFICATE",
    "certificate": "CERTIFICATE",
    "crl": "X509 CRL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A configured CA server: its settings, its certificate, and those above it, the nearest first."""

    settings: CASettings
    certificate: Certificate
    chain: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """How many rows `drop` took away."""

    requests: int
    certificates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a CA server has on record; `revoked` counts what is revoked or on hold now."""

    pending: int
    certificates: int
    revoked: int


def add(tx: Transaction, authority: Authority) -> None:
    """Record a CA server that was configured; where no other is configured, it becomes the main CA.

    Raises:
        AlreadyConfigured: its instance has one already.
    """
    instance = authority.settings.instance
    if tx.connection.scalar(select(AUTHORITIES.c.id).where(AUTHORITIES.c.instance == instance)) is not None:
        raise AlreadyConfigured(instance)
    tx.connection.execute(
        insert(AUTHORITIES).values(
            instance=instance,
            settings=codec.encode(authority.settings),
            certificate=authority.certificate.der,
            chain="".join(certificate.pem for certificate in authority.chain),
            issued=0,
        )
    )
    others = tx.connection.scalar(select(func.count()).where(AUTHORITIES.c.instance != instance))
    if not others:
        set_main(tx, instance)
    else:
        _settle(tx)


def get(tx: Transaction, instance: str) -> Authority | None:
    """Return the CA server of `instance` (letter case counts), or None."""
    row = tx.connection.execute(_ONE, {"instance": instance}).one_or_none()
    return None if row is None else _authority(row)


def all(tx: Transaction) -> tuple[Authority, ...]:  # noqa: A001 - read as `authorities.all(tx)`
    """Return all CA servers, in the order in which they were configured."""
    return tuple(_authority(row) for row in tx.connection.execute(select(AUTHORITIES).order_by(AUTHORITIES.c.id)))


def replace_settings(tx: Transaction, settings: CASettings) -> None:
    """Replace the settings of the CA server of `settings.instance`.

    Raises:
        NotConfigured: there is none.
    """
    changed = tx.connection.execute(
        update(AUTHORITIES).where(AUTHORITIES.c.instance == settings.instance).values(settings=codec.encode(settings))
    )
    if changed.rowcount == 0:
        raise NotConfigured(settings.instance, "server")


def main(tx: Transaction) -> str | None:
    """Return the instance of the lab's main CA: the one chosen, at first the one configured first.

    None where that one is not configured (any more): its clients shall not come to another CA unawares.
    """
    chosen = _chosen(tx)
    if chosen is None:  # a lab of a pkilab that did not write it down yet
        return _first(tx)
    return tx.connection.scalar(select(AUTHORITIES.c.instance).where(AUTHORITIES.c.instance == chosen))


def set_main(tx: Transaction, instance: str) -> None:
    """Choose the lab's main CA.

    Raises:
        NotConfigured: `instance` is no CA server.
    """
    tx.authority_id(instance)
    tx.connection.execute(delete(SETTINGS).where(SETTINGS.c.name == _MAIN))
    tx.connection.execute(insert(SETTINGS).values(name=_MAIN, value=instance))


def drop(tx: Transaction, instance: str) -> Dropped:
    """Forget the CA server of `instance` with its requests and certificates; journal and outbox stay (S8).

    So does the choice of the main CA: configured again, it is that again.

    Raises:
        NotConfigured: there is none.
    """
    mine = tx.authority_id(instance)
    _settle(tx)
    requests = select(REQUESTS.c.id).where(REQUESTS.c.authority_id == mine)
    certificates = select(CERTIFICATES.c.id).where(CERTIFICATES.c.authority_id == mine)
    counts = Dropped(
        requests=tx.connection.scalar(select(func.count()).select_from(requests.subquery())) or 0,
        certificates=tx.connection.scalar(select(func.count()).select_from(certificates.subquery())) or 0,
    )
    for gone in (
        delete(VERIFICATIONS).where(VERIFICATIONS.c.request_id.in_(requests)),
        delete(REVOCATIONS).where(REVOCATIONS.c.certificate_id.in_(certificates)),
        delete(CERTIFICATES).where(CERTIFICATES.c.authority_id == mine),
        delete(CRLS).where(CRLS.c.authority_id == mine),
        delete(RESPONDERS).where(RESPONDERS.c.authority_id == mine),
        delete(REMINDERS).where(REMINDERS.c.authority_id == mine),
        delete(REQUESTS).where(REQUESTS.c.authority_id == mine),
        delete(AUTHORITIES).where(AUTHORITIES.c.id == mine),
    ):
        tx.connection.execute(gone)
    return counts


def counts(tx: Transaction, instance: str) -> Counts:
    """Return how much the CA server of `instance` has on record.

    Raises:
        NotConfigured: there is none.
    """
    mine = tx.authority_id(instance)
    certificates = select(CERTIFICATES.c.id).where(CERTIFICATES.c.authority_id == mine)
    pending = select(func.count()).where(
        REQUESTS.c.authority_id == mine, REQUESTS.c.state == RequestState.PENDING.value
    )
    revoked = select(func.count()).where(
        REVOCATIONS.c.certificate_id.in_(certificates), REVOCATIONS.c.lifted_at.is_(None)
    )
    return Counts(
        pending=tx.connection.scalar(pending) or 0,
        certificates=tx.connection.scalar(select(AUTHORITIES.c.issued).where(AUTHORITIES.c.id == mine)) or 0,
        revoked=tx.connection.scalar(revoked) or 0,
    )


def workloads(tx: Transaction) -> tuple[Workload, ...]:
    """Return how much waits at each CA server and how much it issued; it takes as long as requests wait."""
    mine = REQUESTS.c.authority_id == AUTHORITIES.c.id
    waiting = select(func.count(REQUESTS.c.id)).where(mine, REQUESTS.c.state == RequestState.PENDING.value)
    columns = (AUTHORITIES.c.instance, AUTHORITIES.c.issued, waiting.correlate(AUTHORITIES).scalar_subquery())
    rows = tx.connection.execute(select(*columns).order_by(AUTHORITIES.c.id))
    return tuple(Workload(instance=name, pending=pending, issued=issued) for name, issued, pending in rows)


def dump(tx: Transaction, instance: str) -> dict[str, Any]:
    """Return what `drop` would take away, as what JSON can hold: tables by name, CSRs and certificates in PEM.

    Raises:
        NotConfigured: there is none.
    """
    mine = tx.authority_id(instance)
    requests = select(REQUESTS.c.id).where(REQUESTS.c.authority_id == mine)
    certificates = select(CERTIFICATES.c.id).where(CERTIFICATES.c.authority_id == mine)
    chosen = {
        "authorities": AUTHORITIES.c.id == mine,
        "requests": REQUESTS.c.authority_id == mine,
        "verifications": VERIFICATIONS.c.request_id.in_(requests),
        "certificates": CERTIFICATES.c.authority_id == mine,
        "revocations": REVOCATIONS.c.certificate_id.in_(certificates),
        "crls": CRLS.c.authority_id == mine,
        "responders": RESPONDERS.c.authority_id == mine,
        "reminders": REMINDERS.c.authority_id == mine,
    }
    tables = {name: METADATA.tables[name] for name in chosen}
    return {
        name: [_plain(row) for row in tx.connection.execute(select(table).where(chosen[name]).order_by(table.c.id))]
        for name, table in tables.items()
    }


def _chosen(tx: Transaction) -> str | None:
    return tx.connection.scalar(select(SETTINGS.c.value).where(SETTINGS.c.name == _MAIN))


def _first(tx: Transaction) -> str | None:
    return tx.connection.scalar(select(AUTHORITIES.c.instance).order_by(AUTHORITIES.c.id).limit(1))


def _settle(tx: Transaction) -> None:
    """Write down which CA is the main one, where a pkilab before this one did not."""
    first = _first(tx)
    if _chosen(tx) is None and first is not None:
        set_main(tx, first)


def _authority(row: Row[Any]) -> Authority:
    return _decoded(row.instance, row.settings, row.certificate, row.chain)


@lru_cache(maxsize=64)  # by what the row says, so that what another process changed is seen at once
def _decoded(instance: str, settings_text: str, certificate: bytes, chain_pem: str) -> Authority:
    try:
        settings = codec.decode(CASettings, settings_text)
    except ValueError as error:
        raise RegistryError("", f"the settings of {instance} are damaged: {error}") from error
    chain = [base64.b64decode(found[1]) for found in _PEM.finditer(chain_pem)]
    return Authority(
        settings=settings,
        certificate=x509_certificate.trusted(certificate),
        chain=tuple(x509_certificate.trusted(der) for der in chain),
    )


def _plain(row: Row[Any]) -> dict[str, Any]:
    return {name: _plain_value(name, value) for name, value in row._mapping.items()}  # noqa: SLF001 - its public name


def _plain_value(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return pem(_BLOBS[name], value)
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value
