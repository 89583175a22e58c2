"""Files are made whole or not at all, and nothing that was there is lost."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pkilab.errors import CannotRead, CannotWrite
from pkilab.store import files, moves
from pkilab.store.files import NewFile
from tests.store.samples import fill_up, tree

WAYS = ("_by_exclusive_rename", "_by_link", "_by_claim")


def new(path: Path, data: bytes = b"new", mode: int = 0o600) -> NewFile:
    return NewFile(path, data, mode)


# ---------------------------------------------------------------- all or nothing


def test_files_are_laid_down_with_their_folders_and_modes(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert files.lay_down([new(folder / "k.key"), new(folder / "k.cer", b"cert", 0o644)], field="Directory") == ()
    assert tree(tmp_path) == {"a": None, "a/b": None, "a/b/k.cer": b"cert", "a/b/k.key": b"new"}
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"a": 0o700, "b": 0o700, "k.key": 0o600, "k.cer": 0o644}


def test_a_umask_neither_opens_nor_closes_what_was_asked_for(tmp_path: Path) -> None:
    before = os.umask(0o777)
    try:
        files.lay_down([new(tmp_path / "k.cer", mode=0o644)], field="Directory")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "k.cer").stat().st_mode) == 0o644


def test_what_was_there_is_set_aside_under_names_that_are_free(tmp_path: Path) -> None:
    path = tmp_path / "MyCA.key"
    for generation in range(4):
        files.lay_down([new(path, str(generation).encode())], field="Directory")
    assert tree(tmp_path) == {"MyCA.key": b"3", "MyCA.key.old": b"0", "MyCA.key.old.1": b"1", "MyCA.key.old.2": b"2"}
    assert files.lay_down([new(path)], field="Directory") == (tmp_path / "MyCA.key.old.3",)


def test_a_dangling_link_counts_as_a_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "MyCA.key"
    path.symlink_to(tmp_path / "elsewhere")
    assert files.lay_down([new(path)], field="Directory") == (tmp_path / "MyCA.key.old",)
    assert (tmp_path / "MyCA.key.old").is_symlink()
    assert not path.is_symlink()
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_appears_at_the_last_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "made" / "a", tmp_path / "b"
    second.write_bytes(b"old")
    moved = moves.move_new

    def somebody_is_faster(source: Path, target: Path) -> None:
        if target == second and source.suffix == ".tmp":
            second.write_bytes(b"somebody's")
        moved(source, target)

    monkeypatch.setattr(files, "move_new", somebody_is_faster)
    with pytest.raises(CannotWrite, match="a file of that name stands there"):
        files.lay_down([new(first), new(second)], field="Directory")
    # What was set aside cannot have its name back: it stays under the other one.
    assert tree(tmp_path) == {"b": b"somebody's", "b.old": b"old"}


@pytest.mark.parametrize("step", range(1, 40))
def test_whatever_step_fails_everything_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """The nth call of the system fails, as on a medium that is pulled out."""
    there = tmp_path / "there"
    there.write_bytes(b"old")
    before = tree(tmp_path)
    wanted = [new(there), new(tmp_path / "x" / "y" / "deep"), new(tmp_path / "z")]
    calls = 0

    def failing(function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == step:
                raise OSError(5, "Input/output error")
            return function(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(files, "move_new", failing(moves.move_new))
        for name in ("fsync", "open", "fchmod", "fdopen"):
            patch.setattr(os, name, failing(getattr(os, name)))
        patch.setattr(Path, "mkdir", failing(Path.mkdir))
        try:
            files.lay_down(wanted, field="Directory")
        except CannotWrite as error:
            why = error.why
        else:
            why = ""
    if why:
        assert tree(tmp_path) == before
        assert why == "the medium reports an error"
    else:
        assert calls < step, "an error was swallowed"
        assert set(tree(tmp_path)) == {"there", "there.old", "x", "x/y", "x/y/deep", "z"}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("n" * 300, "the name is too long"),
        ("file/in/file", "a part of the path is a file and no folder"),
        ("file/x", "a part of the path is a file and no folder"),
        ("folder", "a folder of that name stands there"),
        ("a\0b", "the name holds characters that no file name can hold"),
        ("a\ud800b", "the name holds characters that no file name can hold"),
    ],
)
def test_a_path_that_cannot_be_is_told_and_nothing_is_left(tmp_path: Path, path: str, why: str) -> None:
    (tmp_path / "file").write_bytes(b"file")
    (tmp_path / "folder").mkdir()
    before = tree(tmp_path)
    with pytest.raises(CannotWrite) as refused:
        files.lay_down([new(tmp_path / "new" / "first"), new(tmp_path / path)], field="Directory")
    assert (refused.value.why, refused.value.field) == (why, "Directory")
    assert refused.value.path == tmp_path / path
    assert tree(tmp_path) == before


def test_one_name_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        files.lay_down([new(tmp_path / "a"), new(tmp_path / "a")], field="Directory")
    assert tree(tmp_path) == {}


def test_a_full_disk_is_told_and_left_as_it_was(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("64k")
    (disk / "k.key").write_bytes(b"old key")
    before = tree(disk)
    with pytest.raises(CannotWrite, match="no space is left there"):
        files.lay_down([new(disk / "k.key"), new(disk / "new" / "big", bytes(100_000))], field="Directory")
    assert tree(disk) == before
    fill_up(disk)
    before = tree(disk)
    with pytest.raises(CannotWrite, match="no space is left there"):
        files.replace(disk / "k.key", b"another key", mode=0o600, field="Directory")
    assert tree(disk) == before


def test_a_read_only_place_is_told(tmp_path: Path, read_only: Callable[[Path], Path]) -> None:
    medium = tmp_path / "medium"
    medium.mkdir()
    (medium / "k.key").write_bytes(b"old key")
    place = read_only(medium)
    for act in (
        lambda: files.lay_down([new(place / "k.key")], field="Directory"),
        lambda: files.lay_down([new(place / "new" / "k.key")], field="Directory"),
        lambda: files.replace(place / "k.key", b"x", mode=0o600, field="Directory"),
        lambda: files.set_aside(place / "k.key", field="Directory"),
    ):
        with pytest.raises(CannotWrite, match="the place is read-only") as refused:
            act()
        assert str(refused.value).startswith("Directory: ")
    assert tree(medium) == {"k.key": b"old key"}


def test_an_interrupt_undoes_everything_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "k.key").write_bytes(b"old key")
    moved = moves.move_new

    def interrupted(source: Path, target: Path) -> None:
        moved(source, target)
        if target.name == "k.cer":
            raise KeyboardInterrupt

    monkeypatch.setattr(files, "move_new", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.lay_down([new(tmp_path / "k.key"), new(tmp_path / "k.cer")], field="Directory")
    assert tree(tmp_path) == {"k.key": b"old key"}


def test_a_private_key_is_in_no_repr() -> None:
    assert "secret" not in repr(NewFile(Path("k.key"), b"secret", 0o600))


# ---------------------------------------------------------------- moving without overwriting


@pytest.fixture(params=range(3), ids=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Only this way of renaming works, as on a file system without the ones before it."""

    def unsupported(source: Path, target: Path) -> None:
        raise OSError(95, "Operation not supported")

    for name in WAYS[: request.param]:
        monkeypatch.setattr(moves, name, unsupported)
    return WAYS[request.param]


def test_a_file_moves_to_a_free_name(way: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    moves.move_new(tmp_path / "a", tmp_path / "b")
    assert tree(tmp_path) == {"b": b"a"}


def test_a_name_that_is_taken_is_left_alone(way: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    with pytest.raises(FileExistsError):
        moves.move_new(tmp_path / "a", tmp_path / "b")
    assert tree(tmp_path) == {"a": b"a", "b": b"b"}


def test_a_file_that_is_not_there_leaves_nothing(way: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        moves.move_new(tmp_path / "a", tmp_path / "b")
    assert tree(tmp_path) == {}


def test_files_are_laid_down_on_any_file_system(way: str, tmp_path: Path) -> None:
    (tmp_path / "k.key").write_bytes(b"old")
    files.lay_down([new(tmp_path / "k.key"), new(tmp_path / "k.cer")], field="Directory")
    assert tree(tmp_path) == {"k.cer": b"new", "k.key": b"new", "k.key.old": b"old"}


def test_a_medium_that_keeps_no_modes_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On FAT, usual on removable media, chmod is not permitted, not even to the owner."""

    def refuse(descriptor: int, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchmod", refuse)
    files.lay_down([new(tmp_path / "k.key")], field="Directory")
    files.replace(tmp_path / "k.srl", b"00\n", mode=0o644, field="Serial file")
    assert tree(tmp_path) == {"k.key": b"new", "k.srl": b"00\n"}
    assert stat.S_IMODE((tmp_path / "k.key").stat().st_mode) == 0o600


def test_setting_aside_keeps_every_generation(tmp_path: Path) -> None:
    for generation in ("first", "second"):
        (tmp_path / "x.cer").write_text(generation)
        files.set_aside(tmp_path / "x.cer")
    assert tree(tmp_path) == {"x.cer.old": b"first", "x.cer.old.1": b"second"}
    with pytest.raises(CannotWrite, match="it is not there"):
        files.set_aside(tmp_path / "x.cer")


# ---------------------------------------------------------------- replacing


def test_replacing_makes_the_file_and_its_folders(tmp_path: Path) -> None:
    files.replace(tmp_path / "a" / "s.json", b"one", mode=0o600, field="Settings")
    files.replace(tmp_path / "a" / "s.json", b"two", mode=0o640, field="Settings")
    assert tree(tmp_path) == {"a": None, "a/s.json": b"two"}
    assert stat.S_IMODE((tmp_path / "a" / "s.json").stat().st_mode) == 0o640


def test_replacing_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    (tmp_path / "medium").mkdir()
    (tmp_path / "medium" / "k.key").write_bytes(b"plain")
    (tmp_path / "k.key").symlink_to(tmp_path / "medium" / "k.key")
    files.replace(tmp_path / "k.key", b"encrypted", mode=0o600, field="Key")
    assert (tmp_path / "k.key").is_symlink()
    assert (tmp_path / "medium" / "k.key").read_bytes() == b"encrypted"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a file away")
def test_a_replaced_file_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "MyCA.srl"
    path.write_bytes(b"00\n")
    os.chown(path, 12345, 54321)
    files.replace(path, b"01\n", mode=0o600, field="Serial file")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 54321)


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(CannotWrite, match="a folder of that name stands there"):
        files.replace(tmp_path / "folder", b"x", mode=0o600, field="Settings")
    assert tree(tmp_path) == {"folder": None}


# ---------------------------------------------------------------- reading


def test_what_is_there_is_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\0\r\n")
    assert files.read(tmp_path / "x") == files.read_optional(tmp_path / "x") == b"\0\r\n"
    assert files.read_optional(tmp_path / "y") is None


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long").write_bytes(b"12345")
    (tmp_path / "circle").symlink_to("circle")
    cases = {
        "nothing": "it is not there",
        "": "a folder of that name stands there",
        "long/x": "a part of the path is a file and no folder",
        "pipe": "it is a device or a pipe and no file",
        "long": "it is longer than 4 octets",
        "circle": "its symbolic links go round in a circle",
        "a\0b": "the name holds characters that no file name can hold",
    }
    for name, why in cases.items():
        with pytest.raises(CannotRead) as refused:
            files.read(tmp_path / name, limit=4)
        assert refused.value.why == why
        if name != "nothing":
            with pytest.raises(CannotRead):
                files.read_optional(tmp_path / name, limit=4)


# ---------------------------------------------------------------- kill -9

# Forks once for each line that the act runs through, kills the child there, and checks what it left.
KILLED = """
import os, shutil, signal, sys, tempfile
from pathlib import Path
from pkilab.store import files, moves, serial
from pkilab.store.files import NewFile
from pkilab.store.serial import SerialFile

WATCHED = {files.__file__, moves.__file__, serial.__file__}

def run(act, die_at):
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    lines = 0
    def trace(frame, event, argument):
        nonlocal lines
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            lines += 1
            if lines == die_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace
    sys.settrace(trace)
    act()
    sys.settrace(None)
    os._exit(0)

def every_line(prepare, act, check):
    die_at = 0
    while True:
        die_at += 1
        folder = Path(tempfile.mkdtemp(dir=sys.argv[1]))
        prepare(folder)
        status = run(lambda: act(folder), die_at)
        try:
            check(folder)
        except AssertionError:
            print("killed at line", die_at, sorted(p.name for p in folder.rglob("*")))
            raise
        shutil.rmtree(folder)
        if status == 0:
            return die_at
        assert os.WIFSIGNALED(status), status
"""


def run_killed(tmp_path: Path, story: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED + story, str(tmp_path)], capture_output=True, text=True, check=False, timeout=250
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_kill_at_any_line_leaves_no_partial_file_and_loses_none(tmp_path: Path) -> None:
    run_killed(
        tmp_path,
        """
def prepare(folder):
    (folder / "k.key").write_bytes(b"old key")

def act(folder):
    new = [NewFile(folder / name, b"new " * 5000, 0o600) for name in ("k.key", "x/k.cer", "x/k.srl")]
    files.lay_down(new, field="Directory")

def check(folder):
    for name in ("k.key", "x/k.cer", "x/k.srl"):
        if (folder / name).exists():
            assert (folder / name).read_bytes() in (b"new " * 5000, b"old key"), name
    kept = [path for path in (folder / "k.key", folder / "k.key.old") if path.exists()]
    assert b"old key" in [path.read_bytes() for path in kept]

assert every_line(prepare, act, check) > 100

def act(folder):
    files.replace(folder / "k.key", b"new " * 5000, mode=0o600, field="Directory")

def check(folder):
    assert (folder / "k.key").read_bytes() in (b"new " * 5000, b"old key")

assert every_line(prepare, act, check) > 20
""",
    )


def test_a_kill_at_any_line_never_lets_a_number_be_used_twice(tmp_path: Path) -> None:
    run_killed(
        tmp_path,
        """
def prepare(folder):
    (folder / "MyCA.srl").write_bytes(b"FE\\n")

def act(folder):
    for _ in range(3):
        number = SerialFile(folder / "MyCA.srl").advance()
        with (folder / "used").open("a") as used:
            used.write(f"{number}\\n")

def check(folder):
    used = [int(n) for n in (folder / "used").read_text().split()] if (folder / "used").exists() else []
    assert used == sorted(set(used))
    assert SerialFile(folder / "MyCA.srl").advance() > max(used, default=0xFE)

assert every_line(prepare, act, check) > 60
""",
    )
