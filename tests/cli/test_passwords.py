"""Where passwords come from, and that nobody sees them."""

from pathlib import Path

import pytest

from pkilab.cli.passwords import KEY, Typed, given
from pkilab.errors import CannotRead, InvalidField
from tests.cli.shell import CONFIGURE, PASSWORD, Shell


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a password, that its owner alone can read."""
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\nsecond line\n")
    path.chmod(0o600)
    return path


def test_the_first_line_of_a_file_is_the_password(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert given(KEY, file) == PASSWORD
    file.write_bytes(b"  pass wort \xc3\xa9 \r\n")
    assert given(KEY, file) == "  pass wort é "
    assert capsys.readouterr().err == ""


def test_a_file_goes_before_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PKILAB_PASSWORD", "another")
    assert given(KEY, file) == PASSWORD
    assert given(KEY, None) == "another"
    monkeypatch.setenv("PKILAB_PASSWORD", "")
    assert given(KEY, None) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_others_can_read_is_pointed_out(file: Path, mode: int, capsys: pytest.CaptureFixture[str]) -> None:
    file.chmod(mode)
    assert given(KEY, file) == PASSWORD
    said = capsys.readouterr().err
    assert said.startswith(f"Warning: {file} can be read by others")
    assert PASSWORD not in said


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\nx", b"\xff\xfe\n"])
def test_a_file_without_a_password_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(InvalidField, match="Password"):
        given(KEY, file)


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(CannotRead):
            given(KEY, path)


def test_where_nobody_can_be_asked_the_ways_are_named(shell: Shell) -> None:
    done = shell(*CONFIGURE)
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "Password: standard input is no terminal, so give --password-file FILE or set PKILAB_PASSWORD.\n"
    )
    smtp = shell(*CONFIGURE, "--smtp-host", "mail.lab.test", "--smtp-user", "opal", password=PASSWORD)
    assert smtp.err.startswith("SMTP password: standard input is no terminal, so give --smtp-password-file FILE")


def test_the_smtp_password_comes_from_its_own_variable(shell: Shell) -> None:
    options = ("--smtp-host", "mail.lab.test", "--smtp-user", "opal")
    done = shell(*CONFIGURE, *options, password=PASSWORD, PKILAB_SMTP_PASSWORD="smtp secret")
    assert done.code == 0, done.err
    assert (shell.lab / "instances/MyCA/mgr/smtp-password").read_text().strip() == "smtp secret"


def test_an_smtp_password_without_a_name_to_log_in_with_is_refused(shell: Shell, file: Path) -> None:
    done = shell(*CONFIGURE, "--smtp-password-file", str(file), password=PASSWORD)
    assert (done.code, done.err.startswith("SMTP username: ")) == (1, True)


def test_a_typed_password_does_not_show_itself() -> None:
    assert PASSWORD not in repr(Typed(password=PASSWORD, confirmation=PASSWORD))


def test_no_command_takes_a_password_as_an_argument(shell: Shell) -> None:
    for command in (("server", "configure"), ("server", "issue"), ("client", "submit")):
        done = shell(*command, "--password", PASSWORD)
        assert done.code == 2
        assert PASSWORD not in done.err
