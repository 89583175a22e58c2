"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:  # long: one schema, table by table
    """Make all tables."""
    op.create_table(
        "authorities",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authorities"),
        sa.UniqueConstraint("instance", name="uq_authorities_instance"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "journal",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("ca", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.UniqueConstraint("ca", "sequence", name="uq_journal_ca_sequence"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(27), nullable=True),
        sa.Column("sent_at", sa.String(27), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_due", "outbox", ["sent_at", "next_at"])
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.create_table(
        "requests",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("authority_id", ID, nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("host_key", sa.Text(), nullable=False),
        sa.Column("instance_key", sa.Text(), nullable=False),
        sa.Column("claimed_subject", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_phone", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("csr", sa.LargeBinary(), nullable=False),
        sa.Column("csr_sha256", sa.String(length=64), nullable=False),
        sa.Column("csr_sha1", sa.String(length=40), nullable=False),
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.String(27), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.String(27), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("number", NUMBER, nullable=True),
        sa.Column("renews", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["authority_id"], ["authorities.id"], name="fk_requests_authority_id"),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.UniqueConstraint("ticket", name="uq_requests_ticket"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_requests_csr", "requests", ["authority_id", "csr_sha256"])
    op.create_index("ix_requests_key", "requests", ["authority_id", "key_sha256"])
    op.create_index("ix_requests_state", "requests", ["authority_id", "state", "id"])
    op.create_table(
        "certificates",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("authority_id", ID, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("request_id", ID, nullable=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("host_key", sa.Text(), nullable=False),
        sa.Column("instance_key", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("usage", sa.String(length=32), nullable=False),
        sa.Column("sha1", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("not_before", sa.String(27), nullable=False),
        sa.Column("not_after", sa.String(27), nullable=False),
        sa.Column("issued_at", sa.String(27), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("shortened", sa.Boolean(), nullable=False),
        sa.Column("renews", NUMBER, nullable=True),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authorities.id"], name="fk_certificates_authority_id"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_certificates_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_certificates"),
        sa.UniqueConstraint("authority_id", "number", name="uq_certificates_authority_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_certificates_counted", "certificates", ["authority_id", "counted", "number"])
    op.create_index("ix_certificates_host", "certificates", ["authority_id", "host_key", "id"])
    op.create_index("ix_certificates_instance", "certificates", ["authority_id", "instance_key", "id"])
    op.create_index("ix_certificates_key", "certificates", ["authority_id", "key_sha256"])
    op.create_index("ix_certificates_order", "certificates", ["authority_id", "id"])
    op.create_index("ix_certificates_origin", "certificates", ["authority_id", "host_key", "instance_key", "id"])
    op.create_index("ix_certificates_request", "certificates", ["request_id"])
    op.create_table(
        "verifications",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("usage", sa.String(length=32), nullable=False),
        sa.Column("path_length", sa.Integer(), nullable=True),
        sa.Column("compared", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("verified_by", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_verifications_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_verifications"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_verifications_request", "verifications", ["request_id", "id"])
    op.create_table(
        "revocations",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("certificate_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", sa.String(27), nullable=False),
        sa.Column("revoked_by", sa.Text(), nullable=False),
        sa.Column("invalidity_at", sa.String(27), nullable=True),
        sa.Column("lifted_at", sa.String(27), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name="fk_revocations_certificate_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revocations"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_revocations_certificate", "revocations", ["certificate_id", "id"])
