"""Whatever stands in a file, PEM that was spoilt or text of any kind, it is explained in full and never fails.

`python -m tests.explain.test_text_inputs 20000` does as many; the tests do a part.
"""

from __future__ import annotations

import base64
import json
import random
import re
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pkilab.errors import WrongPassword
from pkilab.explain import explain, lines
from pkilab.explain.record import record
from pkilab.explain.search import search
from pkilab.views import explained
from tests.cli.shell import Shell
from tests.explain.objects import check_owned, mutated, own_objects

LABELS = (
    *("CERTIFICATE", "X509 CRL", "CERTIFICATE REQUEST", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY"),
    *("EC PRIVATE KEY", "PUBLIC KEY", "PKCS7", "CMS", "EC PARAMETERS", "NOBODY KNOWS", "", "a" * 50, "PRIVATE  KEY"),
)
HEADERS = ("", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n", "x: y\n\n", ":\n")
JUNK = (
    "",
    "\n",
    "subject=CN = x\n",
    "\x00\x01",
    "-----BEGIN",
    "-----END X-----\n",
    "\ufeff",
    "ä\u202e\x1b[31m\n",
    "{}" * 9,
)
SECONDS = 2.0
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@lru_cache
def whole() -> list[bytes]:
    """What is put into PEM."""
    return list(own_objects().values())


def text(chance: random.Random) -> bytes:
    """A file with PEM blocks, more or less."""
    found = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(whole())
        data = mutated(data, chance) if chance.random() < 0.5 else data
        body = base64.b64encode(data).decode()
        wide = chance.choice((64, 64, 76, 7, 100_000))
        rows = chance.choice(("\n", "\r\n", "\n\n", " ")).join(body[at : at + wide] for at in range(0, len(body), wide))
        label = chance.choice(LABELS)
        found.append(
            chance.choice(JUNK) + f"-----BEGIN {label}-----\n{chance.choice(HEADERS)}{rows}\n-----END {label}-----\n"
        )
    joined = "".join(found) + chance.choice(JUNK)
    octets = joined.encode(chance.choice(("utf-8", "utf-8", "utf-8", "utf-16")))
    return mutated(octets, chance) if chance.random() < 0.6 else octets


def check(data: bytes | str) -> None:
    """See that all ways of telling it come through, harmless and with each octet owned once."""
    for password in (None, "correct horse"):
        try:
            found = explain(data, password=password)
        except WrongPassword:
            continue
        assert found.parts
        for part in found.parts:
            check_owned(part.tree)
        for line in (*lines.overview(found), *lines.octets(found)):
            assert not CONTROL.search(line)
        json.dumps(record(found, octets=True))
        assert explained.html(found)
        for what in ("critical", "30", "0x1", "zap"):
            search(found, what)


@pytest.mark.parametrize("seed", range(3))
def test_spoilt_pem_is_explained_in_time(seed: int) -> None:
    assert run(60, seed) < SECONDS


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200)))
def test_any_text_and_any_octets_are_explained(data: bytes | str) -> None:
    check(data)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["-----BEGIN ", "-----END ", "-----", "CERTIFICATE", "PRIVATE KEY", "\n", "MIIB", "AgEA", ": ", "="]
            ),
            st.text(max_size=8),
        ),
        max_size=24,
    ).map("".join)
)
def test_what_looks_like_pem_is_explained(data: str) -> None:
    check(data)
    check(data.encode("utf-16", "surrogatepass"))


def test_the_command_takes_all_of_it(tmp_path: Path) -> None:
    assert command(25, 5, tmp_path) < 5 * SECONDS


@pytest.mark.slow
def test_more_of_it() -> None:
    assert run(1500, 815) < SECONDS


def command(count: int, seed: int, folder: Path) -> float:
    """Run `pkilab explain FILE --bytes` on that many files; how long the slowest took. It never fails."""
    shell = Shell(folder / "lab")
    chance, slowest = random.Random(seed), 0.0
    for _ in range(count):
        data = text(chance) if chance.random() < 0.5 else mutated(chance.choice(whole()), chance)
        path = folder / "file"
        path.write_bytes(data)
        begin = time.process_time()
        done = shell("explain", str(path), "--bytes")
        assert (done.code, done.err) == (0, ""), data.hex()
        assert not CONTROL.search(done.out)
        slowest = max(slowest, time.process_time() - begin)
    return slowest


def run(count: int, seed: int) -> float:
    """Explain that many files, in every way; how long the slowest took."""
    chance, slowest = random.Random(seed), 0.0
    for _ in range(count):
        data = text(chance)
        begin = time.process_time()
        try:
            check(data)
        except AssertionError as error:
            error.add_note(data.hex())
            raise
        slowest = max(slowest, time.process_time() - begin)
    return slowest


if __name__ == "__main__":
    many = int(sys.argv[1])
    started = time.monotonic()
    took = run(many, 1)
    sys.stdout.write(f"{many:,} files in {time.monotonic() - started:.0f} s, the slowest {took:.3f} s\n")
    with tempfile.TemporaryDirectory() as name:
        took = command(many // 10, 2, Path(name))
    sys.stdout.write(f"{many // 10:,} files by the command, the slowest {took:.3f} s\n")
