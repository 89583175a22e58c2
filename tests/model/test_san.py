"""Subject alternative names (C2)."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidField
from pkilab.model.san import AlternativeName, NameKind, dns_name, is_dns_name, is_ip_address


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("DNS:santiago.lab.test", NameKind.DNS, "santiago.lab.test"),
        ("dns: Santiago.LAB.test ", NameKind.DNS, "santiago.lab.test"),
        ("DNS:santiago", NameKind.DNS, "santiago"),
        ("DNS:santiago.lab.test.", NameKind.DNS, "santiago.lab.test"),
        ("DNS:*.lab.test", NameKind.DNS, "*.lab.test"),
        ("DNS:münchen.lab.test", NameKind.DNS, "xn--mnchen-3ya.lab.test"),
        ("DNS:*.MÜNCHEN.test", NameKind.DNS, "*.xn--mnchen-3ya.test"),
        ("DNS:lab_7.test", NameKind.DNS, "lab_7.test"),
        ("IP:10.0.0.7", NameKind.IP, "10.0.0.7"),
        ("ip:FD00:0:0::0007", NameKind.IP, "fd00::7"),
        ("email:ana@Lab.Test", NameKind.EMAIL, "ana@lab.test"),
        ("mail:ana@lab.test", NameKind.EMAIL, "ana@lab.test"),
        ("RFC822:ana@lab.test", NameKind.EMAIL, "ana@lab.test"),
        ("URI:https://santiago.lab.test:8443/a?b=c#d", NameKind.URI, "https://santiago.lab.test:8443/a?b=c#d"),
        ("URI:urn:uuid:6e8bc430", NameKind.URI, "urn:uuid:6e8bc430"),
        ("URI:https://[fd00::7]/", NameKind.URI, "https://[fd00::7]/"),
    ],
)
def test_a_name_is_read_into_the_form_that_a_certificate_holds(text: str, kind: NameKind, value: str) -> None:
    name = AlternativeName.parse(text)
    assert name == AlternativeName(kind, value)
    assert str(name) == f"{kind.value}:{value}"
    assert AlternativeName.parse(str(name)) == name


@pytest.mark.parametrize(
    "text",
    [
        "", "santiago.lab.test", "DNS", "DNS:", ":x", "host:x", "dirName:/CN=x", "DNS:a\x00b", "DNS:a\nb",
        "DNS:a b", "DNS:-a.test", "DNS:a-.test", "DNS:.a", "DNS:a..b", "DNS:" + "a" * 64, "DNS:" + "a." * 127 + "ab",
        "DNS:*." + "a." * 125 + "ab", "DNS:10.0.0.7", "DNS:a.7", "DNS:http://a", "DNS:a/b", "DNS:<b>",
        "DNS:*", "DNS:*.", "DNS:a.*.test", "DNS:*a.test", "DNS:a*.test", "DNS:*.*.test", "DNS:**.test",
        "IP:", "IP:10.0.0", "IP:10.0.0.256", "IP:010.0.0.1", "IP:10.0.0.0/8", "IP:7", "IP:fe80::1%eth0",
        "IP:[fd00::7]",
        "email:", "email:ana", "email:ana@", "email:@lab.test", "email:Ana <ana@lab.test>", "email:ána@lab.test",
        "URI:", "URI:santiago.lab.test", "URI:https:", "URI:http://[", "URI:https://ü/", "URI:https://a b/",
        "URI:https://a/<b>", 'URI:https://a/"', "URI:1x:y", "URI:https://a/\\", "URI:" + "https://a/" + "b" * 2000,
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidField, match=r"^Subject alternative name: "):
        AlternativeName.parse(text)


def test_the_mend_for_a_missing_kind_is_said() -> None:
    with pytest.raises(InvalidField, match="write the kind first: DNS:name, IP:address"):
        AlternativeName.parse("santiago.lab.test")


def test_an_address_after_dns_is_sent_to_ip() -> None:
    with pytest.raises(InvalidField, match="for an address write IP:"):
        AlternativeName.parse("DNS:10.0.0.7")


@given(st.sampled_from(["DNS:", "IP:", "email:", "URI:", ""]), st.text())
def test_any_text_is_read_or_refused_and_what_is_read_stays_so(prefix: str, text: str) -> None:
    try:
        name = AlternativeName.parse(prefix + text)
    except InvalidField:
        return
    assert name.value.isascii()
    assert name.value.isprintable()
    assert AlternativeName.parse(str(name)) == name


@given(st.ip_addresses())
def test_every_ip_address_is_one(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert is_ip_address(str(address))
    assert ipaddress.ip_address(AlternativeName.parse(f"IP:{address}").value) == address


@pytest.mark.parametrize(
    ("common_name", "meant"),
    [("santiago.lab.test", True), ("*.lab.test", True), ("münchen.test", True), ("Training CA", False),
     ("santiago", False), ("10.0.0.7", False), ("Ana Rojas", False), ("", False), ("a.b c", False)],
)  # fmt: skip
def test_a_common_name_may_be_meant_as_a_dns_name(common_name: str, meant: bool) -> None:
    assert is_dns_name(common_name) is meant


@pytest.mark.parametrize(("common_name", "address"), [("10.0.0.7", True), ("fd00::7", True), ("fe80::1%eth0", False),
                                                      ("santiago", False), ("", False), ("7", False)])  # fmt: skip
def test_a_common_name_may_be_an_address(common_name: str, address: bool) -> None:
    assert is_ip_address(common_name) is address


def test_the_longest_dns_name_has_253_characters_with_its_wildcard() -> None:
    longest = "a." * 126 + "b"
    assert len(longest) == 253
    assert dns_name(longest) == longest
    assert dns_name("*." + longest[2:]) == "*." + longest[2:]
