"""`openssl x509 -req -CAserial` and pkilab take turns on one serial file (S7)."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pkilab.store.serial import SerialFile

SUBJECT = "/CN=Serial/"


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory, tool: Callable[[str], str]) -> Path:
    """A folder in which openssl made a CA and a request."""
    folder = tmp_path_factory.mktemp("ca")
    new = [tool("openssl"), "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", SUBJECT]
    subprocess.run(
        [*new, "-x509", "-keyout", "MyCA.key", "-out", "MyCA.cer"], cwd=folder, check=True, capture_output=True
    )
    subprocess.run([*new, "-keyout", "leaf.key", "-out", "leaf.csr"], cwd=folder, check=True, capture_output=True)
    return folder


def openssl_issues(openssl: str, ca: Path, serial: Path, *options: str) -> int:
    """Let openssl issue a certificate; return its number."""
    issue = ["x509", "-req", "-in", "leaf.csr", "-CA", "MyCA.cer", "-CAkey", "MyCA.key", "-out", "leaf.cer"]
    command = [openssl, *issue, "-CAserial", str(serial), *options]
    subprocess.run(command, cwd=ca, check=True, capture_output=True)
    show = [openssl, "x509", "-in", "leaf.cer", "-noout", "-serial"]
    shown = subprocess.run(show, cwd=ca, check=True, capture_output=True, text=True).stdout
    found = re.fullmatch(r"serial=([0-9A-F]+)\n", shown)
    assert found
    return int(found[1], 16)


def take_turns(openssl: str, ca: Path, path: Path) -> list[int]:
    numbers: list[int] = []
    for _ in range(10):
        numbers.append(openssl_issues(openssl, ca, path))
        numbers.append(SerialFile(path).advance())
    return numbers


@pytest.mark.parametrize("last", [0, 0xFA, 0xFFFA, (1 << 64) - 4], ids=hex)
def test_they_take_turns_from_a_file_of_ours(ca: Path, tmp_path: Path, tool: Callable[[str], str], last: int) -> None:
    path = tmp_path / "MyCA.srl"
    path.write_bytes(SerialFile.content(last))
    assert take_turns(tool("openssl"), ca, path) == list(range(last + 1, last + 21))


def test_they_take_turns_from_a_file_that_openssl_began(ca: Path, tmp_path: Path, tool: Callable[[str], str]) -> None:
    path = tmp_path / "MyCA.srl"
    first = openssl_issues(tool("openssl"), ca, path, "-CAcreateserial")
    assert first.bit_length() > 64
    assert SerialFile(path).last() == first
    assert take_turns(tool("openssl"), ca, path) == list(range(first + 1, first + 21))
