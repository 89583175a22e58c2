"""What if: ten changes that matter, and what verifiers say of them, as docs/explain.md tells."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from pkilab.errors import CannotDo, InvalidField
from pkilab.explain import whatif
from pkilab.explain.reading import as_kind
from pkilab.explain.whatif import CHANGES
from pkilab.judges import bench
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.x509 import certificate as certificates
from tests.judges.cases import HOST, KEYS, made, now, revoked
from tests.x509 import samples

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "explain.md").read_text(encoding="utf-8")
CELLS = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:2] == "| "]
JUDGES = next(cells[2:5] for cells in CELLS if cells[0] == "change")
ROWS = [(cells[0], cells[1:]) for cells in CELLS if cells[0] not in {"change", "---"}]
OF_CA = {"ca", "path-length", "key-usage"}
"""Changes that mean something else for a CA than for a server."""
NAMES = [change.name for change in CHANGES]


@dataclass(frozen=True)
class Chain:
    root: Certificate
    upper: Certificate
    lower: Certificate
    leaf: Certificate


@pytest.fixture(scope="module")
def chain() -> Chain:
    upper = made("Middle", "Root", ca=True)
    return Chain(made("Root", "Root", ca=True), upper, made("Lower", "Middle", ca=True), made("leaf", "Lower"))


def judge(chain: Chain, row: list[str]) -> Callable[[bytes], dict[str, str]]:
    """What the verifiers say of the chain with one certificate changed."""
    crls = (revoked(chain.leaf.serial, by="Lower"),) if "revoked" in row[0] else ()

    def verdicts(der: bytes) -> dict[str, str]:
        changed = certificates.trusted(der)
        upper, leaf = (changed, chain.leaf) if "upper" in row[0] else (chain.upper, changed)
        judged = bench.verify(
            leaf, [chain.lower, upper], [chain.root], purpose="tls-server", name=HOST, at=now(), crls=crls
        )
        return {verdict.judge: verdict.word for verdict in judged.verdicts}

    return verdicts


def test_the_table_has_a_row_for_each_change() -> None:
    assert len(NAMES) == 10
    assert list(dict.fromkeys(name for name, _ in ROWS)) == NAMES
    for name in NAMES:
        of = [row[0].partition(",")[0] for each, row in ROWS if each == name]
        assert of == (["the upper intermediate", "the server"] if name in OF_CA else ["the server"])


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name} of {row[0]}" for name, row in ROWS])
def test_verifiers_say_what_the_table_tells(
    name: str, row: list[str], chain: Chain, tool: Callable[[str], str]
) -> None:
    tool("openssl"), tool("certtool")
    subject, key = (chain.upper, KEYS["Root"]) if "upper" in row[0] else (chain.leaf, KEYS["Lower"])
    found = whatif.what_if(subject.der, name, key=key, judge=judge(chain, row))
    expected = dict.fromkeys(JUDGES, "accepted")
    if name == "serial":
        expected |= {"openssl": "refused", "certtool": "refused"}
    assert found.before == expected
    assert found.after == dict(zip(JUDGES, row[1:4], strict=True))
    assert found.signed_again is (name != "signature-bit")


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name} of {row[0]}" for name, row in ROWS])
def test_with_its_signature_left_each_is_refused_by_all(
    name: str, row: list[str], chain: Chain, tool: Callable[[str], str]
) -> None:
    tool("openssl"), tool("certtool")
    subject = chain.upper if "upper" in row[0] else chain.leaf
    found = whatif.what_if(subject.der, name, key=None, judge=judge(chain, ["upper" if "upper" in row[0] else ""]))
    assert not found.signed_again
    assert "accepted" not in found.after.values()
    assert "refused" in found.after.values()


@pytest.mark.parametrize("name", NAMES)
def test_a_change_is_strict_der_again(name: str) -> None:
    for subject in (samples.root(), samples.issued()):
        changed = whatif.changed(subject.der, name)
        assert changed != subject.der
        assert list(as_kind(changed, "certificate").troubles()) == []


@pytest.mark.parametrize(
    "algorithm", [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P384, KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_44]
)
def test_what_is_signed_again_holds_and_says_the_keys_algorithm(algorithm: KeyAlgorithm) -> None:
    issuer, key = samples.root(algorithm), samples.key(algorithm)
    changed = whatif.changed(samples.issued().der, "names")
    again = x509.load_der_x509_certificate(whatif.resigned(changed, key))
    public = x509.load_der_x509_certificate(issuer.der)
    assert again.signature_algorithm_oid == public.signature_algorithm_oid
    # Only the name differs, which `verify_directly_issued_by` asks for too.
    assert again.issuer == public.subject
    again.verify_directly_issued_by(public)
    with pytest.raises(InvalidSignature):
        x509.load_der_x509_certificate(changed).verify_directly_issued_by(
            x509.load_der_x509_certificate(samples.root().der)
        )


def test_any_value_and_any_octet_can_be_changed() -> None:
    der = samples.issued().der
    path = next(node.path for node in as_kind(der, "certificate").walk() if node.name == "dNSName")
    found = whatif.judged(der, whatif.value_change(path, "other.lab.test"), key=samples.key(), judge=len)
    assert b"other.lab.test" in found.der
    assert found.after == len(found.der)
    x509.load_der_x509_certificate(found.der).verify_directly_issued_by(samples.foreign(samples.root()))
    octet = whatif.judged(der, whatif.octet_change(20, 0xFF), key=samples.key(), judge=len)
    assert (octet.der[20], len(octet.der), octet.signed_again) == (0xFF, len(der), False)


def test_what_cannot_be_changed_is_said() -> None:
    der = samples.issued().der
    with pytest.raises(CannotDo, match="There is no change sideways"):
        whatif.changed(der, "sideways")
    with pytest.raises(CannotDo, match="has no"):
        whatif.changed(b"\x30\x00", "dates")
    with pytest.raises(CannotDo, match="no certificate any more"):
        whatif.resigned(b"\x30\x00", samples.key())
    with pytest.raises(CannotDo, match="There is no Certificate/x"):
        whatif.value_change("Certificate/x", "1").make(as_kind(der, "certificate"))
    with pytest.raises(InvalidField, match="whole number"):
        whatif.value_change("Certificate/tbsCertificate/serialNumber", "many").make(as_kind(der, "certificate"))
