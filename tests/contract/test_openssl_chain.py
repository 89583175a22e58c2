"""`openssl` and pyca's path verifier accept what is issued; `openssl` reads the keys and CSRs that are made."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509 import verification

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.usage import Usage
from pkilab.x509 import issue, keys
from tests.contract.commands import OpenSSL
from tests.x509.samples import NAME, NOW, PASSWORD, foreign, issued, key, request, root

CLASSIC = [algorithm for algorithm in KeyAlgorithm if not algorithm.startswith("ml-dsa")]
ML_DSA = [algorithm for algorithm in KeyAlgorithm if algorithm.startswith("ml-dsa")]
KINDS = [KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519]
MIXED = [(by, algorithm) for by, algorithm in product(KINDS, KINDS) if by != algorithm]
MIXED_ML_DSA = (KeyAlgorithm.ML_DSA_87, KeyAlgorithm.EC_P384, KeyAlgorithm.ML_DSA_44)
PURPOSES = {Usage.TLS: ("sslserver", "sslclient"), Usage.CODE_SIGNING: ("any",)}


@pytest.fixture
def openssl(tool: Callable[[str], str]) -> OpenSSL:
    return OpenSSL(tool("openssl"))


def of(algorithm: KeyAlgorithm, by: KeyAlgorithm, usage: Usage = Usage.TLS) -> Certificate:
    """A certificate straight from the root."""
    return issued(request(of=key(algorithm, 1)), usage, issuer=root(by), issuer_key=key(by))


def middle(algorithm: KeyAlgorithm, by: KeyAlgorithm) -> Certificate:
    wanted = request(DN(common_name="Middle CA"), (), of=key(algorithm, 2))
    return issued(wanted, Usage.INTERMEDIATE, issuer=root(by), issuer_key=key(by))


def below(between: Certificate, by: KeyAlgorithm, algorithm: KeyAlgorithm, usage: Usage = Usage.TLS) -> Certificate:
    return issued(request(of=key(algorithm, 1)), usage, issuer=between, issuer_key=key(by, 2))


class Judge:
    """`openssl verify`, strictly, at the time of the samples."""

    def __init__(self, openssl: OpenSSL, folder: Path) -> None:
        self.openssl, self.folder = openssl, folder

    def __call__(self, purpose: str, trusted: Certificate, *rest: Certificate) -> tuple[int, str]:
        """Judge the last of `rest` with those before it as intermediates."""
        *between, last = rest
        files = {"root": trusted.pem, "last": last.pem, "between": "".join(c.pem for c in between)}
        for name, text in files.items():
            (self.folder / name).write_text(text)
        options = ["-x509_strict", "-auth_level", "2", "-check_ss_sig", "-attime", int(NOW.timestamp())]
        purposes = ["-purpose", purpose] if purpose else []
        more = ["-untrusted", self.folder / "between"] if between else []
        trust = ["-no-CAfile", "-no-CApath", "-trusted", self.folder / "root"]
        return self.openssl.tried("verify", *options, *purposes, *trust, *more, self.folder / "last")


@pytest.fixture
def judge(openssl: OpenSSL, tmp_path: Path) -> Judge:
    return Judge(openssl, tmp_path)


def knows(openssl: OpenSSL, *algorithms: KeyAlgorithm) -> bool:
    return all(openssl.knows(algorithm) for algorithm in algorithms)


@pytest.mark.parametrize(("by", "algorithm"), [(a, a) for a in CLASSIC] + MIXED)
def test_openssl_accepts_what_a_root_issues(judge: Judge, by: KeyAlgorithm, algorithm: KeyAlgorithm) -> None:
    for usage, purposes in PURPOSES.items():
        for purpose in purposes:
            assert judge(purpose, root(by), of(algorithm, by, usage))[0] == 0


@pytest.mark.parametrize(
    ("top", "between", "algorithm"),
    [(a, a, a) for a in CLASSIC]
    + [(KeyAlgorithm.RSA_3072, KeyAlgorithm.EC_P384, KeyAlgorithm.ED25519)]
    + [(KeyAlgorithm.EC_P521, KeyAlgorithm.ED25519, KeyAlgorithm.RSA_2048)]
    + [(KeyAlgorithm.ED25519, KeyAlgorithm.RSA_4096, KeyAlgorithm.EC_P256)],
)
def test_openssl_accepts_what_an_intermediate_issues(
    judge: Judge, top: KeyAlgorithm, between: KeyAlgorithm, algorithm: KeyAlgorithm
) -> None:
    ca = middle(between, top)
    for usage, purposes in PURPOSES.items():
        leaf = below(ca, between, algorithm, usage)
        for purpose in purposes:
            code, said = judge(purpose, root(top), ca, leaf)
            assert code == 0, said


@pytest.mark.parametrize("algorithm", ML_DSA)
def test_openssl_accepts_ml_dsa_where_it_knows_it(judge: Judge, openssl: OpenSSL, algorithm: KeyAlgorithm) -> None:
    ca = middle(algorithm, algorithm)
    code, _ = judge("sslserver", root(algorithm), ca, below(ca, algorithm, algorithm))
    assert (code == 0) is openssl.knows(algorithm)


def test_openssl_accepts_a_root_by_itself_and_over_2050(judge: Judge) -> None:
    long = issue.root(key(), DN(common_name="Long CA"), days=issue.latest_days(NOW), serial=1, now=NOW)
    assert judge("", long, long)[0] == 0
    assert judge("sslserver", long, issued(issuer=long, days=36_500))[0] == 0


def test_openssl_refuses_what_should_be_refused(judge: Judge) -> None:
    """The judge can say no: another root, an end entity as issuer, a path that is too long, the wrong purpose."""
    assert judge("sslserver", root(KeyAlgorithm.ED25519), of(KeyAlgorithm.EC_P256, KeyAlgorithm.EC_P256))[0] != 0
    assert judge("sslserver", root(), of(KeyAlgorithm.EC_P256, KeyAlgorithm.EC_P256, Usage.CODE_SIGNING))[0] != 0
    ca = middle(KeyAlgorithm.EC_P256, KeyAlgorithm.EC_P256)
    assert judge("sslserver", root(), below(ca, KeyAlgorithm.EC_P256, KeyAlgorithm.RSA_2048))[0] != 0


def test_openssl_finds_the_host_names(openssl: OpenSSL, tmp_path: Path) -> None:
    (tmp_path / "root").write_text(root().pem)
    (tmp_path / "leaf").write_text(issued(request(names=(f"DNS:{NAME}", "IP:10.0.0.7", "IP:fd00::7"))).pem)
    common = ["verify", "-attime", int(NOW.timestamp()), "-trusted", tmp_path / "root"]
    for option, good, bad in (
        ("-verify_hostname", NAME, "other.lab.test"),
        ("-verify_ip", "10.0.0.7", "10.0.0.8"),
        ("-verify_ip", "fd00::7", "fd00::8"),
    ):
        assert openssl.tried(*common, option, good, tmp_path / "leaf")[0] == 0
        assert openssl.tried(*common, option, bad, tmp_path / "leaf")[0] != 0


@pytest.mark.parametrize(("top", "between", "algorithm"), [(a, a, a) for a in KeyAlgorithm] + [MIXED_ML_DSA])
def test_cryptography_accepts_every_link(top: KeyAlgorithm, between: KeyAlgorithm, algorithm: KeyAlgorithm) -> None:
    ca = middle(between, top)
    leaf = below(ca, between, algorithm)
    foreign(leaf).verify_directly_issued_by(foreign(ca))
    foreign(ca).verify_directly_issued_by(foreign(root(top)))
    foreign(root(top)).verify_directly_issued_by(foreign(root(top)))


@pytest.mark.parametrize(
    "algorithm", [a for a in KeyAlgorithm if a is not KeyAlgorithm.ED25519]
)  # pyca forbids Ed25519
def test_cryptographys_path_verifier_accepts_the_chain(algorithm: KeyAlgorithm) -> None:
    ca = middle(algorithm, algorithm)
    leaf = below(ca, algorithm, algorithm)
    store = verification.Store([foreign(root(algorithm))])
    policy = verification.PolicyBuilder().store(store).time(NOW)
    found = policy.build_server_verifier(x509.DNSName(NAME)).verify(foreign(leaf), [foreign(ca)])
    assert found == [foreign(leaf), foreign(ca), foreign(root(algorithm))]
    assert policy.build_client_verifier().verify(foreign(leaf), [foreign(ca)]).chain == found
    with pytest.raises(verification.VerificationError):
        policy.build_server_verifier(x509.DNSName("other.lab.test")).verify(foreign(leaf), [foreign(ca)])


@pytest.mark.parametrize("algorithm", CLASSIC)
def test_openssl_reads_the_keys_that_are_written(openssl: OpenSSL, tmp_path: Path, algorithm: KeyAlgorithm) -> None:
    locked, plain = tmp_path / "locked.key", tmp_path / "plain.key"
    locked.write_bytes(keys.dump(key(algorithm), PASSWORD))
    plain.write_bytes(keys.dump(key(algorithm), None))
    shown = openssl("pkey", "-in", plain, "-noout", "-text_pub", "-check")
    assert openssl("pkey", "-in", locked, "-passin", f"pass:{PASSWORD}", "-noout", "-text_pub", "-check") == shown
    assert openssl.tried("pkey", "-in", locked, "-passin", "pass:wrong horse", "-noout")[0] != 0


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_openssl_sees_that_keys_are_locked_well(openssl: OpenSSL, tmp_path: Path, algorithm: KeyAlgorithm) -> None:
    path = tmp_path / "locked.key"
    path.write_bytes(keys.dump(key(algorithm), PASSWORD))
    shown = openssl("asn1parse", "-in", path)
    rounds = [int(line.rpartition(":")[2], 16) for line in shown.splitlines() if "INTEGER" in line]
    assert len(rounds) == 1
    assert rounds[0] >= 600_000
    for word in ("PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc"):
        assert f":{word}" in shown
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_openssl_accepts_the_requests(openssl: OpenSSL, tmp_path: Path, algorithm: KeyAlgorithm) -> None:
    subject = DN(country="CL", organization="Ñandú, Hijos & Cía", common_name=NAME)
    made = request(
        subject, (f"DNS:{NAME}", "IP:10.0.0.7", "email:ana@lab.test", "URI:https://x.test/"), of=key(algorithm)
    )
    path = tmp_path / "made.csr"
    path.write_text(made.pem)
    code, said = openssl.tried("req", "-in", path, "-verify", "-noout")
    assert ("verify OK" in said and code == 0) is openssl.knows(algorithm)
    if openssl.knows(algorithm):
        text = openssl("req", "-in", path, "-noout", "-text", "-nameopt", "utf8,sep_comma_plus_space")
        assert "Ñandú" in text
        assert f"DNS:{NAME}, IP Address:10.0.0.7, email:ana@lab.test, URI:https://x.test/" in text
    path.write_text(request(DN(common_name="x"), (), of=key(algorithm)).pem)
    assert "badly" not in openssl.tried("req", "-in", path, "-verify", "-noout")[1]
