"""Messages as octets: whatever a name holds, it makes no header and no line that is not its own."""

import email
import email.policy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import MailNotSent
from pkilab.errors.visible import visible
from pkilab.mail import messages, parse
from pkilab.mail.compose import MAX_SUBJECT, compose
from pkilab.model.message import ReceivedMessage
from pkilab.model.text import one_line
from tests.mail.servers import NOON, message
from tests.model.samples import REQUEST
from tests.store.samples import ca_settings

HEADERS = {
    "Date", "Message-ID", "From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding",
}  # fmt: skip
ANYTHING = st.text(st.characters() | st.sampled_from("\r\n\0\x1b:;,<>@\"'=?\u2028\u202e\x85"), max_size=300)


def headers(content: bytes) -> list[str]:
    return list(email.message_from_bytes(content).keys())


def read(content: bytes) -> ReceivedMessage:
    return parse.received(content, id="1", otherwise=NOON)


def test_a_mail_has_the_headers_that_programs_look_for() -> None:
    content = compose(message(), NOON)
    assert b"\r\n" in content
    assert b"\n" not in content.replace(b"\r\n", b"")
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert set(mail.keys()) == HEADERS
    assert mail["Date"].datetime == NOON
    assert (mail["From"], mail["To"]) == ("ca-admin@lab.test", "ana@lab.test")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"


def test_the_same_message_makes_the_same_octets() -> None:
    assert compose(message(), NOON) == compose(message(), NOON)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\0"])
def test_line_ends_in_names_make_no_header(end: str) -> None:
    about = message(
        subject=f"Request 1 for x{end}Bcc: eve@evil.test{end}{end}evil body",
        message_id=f"<1@lab.test>{end}Bcc: eve@evil.test",
    )
    content = compose(about, NOON)
    assert set(headers(content)) == HEADERS
    assert read(content).subject == "Request 1 for x Bcc: eve@evil.test evil body"
    assert read(content).body == "Fetch it.\n"


@pytest.mark.parametrize("field", ["sender", "recipient"])
@pytest.mark.parametrize(
    "value", ["", "ana", "a@b\r\nBcc: eve@evil.test", "a@b>,<eve@evil.test", '"a b"@lab.test', "a@b@c", "ä@lab.test"]
)
def test_what_is_no_address_is_no_recipient(field: str, value: str) -> None:
    about = message(sender=value) if field == "sender" else message(recipient=value)
    with pytest.raises(MailNotSent) as caught:
        compose(about, NOON)
    assert caught.value.permanent
    assert str(caught.value).isprintable()


def test_subjects_and_bodies_in_any_script_arrive_as_they_were() -> None:
    about = message(subject="Zertifikat 7 für Müller – 東京 🔑", body="Grüße aus Curaçao\n東京\n.\nFrom here on\n")
    content = compose(about, NOON)
    assert content.isascii()
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert mail["Subject"] == read(content).subject == about.subject
    assert mail.get_content().replace("\r\n", "\n") == read(content).body == about.body


def test_a_long_line_is_no_line_that_servers_refuse() -> None:
    content = compose(message(body="x" * 5000 + "\n"), NOON)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert read(content).body == "x" * 5000 + "\n"


def test_the_longest_message_id_stays_on_its_line() -> None:
    longest = messages.message_id("ab" * 16, "I" * 64)
    content = compose(message(message_id=longest), NOON)
    assert f"Message-ID: {longest}\r\n".encode() in content
    assert parse.message_id(content) == longest


@given(subject=ANYTHING, body=ANYTHING, token=ANYTHING)
def test_whatever_is_in_it_there_is_one_mail_with_these_headers(subject: str, body: str, token: str) -> None:
    content = compose(message(subject=subject, body=body, message_id=f"<{token}@lab.test>"), NOON)
    assert sorted(headers(content)) == sorted(HEADERS)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    found = read(content)
    encodable = subject.encode("utf-8", "replace").decode()
    shown = visible(one_line(encodable)[:MAX_SUBJECT]) or "(no subject)"
    assert found.subject.replace(" ", "") == shown.replace(" ", "")
    assert found.recipients == ("ana@lab.test",)
    assert not any(ord(c) < 32 and c not in "\n\t" for c in found.body)


@given(
    body=st.text(st.characters(min_codepoint=32, exclude_characters="\x7f", exclude_categories=["C"]) | st.just("\n"))
)
def test_a_body_of_visible_characters_arrives_as_it_was(body: str) -> None:
    assert read(compose(message(body=body), NOON)).body == body.rstrip("\n") + "\n"


@given(at=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(9000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_date_is_that_of_the_act(at: datetime) -> None:
    mail = email.message_from_bytes(compose(message(), at), policy=email.policy.default)
    assert mail["Date"].datetime == at.replace(microsecond=0)


def test_the_administrators_mail_on_a_request_has_no_fingerprint_of_it() -> None:
    told = messages.requested(ca_settings(), REQUEST, "ab" * 16)
    content = compose(told, NOON).decode()
    for fingerprint in (REQUEST.fingerprint.sha1, REQUEST.fingerprint.sha256):
        assert fingerprint[:11] not in content
        assert fingerprint.replace(":", "")[:8].lower() not in content.lower()
