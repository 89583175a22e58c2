"""Validity in days (S2), paths of the service (C1), and what the settings' nouns say."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidField
from pkilab.model.contact import Contact, is_address
from pkilab.model.settings import (
    DEFAULT_PATH,
    CASettings,
    ClientSettings,
    MailSettings,
    ServiceSettings,
    check_days,
    check_path,
    default_administrator,
)
from tests.model.samples import CLIENT


@pytest.mark.parametrize("days", [1, 365, 3650])
def test_days_from_one_to_the_latest_are_kept(days: int) -> None:
    assert check_days("Validity", days, latest=3650) == days


@pytest.mark.parametrize("days", [0, -1, 3651, 10**9, True, 365.0, "365", None])
def test_other_days_are_refused_with_the_range(days: int) -> None:
    with pytest.raises(InvalidField, match=r"^Validity: a whole number of days from 1 to 3650 is needed\.$"):
        check_days("Validity", days, latest=3650)


@pytest.mark.parametrize("path", [DEFAULT_PATH, "/", "/MyCA/isc/pki/PKI.CAServer.cls", " /x "])
def test_a_path_begins_with_a_slash(path: str) -> None:
    assert check_path(path) == path.strip()


@pytest.mark.parametrize(
    "path", ["", "x", "http://h/x", "/a b", "/a?b", "/a#b", "/a\\b", "/\x00", "/a\nb", "/ü", "/" * 501]
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidField, match=r"^Path: "):
        check_path(path)


@pytest.mark.parametrize(
    ("host", "https", "url"),
    [
        ("ca.lab.test", False, "http://ca.lab.test:52773/isc/pki/PKI.CAServer.cls"),
        ("fd00::7", True, "https://[fd00::7]:52773/isc/pki/PKI.CAServer.cls"),
    ],
)
def test_the_client_knows_the_address_of_the_service(host: str, https: bool, url: str) -> None:
    assert dataclasses.replace(CLIENT, host=host, https=https).url == url


def test_no_settings_hold_a_password() -> None:
    for cls in (CASettings, ClientSettings, MailSettings, ServiceSettings, Contact):
        assert not [
            field.name for field in dataclasses.fields(cls) if "password" in field.name or "secret" in field.name
        ]


@pytest.mark.parametrize(
    ("instance", "address"),
    [("MyCA", "ca-admin@myca.lab.test"), ("My_CA-", "ca-admin@my-ca.lab.test"), ("_", "ca-admin@ca.lab.test")],
)
def test_the_administrator_of_an_instance_has_an_address_in_the_lab(instance: str, address: str) -> None:
    assert default_administrator(instance) == address


@given(st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True))
def test_every_instance_gets_an_address_that_can_be_mailed(instance: str) -> None:
    assert is_address(default_administrator(instance))
