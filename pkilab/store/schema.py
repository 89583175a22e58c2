"""The registry's tables. The migrations make them; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

HEAD = "0003"
"""The newest schema that this version knows: the last file in migrations/versions."""

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A time in UTC as text of fixed width, `2026-01-31T12:00:00.000000Z`: people can read it and it sorts."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the text that the database holds."""
        if value is None:
            return None
        return moment(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Return the time, aware, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


def _text_of(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


_recent = lru_cache(maxsize=64)(_text_of)


def moment(value: datetime) -> str:
    """Return a time as the registry holds it, see `Moment`.

    Raises:
        ValueError: it has no zone.
    """
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    # What is written together bears the same few times. Those of another zone may be equal and mean two moments.
    return _recent(value) if value.tzinfo is UTC else _text_of(value)


Id = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up only what is an INTEGER."""
MAX_ID = (1 << 63) - 1
"""The largest row number."""
Number = String(40).with_variant(String(40, collation="C"), "postgresql")
"""A number of up to 20 octets in 40 upper-case hex digits: as text it sorts as numbers do."""


def number_text(number: int) -> str:
    """Return a certificate's number as the registry holds it."""
    return f"{number:040X}"


def storable(text: str) -> str:
    """Return `text` without what a database cannot hold (NUL, surrogates): looking for such finds nothing, in peace."""
    if text.isascii() and text.isprintable():
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def key(text: str) -> str:
    """Return `text` as it is compared with no regard to letter case."""
    return storable(text.casefold())


def _primary_key() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


# sqlite_autoincrement: the number of a row that was dropped is never given to another.
AUTHORITIES = Table(
    "authorities",
    METADATA,
    _primary_key(),
    Column("instance", Text, nullable=False, unique=True),
    _text("settings"),
    Column("certificate", LargeBinary, nullable=False),
    _text("chain"),
    Column("issued", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

REQUESTS = Table(
    "requests",
    METADATA,
    _primary_key(),
    Column("authority_id", Id, ForeignKey("authorities.id"), nullable=False),
    Column("ticket", Text, nullable=False, unique=True),
    _text("host"),
    _text("instance"),
    _text("root"),
    _text("host_key"),
    _text("instance_key"),
    _text("claimed_subject"),
    _text("subject"),
    _text("contact_name"),
    _text("contact_phone"),
    _text("contact_email"),
    Column("csr", LargeBinary, nullable=False),
    Column("csr_sha256", String(64), nullable=False),
    Column("csr_sha1", String(40), nullable=False),
    Column("key_sha256", String(64), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_at", Moment),
    _text("decided_by"),
    _text("reason"),
    Column("number", Number),
    Column("renews", Number),
    Index("ix_requests_state", "authority_id", "state", "id"),
    Index("ix_requests_csr", "authority_id", "csr_sha256"),
    Index("ix_requests_key", "authority_id", "key_sha256"),
    sqlite_autoincrement=True,
)

VERIFICATIONS = Table(
    "verifications",
    METADATA,
    _primary_key(),
    Column("request_id", Id, ForeignKey("requests.id"), nullable=False),
    Column("usage", String(32), nullable=False),
    Column("path_length", Integer),
    Column("compared", String(16), nullable=False),
    _text("fingerprint"),
    _text("verified_by"),
    Column("verified_at", Moment, nullable=False),
    Index("ix_verifications_request", "request_id", "id"),
    sqlite_autoincrement=True,
)

# `der` stands last: a search reads the columns before it and lets it lie.
CERTIFICATES = Table(
    "certificates",
    METADATA,
    _primary_key(),
    Column("authority_id", Id, ForeignKey("authorities.id"), nullable=False),
    Column("number", Number, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("request_id", Id, ForeignKey("requests.id")),
    _text("host"),
    _text("instance"),
    _text("root"),
    _text("host_key"),
    _text("instance_key"),
    _text("subject"),
    _text("search"),
    Column("usage", String(32), nullable=False),
    Column("sha1", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("key_sha256", String(64), nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("not_after", Moment, nullable=False),
    Column("issued_at", Moment, nullable=False),
    _text("issued_by"),
    Column("shortened", Boolean, nullable=False),
    Column("renews", Number),
    Column("der", LargeBinary, nullable=False),
    UniqueConstraint("authority_id", "number"),
    Index("ix_certificates_order", "authority_id", "id"),
    # Each filter has an index that ends with the order of issue, or SQLite walks through all in that order.
    Index("ix_certificates_host", "authority_id", "host_key", "id"),
    Index("ix_certificates_origin", "authority_id", "host_key", "instance_key", "id"),
    Index("ix_certificates_instance", "authority_id", "instance_key", "id"),
    Index("ix_certificates_counted", "authority_id", "counted", "number"),
    Index("ix_certificates_key", "authority_id", "key_sha256"),
    Index("ix_certificates_request", "request_id"),
    Index("ix_certificates_end", "authority_id", "not_after"),
    Index("ix_certificates_root", "authority_id", "root", "id"),
    Index("ix_certificates_subject", "authority_id", "subject", "id"),
    Index("ix_certificates_name", "authority_id", "root", "instance_key", "host_key"),
    Index("ix_certificates_renews", "authority_id", "renews"),
    sqlite_autoincrement=True,
)

REVOCATIONS = Table(
    "revocations",
    METADATA,
    _primary_key(),
    Column("certificate_id", Id, ForeignKey("certificates.id"), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("revoked_at", Moment, nullable=False),
    _text("revoked_by"),
    Column("invalidity_at", Moment),
    Column("lifted_at", Moment),
    Column("lifted_by", Text),
    Index("ix_revocations_certificate", "certificate_id", "id"),
    sqlite_autoincrement=True,
)

# Lists that are not valid any more, and those that were signed ahead and withdrawn, are not kept.
CRLS = Table(
    "crls",
    METADATA,
    _primary_key(),
    Column("authority_id", Id, ForeignKey("authorities.id"), nullable=False),
    Column("number", Number, nullable=False),
    Column("this_update", Moment, nullable=False),
    Column("next_update", Moment, nullable=False),
    Column("revoked", BigInteger, nullable=False),
    Column("crl", LargeBinary, nullable=False),
    UniqueConstraint("authority_id", "number"),
    sqlite_autoincrement=True,
)

RESPONDERS = Table(
    "responders",
    METADATA,
    _primary_key(),
    Column("authority_id", Id, ForeignKey("authorities.id"), nullable=False),
    Column("number", Number, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("issued_at", Moment, nullable=False),
    _text("issued_by"),
    Column("der", LargeBinary, nullable=False),
    UniqueConstraint("authority_id", "number"),
    sqlite_autoincrement=True,
)

REMINDERS = Table(
    "reminders",
    METADATA,
    _primary_key(),
    Column("authority_id", Id, ForeignKey("authorities.id"), nullable=False),
    Column("about", String(64), nullable=False),
    Column("until", Moment, nullable=False),
    Column("days", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("authority_id", "about", "until", "days"),
    sqlite_autoincrement=True,
)

JOURNAL = Table(
    "journal",
    METADATA,
    _primary_key(),
    _text("ca"),
    Column("sequence", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    _text("done_by"),
    _text("act"),
    _text("facts"),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("ca", "sequence"),
    sqlite_autoincrement=True,
)

OUTBOX = Table(
    "outbox",
    METADATA,
    _primary_key(),
    Column("message_id", Text, nullable=False, unique=True),
    _text("instance"),
    _text("sender"),
    _text("recipient"),
    _text("subject"),
    _text("body"),
    Column("created_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment),
    Column("sent_at", Moment),
    _text("error"),
    Index("ix_outbox_due", "sent_at", "next_at"),
    sqlite_autoincrement=True,
)

SETTINGS = Table(
    "settings",
    METADATA,
    Column("name", Text, primary_key=True),
    _text("value"),
)
