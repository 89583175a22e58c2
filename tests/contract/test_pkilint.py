"""pkilint (profile `pkix`, RFC 5280) finds no fault in what is issued, and nothing that docs do not explain."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pkilab.model.addresses import addresses
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.usage import Usage
from pkilab.x509 import certificate, der, issue, signature
from tests.x509.samples import NOW, issued, key, request, root

Lint = Callable[[Certificate], set[tuple[str, str]]]
KINDS = [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_44]
EXPLAINED = {("INFO", "pkix.subject_key_identifier_method_1_identified")}
FULL = DN(
    country="CL",
    state="Región Metropolitana",
    locality="Santiago",
    organization="Lab",
    organizational_unit="Dev",
    common_name="santiago.lab.test",
)
NAMES = (
    "DNS:santiago.lab.test",
    "IP:10.0.0.7",
    "IP:fd00::7",
    "email:ana@lab.test",
    "URI:https://lab.test/",
)


def samples(algorithm: KeyAlgorithm) -> dict[str, Certificate]:
    """One certificate of each kind, all of one key algorithm."""
    client = key(algorithm, 1)

    def made(usage: Usage, subject: DN, names: tuple[str, ...] = (), serial: int = 7) -> Certificate:
        content = request(subject, names, of=client)
        return issued(content, usage, issuer=root(algorithm), issuer_key=key(algorithm), serial=serial)

    return {
        "root": root(algorithm),
        "long root": issue.root(key(algorithm), FULL, days=40_000, serial=1 << 158, now=NOW),
        "intermediate": made(Usage.INTERMEDIATE, DN(common_name="Middle CA")),
        "tls": made(Usage.TLS, FULL, NAMES, serial=1 << 158),
        "tls by its common name": made(Usage.TLS, DN(common_name="santiago.lab.test")),
        "code signing": made(Usage.CODE_SIGNING, FULL),
        "with addresses": with_addresses(algorithm),
        "ocsp responder": issue.responder(
            issue.signer(root(algorithm), key(algorithm)),
            client,
            "MyCA OCSP responder",
            serial=7,
            days=30,
            now=NOW,
        ),
    }


def with_addresses(algorithm: KeyAlgorithm) -> Certificate:
    """A certificate that tells where to ask for its state."""
    signer = issue.signer(root(algorithm), key(algorithm), addresses("http://pki.lab.test:52773", "MyCA"))
    content = request(DN(common_name="santiago.lab.test"), of=key(algorithm, 1))
    made, _ = issue.certify(content, signer, serial=7, usage=Usage.TLS, path_length=None, days=365, now=NOW)
    assert certificate.trusted(made.der) == made
    return made


@pytest.fixture(scope="module")
def lint(tmp_path_factory: pytest.TempPathFactory) -> Lint:
    command = Path(sys.executable).with_name("lint_pkix_cert")  # pkilint is in the environment
    folder = tmp_path_factory.mktemp("lint")

    def run(linted: Certificate) -> set[tuple[str, str]]:
        path = folder / f"{linted.fingerprint.sha1.replace(':', '')}.pem"
        path.write_text(linted.pem)
        done = subprocess.run(
            [command, "lint", "-s", "ALL", "-f", "CSV", path], capture_output=True, text=True, check=False
        )
        assert not done.stderr
        return {(row["severity"], row["code"]) for row in csv.DictReader(done.stdout.splitlines())}

    return run


@pytest.mark.parametrize("algorithm", KINDS)
@pytest.mark.parametrize("kind", samples(KeyAlgorithm.EC_P256))
def test_nothing_is_found_that_is_not_explained(lint: Lint, algorithm: KeyAlgorithm, kind: str) -> None:
    assert lint(samples(algorithm)[kind]) == EXPLAINED


def test_a_wildcard_that_was_asked_for_is_the_one_known_error(lint: Lint) -> None:
    """RFC 5280 knows no wildcards in alternative names; RFC 9525 does, and so do browsers."""
    made = issued(request(DN(common_name="lab.test"), ("DNS:*.lab.test",)))
    assert lint(made) == EXPLAINED | {("ERROR", "pkix.invalid_domain_name_syntax")}


def test_faults_would_be_found(lint: Lint) -> None:
    fields = der.members(der.members(issued(usage=Usage.INTERMEDIATE).der)[0].raw)
    kept = [e.raw for e in der.members(fields[-1].content) if b"\x55\x1d\x23" not in e.raw]
    bare = der.sequence(*(f.raw for f in fields[:-1]), der.element(0xA3, der.sequence(*kept)))
    without_authority_key = certificate.trusted(signature.sealed(bare, key()))
    assert "ERROR" in {severity for severity, _ in lint(without_authority_key)}
