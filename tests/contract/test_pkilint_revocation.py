"""pkilint finds no fault in revocation lists and OCSP answers."""

import subprocess
import sys
from pathlib import Path

import pytest

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.revocation import Entry, Revocation, RevocationReason
from pkilab.x509 import ocsp
from pkilab.x509.ocsp import Failure, State
from tests.x509.samples import START, root
from tests.x509.test_crl import signed
from tests.x509.test_ocsp import UNTIL, asking, identifier, nonce, responder

KINDS = [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_44]
HEADING = "node_path,validator,severity,code,message"


def found(folder: Path, data: bytes, command: str, *more: str) -> str:
    """What pkilint says, whatever its severity."""
    path = folder / "judged.der"
    path.write_bytes(data)
    program = Path(sys.executable).with_name(command)  # pkilint is in the environment
    lint = [str(program), "lint", *more, "-s", "ALL", "-f", "CSV", "--document-format", "DER", str(path)]
    done = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert not done.stderr
    heading, _, rest = done.stdout.partition("\n")
    assert heading == HEADING
    return rest.strip()


@pytest.mark.parametrize("algorithm", KINDS)
def test_lists_are_without_fault(algorithm: KeyAlgorithm, tmp_path: Path) -> None:
    every = [Entry(number, START, reason, START) for number, reason in enumerate(RevocationReason, 1)]
    for entries in (every, []):
        assert found(tmp_path, signed(entries, algorithm), "lint_crl", "-t", "CRL", "-p", "PKIX") == ""


@pytest.mark.parametrize("algorithm", KINDS)
def test_answers_are_without_fault(algorithm: KeyAlgorithm, tmp_path: Path) -> None:
    asked = [identifier(number, root(algorithm)) for number in (1, 2, 3)]
    read = ocsp.read(asking(*asked, extensions=nonce(b"x" * 32)))
    revocation = Revocation(reason=RevocationReason.KEY_COMPROMISE, at=START, by="opal")
    good, revoked, unknown = read.asked
    states = [State(good, known=True), State(revoked, known=True, revocation=revocation), State(unknown, known=False)]
    for extra in (b"", read.nonce):
        data = ocsp.answer(states, responder(algorithm), produced_at=START, next_update=UNTIL, nonce=extra)
        assert found(tmp_path, data, "lint_ocsp_response") == ""
    assert found(tmp_path, ocsp.failure(Failure.TRY_LATER), "lint_ocsp_response") == ""


def test_a_fault_would_be_found(tmp_path: Path) -> None:
    twice = signed([Entry(1, START, RevocationReason.SUPERSEDED)], number=1 << 167)
    assert found(tmp_path, twice, "lint_crl", "-t", "CRL", "-p", "PKIX") != ""
