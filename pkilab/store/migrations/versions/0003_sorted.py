"""Indexes by which issued certificates are had in the order of their file roots and subjects."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_certificates_root", "certificates", ["authority_id", "root", "id"])
    op.create_index("ix_certificates_subject", "certificates", ["authority_id", "subject", "id"])
