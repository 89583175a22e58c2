"""The serial file: incremented, then used; never back."""

import contextlib
import multiprocessing
import os
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import CannotRead, CannotWrite, SerialExhausted, SerialFileBroken, SerialFileMissing
from pkilab.model.certificate import MAX_SERIAL
from pkilab.store import serial
from pkilab.store.serial import SerialFile
from tests.store.samples import fill_up


def written(path: Path, content: bytes) -> SerialFile:
    path.write_bytes(content)
    return SerialFile(path)


@pytest.mark.parametrize(
    ("last", "content"),
    [(0, b"00\n"), (1, b"01\n"), (15, b"0F\n"), (16, b"10\n"), (255, b"FF\n"), (256, b"0100\n"), (0xABC, b"0ABC\n")],
)
def test_the_content_is_what_openssl_reads(last: int, content: bytes) -> None:
    assert SerialFile.content(last) == content


@given(st.integers(0, MAX_SERIAL))
def test_whatever_is_written_reads_equal(tmp_path_factory: pytest.TempPathFactory, number: int) -> None:
    file = written(tmp_path_factory.getbasetemp() / "any.srl", SerialFile.content(number))
    assert file.last() == number


def test_numbers_follow_one_another_from_a_fresh_file(tmp_path: Path) -> None:
    file = written(tmp_path / "MyCA.srl", SerialFile.content(0))
    assert [file.advance() for _ in range(300)] == list(range(1, 301))
    assert file.path.read_bytes() == b"012C\n"


@pytest.mark.parametrize("content", [b"0a\n", b"0A", b" 0A \r\n", b"000A\n"])
def test_what_other_tools_write_is_read(tmp_path: Path, content: bytes) -> None:
    assert written(tmp_path / "MyCA.srl", content).advance() == 11


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (b"0", "odd number"),
        (b"123\n", "odd number"),
        (b"xy\n", "something else than hex digits"),
        (b"-01\n", "something else than hex digits"),
        (b"+1\n", "something else than hex digits"),
        (b"0x10\n", "something else than hex digits"),
        (b"1_00\n", "something else than hex digits"),
        (b"01\n02\n", "something else than hex digits"),
        (b"\xef\xbb\xbf01\n", "something else than hex digits"),
        ("\u0660\u0661\n".encode(), "something else than hex digits"),
        (b"00\0\0\n", "something else than hex digits"),
        (b"80" + b"00" * 19 + b"\n", "longer than 20 octets"),
        (b"01" + b"00" * 20 + b"\n", "longer than 20 octets"),
        (b"11" * 10_000, "longer than 20 octets"),
    ],
)
def test_a_file_to_repair_is_told_and_never_begun_anew(tmp_path: Path, content: bytes, why: str) -> None:
    file = written(tmp_path / "MyCA.srl", content)
    for act in (file.last, file.advance):
        with pytest.raises(SerialFileBroken, match=why) as broken:
            act()
        assert broken.value.path == file.path
    assert file.path.read_bytes() == content


@given(st.binary(max_size=50))
def test_any_content_is_a_number_or_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = written(tmp_path_factory.getbasetemp() / "garbage.srl", content)
    with contextlib.suppress(SerialFileBroken):
        assert 0 <= file.last() <= MAX_SERIAL


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = SerialFile(tmp_path / "MyCA.srl")
    assert not file.exists()
    for act in (file.last, file.advance):
        with pytest.raises(SerialFileMissing):
            act()
    assert not file.exists()
    assert not SerialFile(tmp_path / "gone" / "MyCA.srl").exists()


def test_a_medium_that_is_not_mounted_is_told_and_no_folder_is_made(tmp_path: Path) -> None:
    with pytest.raises(SerialFileMissing):
        SerialFile(tmp_path / "medium" / "MyCA.srl").advance()
    with (
        pytest.raises(CannotWrite, match="it is not there"),
        serial.locked_beside(tmp_path / "medium" / "x", field="X"),
    ):
        pass
    assert not (tmp_path / "medium").exists()


def test_a_dangling_link_is_there(tmp_path: Path) -> None:
    (tmp_path / "MyCA.srl").symlink_to("nowhere")
    assert SerialFile(tmp_path / "MyCA.srl").exists()


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRead):
        SerialFile(tmp_path / "file" / "MyCA.srl").exists()


def test_a_file_behind_what_was_issued_is_told_with_both_numbers(tmp_path: Path) -> None:
    file = written(tmp_path / "MyCA.srl", b"09\n")
    assert file.advance(above=9) == 10
    with pytest.raises(SerialFileBroken, match=r"10 \(hex 0A\).*255 \(hex FF\)"):
        file.advance(above=255)
    assert file.last() == 10


def test_the_largest_number_is_used_and_then_it_is_over(tmp_path: Path) -> None:
    file = written(tmp_path / "MyCA.srl", SerialFile.content(MAX_SERIAL - 1))
    assert file.advance() == MAX_SERIAL
    with pytest.raises(SerialExhausted):
        file.advance()
    assert file.last() == MAX_SERIAL


def test_several_are_taken_at_once_or_none_is(tmp_path: Path) -> None:
    file = written(tmp_path / "MyCA.srl", SerialFile.content(MAX_SERIAL - 3))
    assert list(file.take(2)) == [MAX_SERIAL - 2, MAX_SERIAL - 1]
    with pytest.raises(SerialExhausted):
        file.take(2)
    assert file.take(1) == range(MAX_SERIAL, MAX_SERIAL + 1)


def test_mode_and_link_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "medium").mkdir()
    real = written(tmp_path / "medium" / "MyCA.srl", b"01\n").path
    real.chmod(0o644)
    (tmp_path / "MyCA.srl").symlink_to(real)
    assert SerialFile(tmp_path / "MyCA.srl").advance() == 2
    assert (tmp_path / "MyCA.srl").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o644
    assert real.read_bytes() == b"02\n"


def test_the_number_is_durable_before_it_is_handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content is fsynced before it gets the name, the folder afterwards."""
    file = written(tmp_path / "MyCA.srl", b"01\n")
    told: list[tuple[str, bytes]] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        told.append((kind, file.path.read_bytes()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    assert file.advance() == 2
    assert told == [("file", b"01\n"), ("folder", b"02\n")]


def test_a_full_disk_or_a_read_only_medium_gives_no_number(
    tmp_path: Path, small_disk: Callable[[str], Path], read_only: Callable[[Path], Path]
) -> None:
    disk = small_disk("64k")
    file = written(disk / "MyCA.srl", b"05\n")
    ballast = fill_up(disk)
    with pytest.raises(CannotWrite, match="no space is left there"):
        file.advance()
    assert file.last() == 5
    assert sorted(path.name for path in disk.iterdir() if path.suffix != ".lock") == ["MyCA.srl", "ballast"]
    ballast.unlink()
    assert file.advance() == 6
    with pytest.raises(CannotWrite, match="the place is read-only"):
        SerialFile(read_only(disk) / "MyCA.srl").advance()
    assert file.last() == 6


def test_the_holder_of_the_lock_may_advance_and_enter_again(tmp_path: Path) -> None:
    file = written(tmp_path / "MyCA.srl", b"00\n")
    with file.lock(), SerialFile(tmp_path / "." / "MyCA.srl").lock():
        assert SerialFile(file.path).advance() == 1


def test_who_waits_too_long_for_the_lock_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial, "LOCK_TIMEOUT", 0.05)
    file = written(tmp_path / "MyCA.srl", b"00\n")
    with FileLock(tmp_path / ".MyCA.srl.lock"), pytest.raises(CannotWrite, match="held its lock for a minute"):
        file.advance()
    assert file.last() == 0


def _advance(path: Path) -> list[int]:
    return [SerialFile(path).advance() for _ in range(25)]


def test_processes_and_threads_never_get_the_same_number(tmp_path: Path) -> None:
    path = written(tmp_path / "MyCA.srl", b"00\n").path
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.extend(_advance(path))) for _ in range(4)]
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        others = [pool.submit(_advance, path) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for other in others:
            found += other.result()
    assert sorted(found) == list(range(1, 201))
    assert SerialFile(path).last() == 200
