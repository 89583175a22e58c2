"""Contacts (C1) and mail addresses (S5, W4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidField
from pkilab.model.contact import MAX_CONTACT, Contact, check_address, is_address


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ana@lab.test", "ana@lab.test"),
        ("  Ana.Rojas+pki@LAB.Test ", "Ana.Rojas+pki@lab.test"),
        ("ca-admin@localhost", "ca-admin@localhost"),
        ("ana@müller.test", "ana@xn--mller-kva.test"),
        ("o'neil_7@a.b", "o'neil_7@a.b"),
        ("u" * 64 + "@lab.test", "u" * 64 + "@lab.test"),
    ],
)
def test_a_full_address_is_kept_with_its_domain_in_ascii(text: str, kept: str) -> None:
    assert check_address(text) == kept
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "ana", "ana@", "@lab.test", "ana@@lab.test", "ana rojas@lab.test", "Ana <ana@lab.test>", "<ana@lab.test>",
        "ana@lab.test, eva@lab.test", "ana@lab.test;x", "(hi)ana@lab.test", "ana(hi)@lab.test", '"ana"@lab.test',
        "ana@lab..test", ".ana@lab.test", "a..b@lab.test", "ana.@lab.test", "ana@-lab.test", "ana@lab-.test",
        "ana@[10.0.0.7]", "ana@lab.test.", "ana\n@lab.test", "ana@lab.test\nBcc: eva@lab.test",
        "ana\x00@lab.test", "ána@lab.test",
        "ana\u200b@lab.test", "ana@lab\u200b.test.", "u" * 65 + "@lab.test", "ana@" + "d" * 64 + ".test",
        "ana@" + "d." * 130 + "test", "ana@la_b.test", "ana\\@lab.test",
    ],
)  # fmt: skip
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(InvalidField, match=r"^E-mail: "):
        check_address(text)
    assert not is_address(text)


@given(st.one_of(st.text(), st.emails(), st.builds("{}@{}".format, st.text(), st.text())))
def test_whatever_passes_is_one_printable_address_without_blanks(text: str) -> None:
    try:
        address = check_address(text)
    except InvalidField:
        return
    assert address.isascii()
    assert address.isprintable()
    assert address.count("@") == 1
    assert not set(address) & set(' ,;:<>()[]"\\')
    assert check_address(address) == address


def test_a_contact_needs_a_name_only() -> None:
    assert Contact.entered(Contact(" Ana ")) == Contact("Ana", "", "")
    assert Contact.entered(Contact("Ana", " +56 2 ", " ana@lab.test ")) == Contact("Ana", "+56 2", "ana@lab.test")


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        (Contact(""), "Contact name"),
        (Contact("a\nb"), "Contact name"),
        (Contact("a" * (MAX_CONTACT + 1)), "Contact name"),
        (Contact("Ana", "\x1b"), "Contact phone"),
        (Contact("Ana", "1" * (MAX_CONTACT + 1)), "Contact phone"),
        (Contact("Ana", "", "no address"), "Contact e-mail"),
    ],
)
def test_an_entered_contact_that_breaks_a_rule_names_the_field(contact: Contact, field: str) -> None:
    with pytest.raises(InvalidField, match=rf"^{field}: "):
        Contact.entered(contact)


def test_a_received_contact_is_free_text_folded_to_lines() -> None:
    contact = Contact.received("Ana\r\nRojas", "", "not\tan address")
    assert contact == Contact("Ana Rojas", "", "not an address")


def test_a_received_contact_keeps_the_bounds() -> None:
    with pytest.raises(InvalidField, match=r"^ContactPhone: "):
        Contact.received("Ana", "1" * (MAX_CONTACT + 1), "")


@given(st.text(max_size=MAX_CONTACT), st.text(max_size=MAX_CONTACT), st.text(max_size=MAX_CONTACT))
def test_any_text_within_the_bounds_is_received(name: str, phone: str, email: str) -> None:
    contact = Contact.received(name, phone, email)
    assert all("\n" not in value and "\x1b" not in value for value in (contact.name, contact.phone, contact.email))
