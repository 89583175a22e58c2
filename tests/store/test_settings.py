"""Whatever is saved reloads equal, and garbage is told."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import CannotRead, CannotWrite
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.names import RequestName
from pkilab.model.request import RecordedVerification
from pkilab.model.settings import (
    CASettings,
    ClientSettings,
    InstanceSettings,
    MailSecurity,
    MailSettings,
    Serials,
    ServiceSettings,
)
from pkilab.store import settings
from tests.store.samples import NOON, ca_settings, tree

LINES = st.text(max_size=30)
MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]))
MAIL = st.builds(
    MailSettings,
    administrator=LINES,
    host=LINES,
    port=st.integers(),
    username=LINES,
    security=st.sampled_from(MailSecurity),
)
CA = st.builds(
    CASettings,
    instance=LINES,
    node=LINES,
    root=LINES,
    directory=LINES,
    issued_days=st.integers(),
    serials=st.sampled_from(Serials),
    mail=MAIL,
    configured_at=MOMENTS,
    configured_by=LINES,
)
CLIENT = st.builds(
    ClientSettings,
    host=LINES,
    port=st.integers(),
    path=LINES,
    contact=st.builds(Contact, LINES, LINES, LINES),
    https=st.booleans(),
    trust=LINES,
)
SERVICE = st.builds(ServiceSettings, exempt=st.lists(LINES).map(tuple))
OTHERS = st.builds(InstanceSettings, name=LINES, node=LINES) | st.builds(RequestName, LINES, LINES, LINES)


@given(CA | CLIENT | SERVICE | OTHERS)
def test_whatever_is_saved_reloads_equal(value: object) -> None:
    assert settings.decode(type(value), settings.encode(value)) == value


@dataclass(frozen=True)
class Everything:
    number: int
    truth: bool
    path: Path
    pair: tuple[int, str]
    many: tuple[Contact, ...]
    maybe: datetime | None
    either: int | str
    verification: RecordedVerification | None = None


@pytest.mark.parametrize("maybe", [None, NOON])
def test_every_kind_of_field_reloads_equal(maybe: datetime | None) -> None:
    value = Everything(1 << 160, True, Path("a") / "b", (1, "\ud800"), (Contact("Zoë"),), maybe, "text")
    assert settings.decode(Everything, settings.encode(value)) == value


def test_the_file_can_be_read_by_people_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "mgr" / "client.json"
    settings.save(ca_settings(), path, "Settings")
    text = path.read_text(encoding="utf-8")
    assert text.startswith('{\n  "configured_at": "2026-11-23T12:00:00.123456Z",\n')
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert path.stat().st_mode & 0o777 == 0o600
    assert settings.load(CASettings, path) == ca_settings()


def test_a_missing_entry_takes_its_default() -> None:
    mail = settings.decode(MailSettings, '{"administrator": "a@lab.test"}')
    assert mail == MailSettings(administrator="a@lab.test")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "Expecting value"),
        ("[]", "it should be an object"),
        ("null", "it should be an object"),
        ("[" * 100_000, "nested"),
        ('{"port": 25}', "the entry administrator is missing"),
        ('{"administrator": "x", "prot": 25}', "there is no entry prot"),
        ('{"administrator": 5}', "administrator should be text"),
        ('{"administrator": null}', "administrator should be text"),
        ('{"administrator": "x", "port": "25"}', "port should be a whole number"),
        ('{"administrator": "x", "port": true}', "port should be a whole number"),
        ('{"administrator": "x", "port": 2.5}', "port should be a whole number"),
        ('{"administrator": "x", "security": "ssl"}', "security should be one of none, starttls, tls"),
        ('{"administrator": "x", "security": 1}', "security should be text"),
    ],
)
def test_garbage_is_told_with_the_entry_that_is_wrong(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "mail.json"
    path.write_text(content)
    with pytest.raises(CannotRead, match="it does not hold these settings") as told:
        settings.load(MailSettings, path)
    assert why in told.value.why


@pytest.mark.parametrize(
    ("cls", "changes", "why"),
    [
        (CASettings, {"configured_at": "yesterday"}, "configured_at should be a time"),
        (CASettings, {"configured_at": "2026-01-31T12:00:00"}, "with its zone"),
        (CASettings, {"mail": {"administrator": "x", "port": ""}}, "mail.port should be a whole number"),
        (CASettings, {"mail": []}, "mail should be an object"),
        (ServiceSettings, {"exempt": "::1"}, "exempt should be a list"),
        (ServiceSettings, {"exempt": [1]}, "exempt[0] should be text"),
        (DN, {"country": "XX"}, "no country code"),
    ],
)
def test_a_wrong_value_deep_inside_is_told(cls: type[Any], changes: dict[str, Any], why: str) -> None:
    whole = json.loads(settings.encode(ca_settings())) if cls is CASettings else {}
    with pytest.raises(ValueError) as told:  # noqa: PT011 - what it says is compared below
        settings.decode(cls, json.dumps(whole | changes))
    assert why in str(told.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | LINES, lambda inner: st.lists(inner) | st.dictionaries(LINES, inner)
    )
)
def test_any_json_is_settings_or_told(content: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any sentence will do
        settings.decode(CASettings, json.dumps(content))


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), 1.5, b"bytes", {"a": 1}, [1], object()])  # noqa: DTZ001 - refused
def test_what_could_not_reload_equal_is_not_saved(value: object) -> None:
    with pytest.raises(TypeError):
        settings.encode(Everything(1, True, Path(), (1, ""), (), None, value))  # type: ignore[arg-type]


def test_settings_that_cannot_be_saved_leave_the_earlier_ones(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite, match="Settings"):
        settings.save(ca_settings(), tmp_path / "file" / "ca.json", "Settings")
    assert tree(tmp_path) == {"file": b"x"}
