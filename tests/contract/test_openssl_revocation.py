"""openssl and curl judge revocation lists and OCSP answers, of every algorithm that they know (X2)."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.ocsp import OCSPCertStatus

from pkilab import DN, KeyAlgorithm, Lab
from pkilab.lab import utc_now
from pkilab.model.certificate import IssuedCertificate
from pkilab.x509 import csr, keys
from tests.contract.commands import OpenSSL
from tests.scene import CA_PASSWORD, Clock, Scene, signing_request

CLASSIC = ["rsa-3072", "ec-p256", "ec-p384", "ec-p521", "ed25519"]
ML_DSA = ["ml-dsa-44", "ml-dsa-65", "ml-dsa-87"]
KEY = keys.generate(KeyAlgorithm.EC_P256)


@dataclass
class Judged:
    """A CA that is served, and what was issued by it, on disk for other people's tools."""

    scene: Scene
    url: str
    folder: Path
    openssl: OpenSSL

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    def issue(self, name: str) -> IssuedCertificate:
        issued = self.scene.issue(self.scene.send(signing_request(name, key=keys.generate(KeyAlgorithm.EC_P256)), name))
        (self.folder / f"{name}.pem").write_text(issued.pem)
        return issued.certificate

    def fetch_list(self) -> Path:
        """Return the current list as curl fetched it, in PEM."""
        path = self.folder / "crl.der"
        subprocess.run(["curl", "-fsS", "-o", str(path), f"{self.url}/MyCA/crl"], check=True)
        self.openssl("crl", "-inform", "DER", "-in", path, "-out", self.folder / "crl.pem")
        return self.folder / "crl.pem"

    def ask(self, *names: str, more: tuple[object, ...] = ()) -> str:
        """Return what `openssl ocsp` says of certificates, having verified the answer."""
        asked = [part for name in names for part in ("-cert", self.folder / f"{name}.pem")]
        return self.openssl(
            "ocsp", "-issuer", self.ca, *more, *asked, "-CAfile", self.ca, "-url", f"{self.url}/MyCA/ocsp"
        )


def judged(path: Path, algorithm: str, openssl: OpenSSL) -> Iterator[Judged]:
    scene = Scene(path / "lab", clock=Clock(utc_now()))
    scene.configure(key_algorithm=KeyAlgorithm(algorithm))
    with scene.lab.serve() as service:
        scene.ca.change(public_url=service.url)
        scene.ca.renew_responder(password=CA_PASSWORD)
        scene.ca.publish_crl(password=CA_PASSWORD)
        made = Judged(scene, service.url, path, openssl)
        made.ca.write_text(scene.ca.ca_certificate().pem)
        yield made
    scene.lab.registry.close()


@pytest.fixture
def openssl(tool: Callable[[str], str]) -> OpenSSL:
    return OpenSSL(tool("openssl"))


@pytest.fixture(params=CLASSIC)
def any_ca(request: pytest.FixtureRequest, tmp_path: Path, openssl: OpenSSL) -> Iterator[Judged]:
    yield from judged(tmp_path, request.param, openssl)


@pytest.fixture
def a_ca(tmp_path: Path, openssl: OpenSSL) -> Iterator[Judged]:
    yield from judged(tmp_path, "ec-p256", openssl)


def test_good_revoked_held_lifted_and_unknown_by_ocsp_and_by_list(any_ca: Judged) -> None:
    made, ca = any_ca, any_ca.scene.ca
    good, bad, held = (made.issue(name) for name in ("good", "bad", "held"))
    ca.revoke(bad.number, reason="keyCompromise", password=CA_PASSWORD)
    ca.revoke(held.number, reason="certificateHold", password=CA_PASSWORD)
    told = made.ask("good", "bad", "held")
    assert "Response verify OK" in told
    assert "good.pem: good" in told
    assert "bad.pem: revoked" in told
    assert "Reason: keyCompromise" in told
    assert "held.pem: revoked" in told
    assert "Reason: certificateHold" in told
    assert "WARNING" not in told  # it complains of a nonce that does not come back
    nobody = made.openssl(
        "ocsp", "-issuer", made.ca, "-serial", good.number + 100, "-CAfile", made.ca, "-url", f"{made.url}/MyCA/ocsp"
    )
    assert f"{good.number + 100}: unknown" in nobody

    found = made.fetch_list()
    text = made.openssl("crl", "-in", found, "-CAfile", made.ca, "-noout", "-text", "-crlnumber")
    assert "verify OK" in text
    assert text.count("Serial Number:") == 2
    verify = ("verify", "-x509_strict", "-crl_check", "-CAfile", made.ca, "-CRLfile", found)
    assert made.openssl(*verify, made.folder / "good.pem").endswith("good.pem: OK\n")
    for name in ("bad", "held"):
        code, said = made.openssl.tried(*verify, made.folder / f"{name}.pem")
        assert code != 0
        assert "certificate revoked" in said

    ca.lift(held.number, password=CA_PASSWORD)
    assert "held.pem: good" in made.ask("held", more=("-sha256", "-no_nonce"))
    found = made.fetch_list()
    assert made.openssl(*verify[:-1], found, made.folder / "held.pem").endswith("held.pem: OK\n")


def by_number(number: int, leaf: bytes, ca: x509.Certificate) -> ocsp.OCSPRequest:
    """Return a question for a number of the CA that issued `leaf`, whether it gave that number or not."""
    own, sha256 = x509.load_der_x509_certificate(leaf), hashes.SHA256()
    asked = ocsp.OCSPRequestBuilder().add_certificate(own, ca, sha256).build()
    builder = ocsp.OCSPRequestBuilder()
    return builder.add_certificate_by_hash(asked.issuer_name_hash, asked.issuer_key_hash, number, sha256).build()


@pytest.mark.parametrize("algorithm", ML_DSA)
def test_what_openssl_cannot_read_cryptography_verifies(algorithm: str, tmp_path: Path, openssl: OpenSSL) -> None:
    for made in judged(tmp_path, algorithm, openssl):
        good, bad, held = made.issue("good"), made.issue("bad"), made.issue("held")
        made.scene.ca.revoke(bad.number, reason="keyCompromise", password=CA_PASSWORD)
        made.scene.ca.revoke(held.number, reason="certificateHold", password=CA_PASSWORD)
        ca = x509.load_der_x509_certificate(made.scene.ca.ca_certificate().certificate.der)
        found = x509.load_der_x509_crl(httpx.get(f"{made.url}/MyCA/crl", trust_env=False).content)
        assert found.is_signature_valid(ca.public_key())  # type: ignore[arg-type]  # ML-DSA is not in its stubs
        assert [entry.serial_number for entry in found] == [bad.number, held.number]
        asked = [
            (good.number, OCSPCertStatus.GOOD, None),
            (bad.number, OCSPCertStatus.REVOKED, x509.ReasonFlags.key_compromise),
            (held.number, OCSPCertStatus.REVOKED, x509.ReasonFlags.certificate_hold),
            (held.number + 100, OCSPCertStatus.UNKNOWN, None),
        ]
        for number, state, reason in asked:
            request = by_number(number, good.certificate.der, ca)
            body = request.public_bytes(Encoding.DER)
            answer = httpx.post(f"{made.url}/MyCA/ocsp", content=body, trust_env=False)
            told = ocsp.load_der_ocsp_response(answer.content)
            assert (told.certificate_status, told.serial_number) == (state, number)
            if state is OCSPCertStatus.REVOKED:
                assert told.revocation_reason is reason
            (responder,) = told.certificates
            responder.verify_directly_issued_by(ca)
            responder.public_key().verify(told.signature, told.tbs_response_bytes)  # type: ignore[union-attr, call-arg]


def test_what_is_issued_tells_where_to_ask(a_ca: Judged) -> None:
    a_ca.issue("named")
    certificate = a_ca.folder / "named.pem"
    asked = a_ca.openssl("x509", "-in", certificate, "-noout", "-ocsp_uri").strip()
    assert asked == f"{a_ca.url}/MyCA/ocsp"
    assert f"URI:{a_ca.url}/MyCA/crl" in a_ca.openssl("x509", "-in", certificate, "-noout", "-text")
    a_ca.fetch_list()
    downloaded = a_ca.openssl("verify", "-crl_check", "-crl_download", "-CAfile", a_ca.ca, certificate)
    assert downloaded.endswith("named.pem: OK\n")
    issuer = a_ca.folder / "issuer.der"
    subprocess.run(["curl", "-fsS", "-o", str(issuer), f"{a_ca.url}/MyCA/ca.cer"], check=True)
    a_ca.openssl("x509", "-inform", "DER", "-in", issuer, "-noout")


def test_a_question_by_get_with_curl_is_what_openssl_reads(a_ca: Judged) -> None:
    a_ca.issue("good")
    request, answer = a_ca.folder / "request.der", a_ca.folder / "answer.der"
    a_ca.openssl(
        "ocsp", "-no_nonce", "-issuer", a_ca.ca, "-cert", a_ca.folder / "good.pem", "-reqout", request
    )  # fmt: skip
    encoded = quote(base64.b64encode(request.read_bytes()), safe="")
    command = ["curl", "-fsS", "-D", "-", "-o", str(answer), f"{a_ca.url}/MyCA/ocsp/{encoded}"]
    headers = subprocess.run(command, check=True, capture_output=True, text=True).stdout.lower()
    assert "cache-control: max-age=600, public, no-transform, must-revalidate" in headers
    assert "content-type: application/ocsp-response" in headers
    told = a_ca.openssl(
        "ocsp", "-respin", answer, "-reqin", request, "-issuer", a_ca.ca, "-CAfile", a_ca.ca, "-cert",
        a_ca.folder / "good.pem",
    )  # fmt: skip
    assert "Response verify OK" in told
    assert "good.pem: good" in told


def test_another_cas_certificate_of_the_same_number_is_unknown(a_ca: Judged) -> None:
    a_ca.issue("good")
    other = a_ca.scene.lab.instance("Other").server
    other.configure(
        root="Other", directory="ca", password=CA_PASSWORD, subject=DN(common_name="Other"), ca_days=99, issued_days=9,
        key_algorithm="ec-p256",
    )  # fmt: skip
    (a_ca.folder / "other.pem").write_text(other.ca_certificate().pem)
    told = a_ca.openssl(
        "ocsp", "-issuer", a_ca.folder / "other.pem", "-serial", "1", "-CAfile", a_ca.ca, "-url",
        f"{a_ca.url}/MyCA/ocsp", "-noverify",
    )  # fmt: skip
    assert "1: unknown" in told


def test_failures_are_called_as_openssl_calls_them(a_ca: Judged) -> None:
    a_ca.issue("good")
    (a_ca.scene.manager / "ocsp-responder.pem").rename(a_ca.folder / "away.pem")
    asked = ("ocsp", "-issuer", a_ca.ca, "-cert", a_ca.folder / "good.pem", "-url", f"{a_ca.url}/MyCA/ocsp")
    assert "Responder Error: unauthorized (6)" in a_ca.openssl.tried(*asked)[1]
    (a_ca.folder / "away.pem").rename(a_ca.scene.manager / "ocsp-responder.pem")
    a_ca.scene.clock.forward(days=40)
    assert "Responder Error: trylater (3)" in a_ca.openssl.tried(*asked)[1]


def test_a_series_takes_over_by_the_labs_clock_also_after_a_restart(a_ca: Judged) -> None:
    scene = a_ca.scene
    a_ca.issue("good")
    bad = a_ca.issue("bad")
    scene.ca.revoke(bad.number, reason="superseded", password=CA_PASSWORD)
    scene.ca.publish_crl(password=CA_PASSWORD, ahead=2)

    def number(path: Path) -> int:
        return int(a_ca.openssl("crl", "-in", path, "-noout", "-crlnumber").strip().rpartition("=")[2], 16)

    first = number(a_ca.fetch_list())
    for days, ahead in ((26, 0), (28, 1), (55, 2)):
        scene.clock.now = utc_now()
        scene.clock.forward(days=days)
        again = Lab(scene.path, clock=scene.clock)
        with again.serve() as service:  # a service that starts now serves the same
            found = Judged(scene, service.url, a_ca.folder, a_ca.openssl).fetch_list()
        assert number(found) == number(a_ca.fetch_list()) == first + ahead
        at = ("-attime", int(scene.clock.now.timestamp()))
        verify = ("verify", "-crl_check", *at, "-CAfile", a_ca.ca, "-CRLfile", found)
        assert "OK" in a_ca.openssl(*verify, a_ca.folder / "good.pem")
        assert "certificate revoked" in a_ca.openssl.tried(*verify, a_ca.folder / "bad.pem")[1]
    assert [alert.about for alert in scene.ca.alerts() if alert.about == "crl"] == []
    scene.clock.forward(days=24)
    assert [alert.over for alert in scene.ca.alerts() if alert.about == "crl"] == [False]
    assert scene.lab.remind() >= 1


def test_a_service_that_was_started_anew_tells_the_same_states(a_ca: Judged) -> None:
    good, bad, held = (a_ca.issue(name) for name in ("good", "bad", "held"))
    a_ca.scene.ca.revoke(bad.number, reason="keyCompromise", password=CA_PASSWORD)
    a_ca.scene.ca.revoke(held.number, reason="certificateHold", password=CA_PASSWORD)
    again = Lab(a_ca.scene.path, clock=a_ca.scene.clock)
    unknown = ("-serial", good.number + 100)
    for url in (a_ca.url, None):
        with again.serve() as service:
            told = Judged(a_ca.scene, url or service.url, a_ca.folder, a_ca.openssl).ask(
                "good", "bad", "held", more=unknown
            )
        assert "Response verify OK" in told
        for line in ("good.pem: good", "bad.pem: revoked", "held.pem: revoked", f"{good.number + 100}: unknown"):
            assert line in told
        assert told.index("Reason: keyCompromise") < told.index("Reason: certificateHold")
    again.registry.close()


def test_openssl_ca_goes_on_with_the_number_file(a_ca: Judged) -> None:
    """The file is openssl's own: it signs the next list with the number in it, and moves it on."""
    scene, folder = a_ca.scene, a_ca.folder
    number = scene.directory / "MyCA.crlnumber"
    assert number.read_text() == "02\n"
    (folder / "index.txt").write_text("")
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca = x\n[x]\ndatabase = {folder}/index.txt\ncrlnumber = {number}\n"
        "default_md = sha256\ndefault_crl_days = 7\n"
    )
    key = scene.directory / "MyCA.key"
    a_ca.openssl(
        "ca", "-config", folder / "ca.cnf", "-gencrl", "-cert", a_ca.ca, "-keyfile", key, "-passin",
        f"pass:{CA_PASSWORD}", "-out", folder / "theirs.pem",
    )  # fmt: skip
    assert number.read_text() == "03\n"
    assert "crlNumber=0x02" in a_ca.openssl("crl", "-in", folder / "theirs.pem", "-noout", "-crlnumber")
    assert scene.ca.publish_crl(password=CA_PASSWORD).lists[0].number == 3


def test_an_adopted_certificate_is_asked_for_like_any_other(a_ca: Judged) -> None:
    """openssl issued it, as the owner of this CA did before pkilab came."""
    scene, folder = a_ca.scene, a_ca.folder
    (folder / "old.csr").write_text(csr.build(KEY, DN(common_name="old.lab.test"), []).pem)
    a_ca.openssl(
        "x509", "-req", "-in", folder / "old.csr", "-CA", a_ca.ca, "-CAkey", scene.directory / "MyCA.key", "-passin",
        f"pass:{CA_PASSWORD}", "-set_serial", "41", "-days", "9", "-out", folder / "old.pem",
    )  # fmt: skip
    assert "old.pem: unknown" in a_ca.ask("old")
    scene.ca.adopt(folder / "old.pem")
    assert "old.pem: good" in a_ca.ask("old")
    scene.ca.revoke(41, reason="cessationOfOperation", password=CA_PASSWORD)
    told = a_ca.ask("old")
    assert "old.pem: revoked" in told
    assert "Reason: cessationOfOperation" in told
    assert a_ca.issue("next").number == 42
