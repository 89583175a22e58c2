"""A registry of an earlier schema is brought to the newest, with all that is in it."""

import contextlib
import json
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from pkilab.model.revocation import Revocation, RevocationReason
from pkilab.model.settings import CRL_DAYS, REMIND_DAYS
from pkilab.store import authorities, certificates, crls, migrations, revocations
from pkilab.store import settings as codec
from pkilab.store.registry import Registry
from pkilab.store.schema import HEAD
from tests.store.samples import NOON, authority, ca_settings, leaf


def first_schema(registry: Registry) -> None:
    """Make a registry as pkilab did before it revoked, with a CA and a certificate in it."""
    engine = registry._store._make()
    with engine.connect().execution_options(pkilab_writes=True) as connection, connection.begin():
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        old = json.loads(codec.encode(ca_settings()))
        for name in ("crl_days", "responder_days", "remind_days"):
            del old[name]
        certificate = authority().certificate
        row = {"settings": json.dumps(old), "certificate": certificate.der}
        connection.execute(text("INSERT INTO authorities VALUES (1, 'MyCA', :settings, :certificate, '', 1)"), row)
        made = leaf("old.lab.test", 5)
        columns = {
            "id": 1, "authority_id": 1, "number": f"{5:040X}", "counted": True, "request_id": None, "host": "h",
            "instance": "I", "root": "Old", "host_key": "h", "instance_key": "i", "subject": "CN = old.lab.test",
            "search": "5", "usage": "tls", "sha1": "", "sha256": "", "key_sha256": made.key.sha256,
            "not_before": "2026-11-23T12:00:00.000000Z", "not_after": "2027-11-23T12:00:00.000000Z",
            "issued_at": "2026-11-23T12:00:00.000000Z", "issued_by": "opal", "shortened": False, "renews": None,
            "der": made.der,
        }  # fmt: skip
        names, values = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        connection.execute(text(f"INSERT INTO certificates ({names}) VALUES ({values})"), columns)  # noqa: S608
    engine.dispose()


def test_what_the_first_schema_held_is_there_and_can_be_revoked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registry.sqlite3'}"
    with contextlib.closing(Registry(url)) as before:
        first_schema(before)
    with contextlib.closing(Registry(url)) as registry, registry.writing() as tx:
        assert tx.connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
        found = authorities.get(tx, "MyCA")
        assert found
        assert (found.settings.crl_days, found.settings.remind_days) == (CRL_DAYS, REMIND_DAYS)
        assert found.settings == ca_settings()
        revocations.revoke(tx, "MyCA", 5, Revocation(reason=RevocationReason.SUPERSEDED, at=NOON, by="opal"))
        revoked = certificates.get(tx, "MyCA", 5, NOON)
        assert revoked
        assert revoked.state == "revoked"
        assert crls.described(tx, "MyCA") == ()
        indexes = {index["name"] for index in inspect(tx.connection).get_indexes("certificates")}
        assert {"ix_certificates_end", "ix_certificates_name", "ix_certificates_renews"} <= indexes
