"""The Maildir: repeats are told, foreign files do no harm, other programs can read it."""

import mailbox as other_mailbox
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import CannotWrite
from pkilab.mail import parse
from pkilab.mail.compose import compose
from pkilab.mail.mailbox import Mailbox
from tests.mail.servers import NOON, message


@pytest.fixture
def box(tmp_path: Path) -> Mailbox:
    """An empty mailbox."""
    made = Mailbox(tmp_path / "mail")
    made.prepare()
    return made


def keep(box: Mailbox, number: int = 1, recipient: str = "ana@lab.test", at: datetime = NOON) -> bool:
    content = compose(message(number), NOON)
    return box.keep(content, sender="ca-admin@lab.test", recipient=recipient, at=at)


def new(box: Mailbox) -> list[Path]:
    return sorted((box.folder / "new").iterdir())


def test_what_is_kept_is_shown_whole(box: Mailbox) -> None:
    assert keep(box)
    (found,) = box.messages()
    assert found.received_at == NOON
    assert found.sender == "ca-admin@lab.test"
    assert found.recipients == ("ana@lab.test",)
    assert (found.subject, found.body) == ("Certificate 1 was issued", "Fetch it.\n")
    assert found.message_id == "<1@myca.pkilab.lab.test>"
    assert str(found) == "2026-11-23 12:00 to ana@lab.test: Certificate 1 was issued"


def test_a_repeat_to_the_same_recipient_is_kept_once_also_by_another_process(box: Mailbox) -> None:
    assert keep(box)
    assert not keep(box)
    assert not keep(box, recipient="ANA@lab.test")
    assert not keep(Mailbox(box.folder))
    assert keep(box, recipient="ben@lab.test")
    assert len(box.messages()) == 2


def test_a_repeat_is_told_also_after_a_mail_program_marked_the_first_as_seen(box: Mailbox) -> None:
    keep(box)
    (path,) = new(box)
    path.rename(box.folder / "cur" / f"{path.name}:2,S")
    before = box.messages()
    assert not keep(box)
    assert new(box) == []
    assert box.messages() == before


def test_mails_without_message_id_repeat_none(box: Mailbox) -> None:
    for _ in range(2):
        assert box.keep(b"Subject: x\r\n\r\nbody\r\n", sender="", recipient="ana@lab.test", at=NOON)
    assert [each.subject for each in box.messages()] == ["x", "x"]


def test_the_newest_is_last_also_where_the_clock_stands(box: Mailbox) -> None:
    keep(box, 1, at=NOON + timedelta(seconds=1))
    for number in (2, 3, 4):
        keep(box, number)
        os.utime(max(new(box), key=lambda path: path.stat().st_ctime_ns), ns=(0, number * 1_000_000))
    assert [each.subject.split()[1] for each in Mailbox(box.folder).messages()] == ["2", "3", "4", "1"]


def test_only_the_mail_to_the_addresses_asked_for_is_shown(box: Mailbox) -> None:
    keep(box, 1)
    keep(box, 2, recipient="Ben@lab.test")
    assert [each.recipients for each in box.messages({"ben@LAB.test"})] == [("Ben@lab.test",)]
    assert box.messages(frozenset()) == ()


def test_other_programs_read_it_as_a_maildir(box: Mailbox) -> None:
    keep(box)
    (found,) = list(other_mailbox.Maildir(box.folder, create=False))
    assert found["Subject"] == "Certificate 1 was issued"
    assert found["Delivered-To"] == "ana@lab.test"
    assert found["Return-Path"] == "<ca-admin@lab.test>"
    assert b"\r" not in new(box)[0].read_bytes()


def test_it_is_for_its_owners_eyes_only_and_leaves_nothing_in_tmp(box: Mailbox) -> None:
    keep(box)
    assert stat.S_IMODE(new(box)[0].stat().st_mode) == 0o600
    assert {stat.S_IMODE(path.stat().st_mode) for path in (box.folder, *box.folder.iterdir())} == {0o700}
    assert list((box.folder / "tmp").iterdir()) == []


def test_reading_makes_and_changes_nothing(tmp_path: Path, box: Mailbox) -> None:
    assert Mailbox(tmp_path / "nothing").messages() == ()
    assert not (tmp_path / "nothing").exists()
    keep(box)
    before = {path: path.stat().st_mtime_ns for path in box.folder.rglob("*")}
    box.messages()
    assert before == {path: path.stat().st_mtime_ns for path in box.folder.rglob("*")}


def test_files_of_others_are_shown_as_well_as_they_can_be(box: Mailbox) -> None:
    keep(box)
    (box.folder / "new" / "1700000000.1.host").write_bytes(
        b"From: Luz <luz@lab.test>\nTo: Ana <ana@lab.test>, ben@lab.test\nSubject: =?iso-8859-1?q?Gr=FC=DFe?=\n"
        b"Date: Mon, 23 Nov 2026 11:00:00 +0000\n\nHola\n"
    )
    (box.folder / "new" / "noise").write_bytes(os.urandom(5000))
    (box.folder / "new" / "empty").write_bytes(b"")
    (box.folder / "new" / "folder").mkdir()
    (box.folder / "new" / "dangling").symlink_to("nowhere")
    (box.folder / "new" / ".hidden").write_bytes(b"Subject: no\n\n")
    os.mkfifo(box.folder / "new" / "pipe")
    found = {each.subject: each for each in box.messages()}
    assert len(box.messages()) == 4
    foreign = found["Grüße"]
    assert foreign.recipients == ("ana@lab.test", "ben@lab.test")
    assert (foreign.sender, foreign.body) == ("Luz <luz@lab.test>", "Hola\n")
    assert foreign.received_at == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert len({each.id for each in box.messages()}) == 4


def test_what_a_crash_left_long_ago_is_removed(box: Mailbox) -> None:
    left = box.folder / "tmp" / "abc.pkilab"
    young = box.folder / "tmp" / "def.pkilab"
    for path in (left, young):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    box.prepare()
    assert (left.exists(), young.exists()) == (False, True)
    assert box.messages() == ()


def test_a_mailbox_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(CannotWrite, match="Inbox"):
        Mailbox(tmp_path / "mail").prepare()


@given(content=st.binary(max_size=2000) | st.text(max_size=500).map(lambda text: text.encode("utf-8", "replace")))
def test_whatever_octets_come_they_are_shown_somehow(content: bytes) -> None:
    stamped = parse.stamp(content, sender="a@lab.test", recipient="b@lab.test", at=NOON)
    found = parse.received(stamped, id="1", otherwise=NOON)
    assert (found.received_at, found.recipients) == (NOON, ("b@lab.test",))
    for line in (found.subject, found.sender, found.message_id):
        assert "\n" not in line
        assert "\x1b" not in line
    assert parse.received(content, id="1", otherwise=NOON).id == "1"


@given(
    headers=st.lists(
        st.tuples(
            st.sampled_from(
                ["Subject", "From", "To", "Cc", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding",
                 "X-Pkilab-Received"]
            ),
            st.text(max_size=80)
            | st.sampled_from(
                ["=?utf-8?b?!!?=", "=?nope?q?x?=", "=?utf-8?q?=FF?=", "multipart/mixed; boundary=x", "text/html",
                 'text/plain; charset="\0"', "text/plain; charset=utf-16", "base64", "x-uuencode",
                 "Mon, 99 Foo 99999 99:99:99 +9999", "9999-12-31T23:59:59-23:59", "<>", "group: a@b, c;"]
            ),
        ),
        max_size=6,
    ),
    body=st.text(max_size=200),
)  # fmt: skip
def test_odd_headers_break_nothing(headers: list[tuple[str, str]], body: str) -> None:
    content = "".join(f"{name}: {value}\n" for name, value in headers) + "\n" + body
    found = parse.received(content.encode("utf-8", "replace"), id="1", otherwise=NOON)
    assert found.received_at.tzinfo is UTC
    assert isinstance(found.body, str)


def test_parts_within_parts_are_bounded() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    found = parse.received(b"Subject: deep\n" + nested + b"\nthe end\n", id="1", otherwise=NOON)
    assert found.subject == "deep"


def test_of_several_parts_the_plain_text_is_shown() -> None:
    content = (
        b"Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<b>no</b>\n"
        b"--x\nContent-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdfe\n--x--\n"
    )
    assert parse.received(content, id="1", otherwise=NOON).body.strip() == "Grüße"
