"""One truth about the tables: the migrations make them, `schema.py` describes them."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, insert, inspect, select, text

from pkilab.errors import RegistryError
from pkilab.store import journal, migrations
from pkilab.store.registry import Registry
from pkilab.store.schema import HEAD, JOURNAL, METADATA, Moment
from tests.store.samples import NOON


def test_the_migrated_database_is_what_the_schema_says(registry: Registry) -> None:
    with registry.writing() as tx:  # reading makes none
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(tx.connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_the_migrated_database_has_the_keys_that_the_schema_says(registry: Registry, tmp_path: Path) -> None:
    """What the comparison above leaves out: primary keys, the order of index columns, row numbers never reused."""
    with registry.writing() as tx:
        migrated = inspect(tx.connection)
        for table in METADATA.tables.values():
            indexes = {index["name"]: index["column_names"] for index in migrated.get_indexes(table.name)}
            wanted = {str(index.name): [column.name for column in index.columns] for index in table.indexes}
            assert {name: indexes.get(name) for name in wanted} == wanted
            assert migrated.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]
            columns = {column["name"]: column["nullable"] for column in migrated.get_columns(table.name)}
            assert columns == {column.name: column.nullable for column in table.columns}


def test_sqlite_makes_the_very_same_statements(lab: Registry) -> None:
    made = create_engine("sqlite://")
    METADATA.create_all(made)
    query = text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND sql IS NOT NULL")
    with made.connect() as direct, lab.writing() as tx:

        def statements(rows: object) -> dict[str, list[str]]:
            # Constraints may stand in another order.
            return {name: sorted(line.strip(" ,\t") for line in sql.split("\n")) for name, sql in rows}  # type: ignore[attr-defined]

        assert statements(tx.connection.execute(query)) == statements(direct.execute(query))
    made.dispose()


def test_the_newest_migration_is_the_schema_s_version(registry: Registry) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
    with registry.writing() as tx:
        assert tx.connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_a_registry_of_a_newer_version_is_told_and_left_alone(url: str, registry: Registry) -> None:
    with registry.writing() as tx:
        tx.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    registry.close()
    refused = pytest.raises(RegistryError, match="update pkilab")
    with contextlib.closing(Registry(url)) as newer, refused, newer.writing():
        pass


def test_a_migration_that_fails_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = migrations.upgrade

    def fail(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with contextlib.closing(Registry(url)) as registry:
        with monkeypatch.context() as patch:
            patch.setattr(migrations, "upgrade", fail)
            with pytest.raises(KeyboardInterrupt), registry.writing():
                pass
        engine = registry._store._make()
        assert inspect(engine).get_table_names() == []
        engine.dispose()
        with registry.writing() as tx:
            assert journal.head(tx, "MyCA") is None


def test_alembic_is_imported_only_when_the_schema_changes(tmp_path: Path) -> None:
    story = (
        "import sys; from pathlib import Path; from pkilab.store.registry import from_folder\n"
        "with from_folder(Path(sys.argv[1])).writing(): print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", story, str(tmp_path / "lab")]
    shown = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert shown == ["True\n", "False\n"]


def test_files_and_settings_load_no_database() -> None:
    story = (
        "import sys, pkilab.store.files, pkilab.store.serial, pkilab.store.settings, pkilab.store.secrets\n"
        "print(sorted({'sqlalchemy', 'alembic', 'cryptography'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", story], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_time_without_a_zone_is_refused(registry: Registry) -> None:
    row = {"ca": "x", "sequence": 1, "done_by": "", "act": "", "facts": "{}", "previous": "", "hash": ""}
    with pytest.raises(RegistryError, match="without a zone"), registry.writing() as tx:
        tx.connection.execute(insert(JOURNAL).values(at=NOON.replace(tzinfo=None), **row))


def test_a_time_is_text_that_sorts(registry: Registry) -> None:
    assert isinstance(JOURNAL.c.at.type, Moment)
    with registry.writing() as tx:
        journal.append(tx, "MyCA", at=NOON.replace(microsecond=0), by="opal", act="x", facts={})
        raw = MetaData()
        raw.reflect(tx.connection, only=["journal"])
        assert tx.connection.scalar(select(raw.tables["journal"].c.at)) == "2026-11-23T12:00:00.000000Z"
