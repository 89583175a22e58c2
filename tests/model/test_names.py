"""Instances, file roots (S1), hosts and ports (C1), request names."""
# ruff: noqa: RUF001 - look-alikes are among what is refused here

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidField
from pkilab.model.names import (
    RequestName,
    check_host,
    check_instance,
    check_number,
    check_port,
    check_root,
    parse_serial,
)

TRICKS = ["../x", "a/b", "a\\b", ".", "..", "~", "/etc", "C:x", "x.key", "a b", "a\x00b", "a\nb", "%2e", "$HOME", "a;b",
          "é", "ｘ", "а", "x\u200b", "*", "?", "a:b"]  # fmt: skip


@pytest.mark.parametrize("root", ["MyCA", "a", "A" * 64, "santiago_dev-2", "-", "_", "0", "cached", "mycache"])
def test_a_file_root_is_of_letters_digits_hyphens_and_underscores(root: str) -> None:
    assert check_root(root) == root
    assert check_root(f"  {root}\n") == root


@pytest.mark.parametrize("root", ["", "  ", "A" * 65, "cache", "CACHE", "Cache", " cAcHe ", *TRICKS])
def test_any_other_file_root_is_refused(root: str) -> None:
    with pytest.raises(InvalidField, match=r"^File root: "):
        check_root(root)


@given(st.text())
def test_a_file_root_that_passes_is_one_harmless_part_of_a_path(text: str) -> None:
    try:
        root = check_root(text)
    except InvalidField:
        return
    assert PurePosixPath(f"{root}.key").name == PureWindowsPath(f"{root}.key").name == f"{root}.key"
    assert root.isascii()
    assert 1 <= len(root) <= 64


@pytest.mark.parametrize("name", ["MyCA", "SANTIAGO", "a" * 64, "x-1_y", "apis", "healthz2"])
def test_an_instance_name_is_of_letters_digits_hyphens_and_underscores(name: str) -> None:
    assert check_instance(name) == name


@pytest.mark.parametrize("name", ["", "a" * 65, *TRICKS])
def test_any_other_instance_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidField, match=r"^Instance: "):
        check_instance(name)


@pytest.mark.parametrize("name", ["api", "isc", "healthz", "metrics", "API", "Isc"])
def test_words_of_the_web_service_are_reserved_in_any_case(name: str) -> None:
    with pytest.raises(InvalidField, match="is reserved"):
        check_instance(name)


@pytest.mark.parametrize(
    ("given_host", "kept"),
    [
        ("ca.lab.test", "ca.lab.test"),
        (" localhost ", "localhost"),
        ("ca.lab.test.", "ca.lab.test."),
        ("LAB_PC-7", "LAB_PC-7"),
        ("münchen.test", "münchen.test"),
        ("10.0.0.7", "10.0.0.7"),
        ("::1", "::1"),
        ("[fd00::7]", "fd00::7"),
        ("h" * 100, "h" * 100),
    ],
)
def test_a_host_is_a_name_or_an_address(given_host: str, kept: str) -> None:
    assert check_host(given_host) == kept


@pytest.mark.parametrize(
    "host",
    ["", " ", "h" * 101, "http://ca", "ca:52773", "ca/x", "a@b", "a b", "a\tb", "a\x00b", "..", ".", ".lab", "a..b",
     "ca?", "ca#", "<b>", "[ca]", "ca%0a", "a\u202eb", "a\xa0b", "a\u200bb"],
)  # fmt: skip
def test_anything_else_is_no_host(host: str) -> None:
    with pytest.raises(InvalidField, match=r"^Host: "):
        check_host(host)


def test_the_field_of_a_host_and_a_port_can_be_named() -> None:
    with pytest.raises(InvalidField, match=r"^SMTP server: "):
        check_host("a b", "SMTP server")
    with pytest.raises(InvalidField, match=r"^SMTP port: "):
        check_port(0, "SMTP port")


@pytest.mark.parametrize("port", [1, 25, 52773, 65535])
def test_a_port_is_from_1_to_65535(port: int) -> None:
    assert check_port(port) == port


@pytest.mark.parametrize("port", [0, -1, 65536, 10**9, True, 80.0, "80", None])
def test_any_other_port_is_refused(port: int) -> None:
    with pytest.raises(InvalidField, match=r"^Port: "):
        check_port(port)


def test_a_request_name_is_written_and_read_with_colons() -> None:
    name = RequestName("santiago", "SANTIAGO", "SantiagoDev")
    assert str(name) == "santiago:SANTIAGO:SantiagoDev"
    assert RequestName.parse(" santiago:SANTIAGO:SantiagoDev\n") == name


def test_the_host_of_a_request_name_may_be_an_ipv6_address() -> None:
    assert RequestName.parse("fd00::7:SANTIAGO:Dev") == RequestName("fd00::7", "SANTIAGO", "Dev")


@pytest.mark.parametrize("text", ["", "a", "a:b"])
def test_fewer_than_three_parts_are_no_request_name(text: str) -> None:
    with pytest.raises(InvalidField, match="HOST:INSTANCE:FILEROOT"):
        RequestName.parse(text)


@given(st.text())
def test_reading_a_request_name_raises_nothing_but_our_error(text: str) -> None:
    try:
        name = RequestName.parse(text)
    except InvalidField:
        return
    assert str(name) == text.strip()


@pytest.mark.parametrize("number", [0, 1, (1 << 160) - 1])
def test_numbers_of_certificates_are_taken(number: int) -> None:
    assert check_number(number) == number


@pytest.mark.parametrize("length", [50, 56, 5000])
def test_a_number_that_no_certificate_can_have_is_said_to_be_too_long(length: int) -> None:
    with pytest.raises(InvalidField, match="it is too long; a certificate's number has at most 49 digits"):
        check_number(10 ** (length - 1))


@pytest.mark.parametrize("number", [-1, True])
def test_what_is_no_number_of_a_certificate_is_refused(number: int) -> None:
    with pytest.raises(InvalidField, match="a whole number"):
        check_number(number)


@pytest.mark.parametrize(("text", "number"), [("01FE", 510), (" 0x1fe ", 510), ("01:fe\n", 510), ("00", 0)])
def test_a_serial_number_is_read_as_serial_files_and_openssl_show_it(text: str, number: int) -> None:
    assert parse_serial(text) == number


@pytest.mark.parametrize("text", ["", "0x", "12g", "-1", "1 2", "١٢"])
def test_what_is_no_number_in_hex_is_refused(text: str) -> None:
    with pytest.raises(InvalidField, match=r"^Last serial number: .*hex"):
        parse_serial(text)


@pytest.mark.parametrize(
    ("host", "instance", "told"),
    [("h.lab.test", "H", "H on h.lab.test"), ("h.lab.test", "", "h.lab.test"), ("", "H", "H"), ("", "", "elsewhere")],
)
def test_where_a_request_came_from_is_told(host: str, instance: str, told: str) -> None:
    assert RequestName(host, instance, "Web").origin == told
