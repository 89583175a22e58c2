"""`pkilab explain`: in sentences, octet by octet, one field in full, as JSON; keys ask for their password."""

from pathlib import Path

import pytest

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.x509 import keys
from tests.cli.shell import PASSWORD, Shell, Terminal
from tests.x509 import samples


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "SantiagoDev.cer"
    path.write_text(samples.issued().pem)
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "Santiago.key"
    path.write_bytes(keys.dump(samples.key(KeyAlgorithm.ED25519), PASSWORD))
    return path


def test_it_says_in_sentences_what_a_certificate_says(shell: Shell, file: Path) -> None:
    done = shell("explain", str(file))
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("This is a certificate, ")
    assert "Basic constraints: Says that this key may not sign other certificates." in done.out
    assert "Subject: It belongs to CN = santiago.lab.test." in done.out


def test_it_needs_no_lab(shell: Shell, file: Path) -> None:
    assert shell("explain", str(file)).code == 0
    assert not shell.lab.exists()


def test_every_octet_is_shown_with_its_field(shell: Shell, file: Path) -> None:
    done = shell("explain", str(file), "--bytes")
    assert "30 00" in done.out
    assert "basicConstraints, critical: CA = FALSE" in done.out
    owned = [node["owned"] for node in shell.ok("explain", str(file), "--bytes")["parts"][0]["nodes"]]
    assert bytes.fromhex("".join(owned)) == samples.issued().der


def test_one_field_is_explained_in_full(shell: Shell, file: Path) -> None:
    done = shell("explain", str(file), "--about", "basicConstraints")
    assert done.out.startswith("Basic constraints\n")
    assert "What for: " in done.out
    assert "Without: " in done.out
    assert "RFC 5280 §4.2.1.9" in done.out
    one = shell.ok("explain", str(file), "--about", "basicConstraints")
    assert one["clauses"] == ["RFC 5280 §4.2.1.9", "RFC 5280 §4.2"]
    assert shell("explain", str(file), "--about", str(one["offset"])).out == done.out


def test_a_field_that_there_is_not_is_said(shell: Shell, file: Path) -> None:
    done = shell("explain", str(file), "--about", "wings")
    assert done.code == 1
    assert "no such field" in done.err
    assert shell("explain", str(file), "--about", "wings", "--bytes").code == 2


def test_json_tells_all_that_is_told(shell: Shell, file: Path) -> None:
    (part,) = shell.ok("explain", str(file))["parts"]
    assert (part["kind"], part["label"], part["sealed"], part["opened"]) == ("certificate", "CERTIFICATE", False, [])
    first = part["nodes"][0]
    assert (first["path"], first["offset"], first["header"]) == ("Certificate", 0, 4)
    assert "owned" not in first
    assert len({node["path"] for node in part["nodes"]}) == len(part["nodes"])


def test_an_encrypted_key_is_told_from_outside_unless_its_password_comes(shell: Shell, key: Path) -> None:
    outside = shell("explain", str(key))
    assert (outside.code, outside.err) == (0, "")
    assert "A password seals what it holds" in outside.out
    inside = shell("explain", str(key), password=PASSWORD)
    assert "This is a private key" in inside.out
    secret = samples.key(KeyAlgorithm.ED25519).private_bytes_raw().hex(" ").upper()  # type: ignore[union-attr]
    assert secret[:24] not in shell("explain", str(key), "--bytes", password=PASSWORD).out
    assert secret[:24] in shell("explain", str(key), "--bytes", "--show-secret", password=PASSWORD).out
    wrong = shell("explain", str(key), password="wrong horse")
    assert (wrong.code, wrong.err) == (1, "The password does not open Santiago.key. Try again.\n")


def test_a_person_is_asked_for_the_password_and_may_leave_it_out(key: Path, tmp_path: Path) -> None:
    for answer, said in ((PASSWORD, "This is a private key"), ("", "A password seals what it holds")):
        terminal = Terminal("explain", str(key), home=tmp_path / "lab")
        terminal.answer("leave it empty", answer)
        assert terminal.finish() == 0
        assert said in terminal.said
        assert PASSWORD not in terminal.said


def test_nonsense_is_explained_as_nonsense(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ana,\x1b[31m")
    done = shell("explain", str(path))
    assert done.code == 0
    assert "neither PEM nor DER" in done.out
    assert "\x1b" not in done.out


def test_a_file_that_is_not_there_is_said(shell: Shell, tmp_path: Path) -> None:
    done = shell("explain", str(tmp_path / "nothing.cer"))
    assert done.code == 1
    assert "cannot be read" in done.err
