"""Revocation lists, OCSP responders, reminders; and indexes for finding what is renewed and what expires."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables and indexes."""
    op.create_table(
        "crls",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("authority_id", ID, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("this_update", sa.String(27), nullable=False),
        sa.Column("next_update", sa.String(27), nullable=False),
        sa.Column("revoked", sa.BigInteger(), nullable=False),
        sa.Column("crl", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authorities.id"], name="fk_crls_authority_id"),
        sa.PrimaryKeyConstraint("id", name="pk_crls"),
        sa.UniqueConstraint("authority_id", "number", name="uq_crls_authority_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "responders",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("authority_id", ID, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("issued_at", sa.String(27), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authorities.id"], name="fk_responders_authority_id"),
        sa.PrimaryKeyConstraint("id", name="pk_responders"),
        sa.UniqueConstraint("authority_id", "number", name="uq_responders_authority_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reminders",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("authority_id", ID, nullable=False),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("until", sa.String(27), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authorities.id"], name="fk_reminders_authority_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint(
            "authority_id", "about", "until", "days", name="uq_reminders_authority_id_about_until_days"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_certificates_end", "certificates", ["authority_id", "not_after"])
    op.create_index("ix_certificates_name", "certificates", ["authority_id", "root", "instance_key", "host_key"])
    op.create_index("ix_certificates_renews", "certificates", ["authority_id", "renews"])
