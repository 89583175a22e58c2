"""What stands under the hood does what it says: each text is run as it stands, and its result is that of the form."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from pkilab import DN, Contact, Lab, Usage
from pkilab.errors.visible import is_hidden
from pkilab.model.acts import Configured, Submitted
from pkilab.model.names import RequestName
from pkilab.model.request import Submission
from pkilab.model.san import AlternativeName
from pkilab.soap import operations
from pkilab.views import hood
from pkilab.views.hood import Hood
from tests.contract.commands import OpenSSL
from tests.contract.conftest import CA_PASSWORD
from tests.scene import verified

KEY_PASSWORD = "correct horse of a client with a “quote”, a $sign and a blank at its end "
EVIL = "x$(touch pwned)`touch pwned`\\ \"2\" '1' #n ;a=b,+c <b>Ü東\\"
HIDDEN = "Lab \u202eevil\u3164 $HOME\\"
SUBJECTS = {
    "plain": DN(country="CL", organization="Lab Santiago", common_name="Training CA"),
    "all": DN(
        country="BE", state="Brabant", locality="Leuven", organization="O", organizational_unit="U", common_name="N"
    ),
    "hostile": DN(organization=HIDDEN, common_name=EVIL),
    "dashes": DN(organization="-o", organizational_unit="--help", common_name="-"),
}
SANS = ("DNS:santiago.lab.test", "IP:10.0.0.7", "DNS:*.lab.test", "IP:fd00::7", "email:ana@lab.test",
        "URI:https://lab.test/a?b=$HOME&c='d'#e")  # fmt: skip
Loaded = x509.Certificate | x509.CertificateSigningRequest


@dataclass
class Bench:
    """A folder in which the texts are run, with a lab of its own and a password in its file."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def lab(self) -> Lab:
        return Lab(self.folder / "lab")

    def password(self, password: str) -> None:
        (self.folder / "password.txt").write_text(password + "\n")
        (self.folder / "password.txt").chmod(0o600)
        self.monkeypatch.setattr("getpass.getpass", lambda _: password)

    def python(self, text: str) -> dict[str, Any]:
        """Run Python as a cell does, and return what it made."""
        self.monkeypatch.setenv("PKILAB_HOME", str(self.folder / "lab"))
        self.monkeypatch.chdir(self.folder)
        made: dict[str, Any] = {}
        exec(compile(text, "<under the hood>", "exec"), made)  # noqa: S102 - that is what is tested
        return made

    def shell(self, text: str) -> str:
        """Run commands as a POSIX shell does, ending with the first that fails."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-euc", text],
            cwd=self.folder,
            env=os.environ | {"PATH": path, "PKILAB_HOME": str(self.folder / "lab"), "HOME": "/nowhere"},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, text + done.stdout + done.stderr
        assert not list(self.folder.rglob("pwned"))
        return done.stdout


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    (tmp_path / "bench").mkdir()
    return Bench(tmp_path / "bench", monkeypatch)


@pytest.fixture
def command(tool: Callable[[str], str]) -> OpenSSL:
    return OpenSSL(tool("openssl"))


@dataclass
class Origin:
    """A lab in which the acts are done first, whose hoods are then tried elsewhere."""

    lab: Lab
    port: int

    def client(self) -> Any:
        client = self.lab.instance("Santiago", node="santiago.lab.test").client
        ana = Contact("Ana “<Rojas>” $HOME `id` \\", phone="+56 2 5550 0142", email="ana@lab.test")
        client.configure(host="localhost", port=self.port, contact=ana)
        return client

    def submission(self, csr: str, root: str = "SantiagoDev") -> int:
        """Let a request wait at the CA, and return its number."""
        name = RequestName("santiago", "SANTIAGO", root)
        received: int = self.ca.submit(Submission(name=name, csr=csr, contact=Contact("Ana"))).request.id
        return received

    @property
    def ca(self) -> Any:
        return self.lab.instance("MyCA").server


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[Origin]:
    lab = Lab(tmp_path / "origin")
    configure(lab)
    with lab.serve() as service:
        yield Origin(lab, service.port)


def configure(lab: Lab, **changes: Any) -> Configured:
    wish = {"root": "MyCA", "directory": "ca", "password": CA_PASSWORD, "subject": DN(common_name="Training CA"),
            "ca_days": 3650, "issued_days": 365, "key_algorithm": "ec-p256"}  # fmt: skip
    return lab.instance("MyCA", node="ca.lab.test").server.configure(**wish | changes)  # type: ignore[arg-type]


def read(path: Path) -> Loaded:
    data = path.read_bytes()
    return x509.load_pem_x509_csr(data) if b"REQUEST" in data else x509.load_pem_x509_certificate(data)


def content(found: Loaded) -> dict[str, Any]:
    """What has to be the same: names byte for byte, extensions but for identifiers of keys, algorithms."""
    identifiers = (x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier)
    hash_ = found.signature_hash_algorithm
    key: Any = found.public_key()
    return {
        "subject": found.subject.public_bytes(),
        "extensions": {
            each.oid.dotted_string: (
                each.critical,
                None if isinstance(each.value, identifiers) else each.value.public_bytes(),
            )
            for each in found.extensions
        },
        "key": (type(key).__name__, getattr(key, "key_size", None)),
        "signature": (found.signature_algorithm_oid.dotted_string, hash_.name if hash_ else None),
    }


def same_issuer(made: x509.Certificate, issuer: x509.Certificate) -> None:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    named = made.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    assert named == x509.AuthorityKeyIdentifier(own, None, None)
    spki = made.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert spki == x509.SubjectKeyIdentifier.from_public_key(made.public_key())
    made.verify_directly_issued_by(issuer)


def fit_to_show(found: Hood) -> None:
    for way in found.ways:
        assert CA_PASSWORD not in way.text
        assert KEY_PASSWORD not in way.text
        assert "PRIVATE KEY-----" not in way.text
        assert way.label == "On the wire" or not any(map(is_hidden, way.text.replace("\n", "")))


# --- configuring a CA server -----------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
def test_a_new_ca_is_the_same_each_way(tmp_path: Path, bench: Bench, subject: DN, way: str) -> None:
    done = configure(Lab(tmp_path / "origin"), subject=subject)
    found = hood.configure(done, directory="ca")
    fit_to_show(found)
    bench.password(CA_PASSWORD)
    (bench.python if way == "Python" else bench.shell)(found[way])
    folder = bench.folder if way == "openssl" else bench.folder / "lab/instances/MyCA/mgr/ca"
    made, original = read(folder / "MyCA.cer"), read(done.certificate_path)
    assert content(made) == content(original)
    assert made.subject.rfc4514_string() == original.subject.rfc4514_string()
    assert isinstance(made, x509.Certificate)
    same_issuer(made, made)
    assert (made.not_valid_after_utc - made.not_valid_before_utc).days == 3650
    assert (folder / "MyCA.srl").read_text() == "00\n"
    key = load_pem_private_key((folder / "MyCA.key").read_bytes(), CA_PASSWORD.encode())
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert key.public_key().public_bytes(*spki) == made.public_key().public_bytes(*spki)
    assert (folder / "MyCA.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("algorithm", ["rsa-2048", "rsa-3072", "ec-p384", "ec-p521", "ed25519"])
def test_every_key_algorithm_is_made_by_openssl_too(tmp_path: Path, bench: Bench, algorithm: str) -> None:
    done = configure(Lab(tmp_path / "origin"), key_algorithm=algorithm)
    bench.password(CA_PASSWORD)
    bench.shell(hood.configure(done)["openssl"])
    assert content(read(bench.folder / "MyCA.cer")) == content(read(done.certificate_path))


def test_the_key_of_openssl_is_kept_as_pkilab_keeps_its_own(tmp_path: Path, bench: Bench, command: OpenSSL) -> None:
    done = configure(Lab(tmp_path / "origin"))
    bench.password(CA_PASSWORD)
    bench.shell(hood.configure(done)["openssl"])
    parsed = [command("asn1parse", "-in", path) for path in (bench.folder / "MyCA.key", done.key_path)]
    for told in ("PBES2", "PBKDF2", "0927C0", "hmacWithSHA256", "aes-256-cbc"):
        assert all(told in text for text in parsed)


def test_ml_dsa_is_made_by_python_and_said_to_be_beyond_openssl(tmp_path: Path, bench: Bench) -> None:
    done = configure(Lab(tmp_path / "origin"), key_algorithm="ml-dsa-44")
    found = hood.configure(done, directory="ca")
    assert found["openssl"].startswith("# OpenSSL 3.0 can neither make nor read keys of ML-DSA-44")
    assert found["openssl"].count("\n") == 1
    bench.password(CA_PASSWORD)
    made = bench.python(found["Python"])["done"]
    assert made.certificate.key.label == done.certificate.key.label


@pytest.mark.parametrize("way", ["Python", "pkilab"])
def test_all_settings_of_a_ca_are_told(tmp_path: Path, bench: Bench, way: str) -> None:
    trust = tmp_path / "it's a trust.pem"
    trust.write_text("trusted")
    done = configure(
        Lab(tmp_path / "origin"), serials="random", admin_email="eva@lab.test", smtp_host="mail.lab.test",
        smtp_port=587, smtp_username="eva $HOME", smtp_password=CA_PASSWORD, smtp_security="starttls", smtp_trust=trust,
        public_url="http://ca.lab.test:8080", issued_days=30,
    )  # fmt: skip
    found = hood.configure(done, directory="ca", smtp_password=True)
    fit_to_show(found)
    bench.password(CA_PASSWORD)
    (bench.folder / "password-smtp.txt").write_text(CA_PASSWORD + "\n")
    (bench.python if way == "Python" else bench.shell)(found[way])
    made = bench.lab.instance("MyCA").server.settings
    assert replace(made, directory="", configured_at=done.settings.configured_at) == replace(
        done.settings, directory=""
    )
    assert (bench.folder / "lab/instances/MyCA/mgr/smtp-password").exists()


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
@pytest.mark.parametrize("encrypted", [True, False], ids=["encrypted", "open"])
def test_an_existing_ca_is_taken_over_each_way(
    tmp_path: Path, bench: Bench, command: OpenSSL, way: str, *, encrypted: bool
) -> None:
    ca = tmp_path / "their ca"
    ca.mkdir()
    bench.password(CA_PASSWORD)
    command("req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", ca / "MyCA.key", "-subj", "/CN=Theirs",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-days", "30", "-out", ca / "MyCA.cer")  # fmt: skip
    if encrypted:
        password = f"file:{bench.folder / 'password.txt'}"
        command("pkcs8", "-topk8", "-in", ca / "MyCA.key", "-passout", password, "-out", ca / "new.key")
        (ca / "new.key").rename(ca / "MyCA.key")
    server = Lab(tmp_path / "origin").instance("MyCA", node="ca.lab.test").server
    done = server.configure(root="MyCA", directory=ca, issued_days=30, last_serial=0x1FE)
    assert (ca / "MyCA.srl").read_text() == "01FE\n"
    (ca / "MyCA.srl").unlink()
    found = hood.configure(done, last_serial=0x1FE, key_encrypted=encrypted)
    if way == "openssl":
        # The file of the password is the operator's own, and named from where the commands begin.
        (ca / "password.txt").write_text(CA_PASSWORD + "\n")
        assert "They belong together." in bench.shell(found[way])
        (ca / "password.txt").unlink()
    else:
        (bench.python if way == "Python" else bench.shell)(found[way])
        assert bench.lab.instance("MyCA").server.ca_certificate().fingerprint == done.fingerprint
    assert (ca / "MyCA.srl").read_text() == "01FE\n"


# --- submitting ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
@pytest.mark.parametrize(("name", "password"), [("hostile", KEY_PASSWORD), ("dashes", None)], ids=["password", "open"])
def test_a_request_is_the_same_each_way(
    origin: Origin, bench: Bench, name: str, password: str | None, way: str
) -> None:
    done = origin.client().submit(
        root="SantiagoDev", subject=SUBJECTS[name], sans=SANS, password=password, key_algorithm="ec-p256"
    )
    found = hood.submit(done, password=bool(password))
    fit_to_show(found)
    bench.password(password or CA_PASSWORD)
    Origin(bench.lab, origin.port).client()
    told = (bench.python if way == "Python" else bench.shell)(found[way])
    folder = bench.folder if way == "openssl" else bench.folder / "lab/instances/Santiago/mgr"
    assert content(read(folder / "SantiagoDev.csr")) == content(read(done.csr_path))
    load_pem_private_key((folder / "SantiagoDev.key").read_bytes(), password.encode() if password else None)
    (first, second) = origin.ca.pending()
    assert (second.name, second.contact, second.claimed_subject) == (first.name, first.contact, first.claimed_subject)
    assert second.content.subject == first.content.subject
    assert second.names == first.names == tuple(str(AlternativeName.parse(text)) for text in SANS)
    if way == "openssl":
        assert second.fingerprint.sha256.lower() in told
        assert "successfully submitted" in told


@pytest.mark.parametrize("algorithm", ["rsa-2048", "ec-p521", "ed25519", "ml-dsa-65"])
@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
def test_a_request_has_the_same_key_each_way(origin: Origin, bench: Bench, algorithm: str, way: str) -> None:
    subject = DN(common_name="santiago.lab.test")
    done = origin.client().submit(root="SantiagoDev", subject=subject, key_algorithm=algorithm)
    found = hood.submit(done, password=False)
    if algorithm.startswith("ml-dsa") and way == "openssl":
        assert found[way] == (
            "# OpenSSL 3.0 can neither make nor read keys of ML-DSA-65; OpenSSL 3.5 is the first that can.\n"
        )
        return
    Origin(bench.lab, origin.port).client()
    (bench.python if way == "Python" else bench.shell)(found[way])
    first, second = origin.ca.pending()
    assert first.content.key.label == second.content.key.label
    assert (first.names, first.content.extensions) == (second.names, second.content.extensions) == ((), ())
    assert first.content.signature_algorithm == second.content.signature_algorithm


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
def test_a_request_of_another_tool_is_sent_each_way(
    origin: Origin, bench: Bench, command: OpenSSL, tmp_path: Path, way: str
) -> None:
    theirs = tmp_path / "theirs.csr"
    command("req", "-new", "-newkey", "ed25519", "-noenc", "-keyout", tmp_path / "k", "-subj", "/CN=x", "-out", theirs)
    done = origin.client().submit(root="SantiagoDev", csr=theirs.read_bytes())
    origin.ca.delete(origin.ca.pending()[0].id, confirmed=True)
    found = hood.submit(done, password=False, foreign=True)
    (bench.folder / "SantiagoDev.csr").write_bytes(theirs.read_bytes())
    Origin(bench.lab, origin.port).client()
    (bench.python if way == "Python" else bench.shell)(found[way])
    (waiting,) = origin.ca.pending()
    assert waiting.fingerprint == done.fingerprint
    assert waiting.name == done.name


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
def test_a_request_is_sent_again_each_way(origin: Origin, bench: Bench, way: str) -> None:
    client = origin.client()
    client.submit(root="SantiagoDev", subject=DN(common_name="x"))
    done: Submitted = client.resubmit(root="SantiagoDev")
    origin.ca.delete(origin.ca.pending()[0].id, confirmed=True)
    Origin(bench.lab, origin.port).client()
    for folder in (bench.folder, bench.folder / "lab/instances/Santiago/mgr"):
        (folder / "SantiagoDev.csr").write_bytes(done.csr_path.read_bytes())
    (bench.python if way == "Python" else bench.shell)(hood.resubmit(done)[way])
    (waiting,) = origin.ca.pending()
    assert waiting.fingerprint == done.fingerprint


def test_what_went_over_the_wire_is_the_message_and_its_answer(origin: Origin) -> None:
    done = origin.client().submit(root="SantiagoDev", subject=DN(common_name="x"))
    shown = hood.submit(done, password=False)["On the wire"]
    assert f"POST http://localhost:{origin.port}/isc/pki/PKI.CAServer.cls\n" in shown
    assert 'SOAPAction: "http://pki.intersystems.com/PKI.CAServer.SubmitCSR"\n' in shown
    head, _, tail = shown.partition("\n\n")[2].partition("\n\nHTTP status 200\n\n")
    asked = operations.decode(head.encode())
    assert isinstance(asked, Submission)
    assert asked.name == done.name
    assert asked.csr.strip() == done.content.pem.strip()
    assert f"<SubmitCSRResult>{done.answer}</SubmitCSRResult>" in tail


# --- issuing ---------------------------------------------------------------------------------------------------


def foreign(command: OpenSSL, folder: Path, names: str = "", *, subject: str = "/CN=x") -> str:
    """A CSR of `openssl`, in PEM, that asks for alternative names and for more than it will get."""
    wanted = [f"subjectAltName={names}"] if names else []
    asked = [
        word for value in (*wanted, "keyUsage=keyCertSign", "basicConstraints=CA:TRUE") for word in ("-addext", value)
    ]
    command("req", "-new", "-newkey", "rsa:2048", "-noenc", "-keyout", folder / "k", "-subj", subject, "-utf8",
            "-multivalue-rdn", *asked, "-out", folder / "theirs.csr")  # fmt: skip
    return (folder / "theirs.csr").read_text()


NAMES = {
    "names": ("/C=CL/O=Läb/CN=santiago.lab.test", "DNS:santiago.lab.test,IP:10.0.0.7,email:a@lab.test"),
    "common name": ("/CN=santiago.lab.test", ""),
    "none": ("/CN=Ana Rojas", ""),
    "no subject": ("/", "DNS:santiago.lab.test"),
    "rare": ("/CN=a+OU=b/emailAddress=a@lab.test", "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:ana@lab.test,DNS:a.lab.test"),
}
USES = {
    "tls": (Usage.TLS, None),
    "intermediate": (Usage.INTERMEDIATE, 0),
    "deep intermediate": (Usage.INTERMEDIATE, 3),
    "code signing": (Usage.CODE_SIGNING, None),
}
ISSUED = [(use, names) for use in USES for names in NAMES if names == "names" or use == "tls"]


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
@pytest.mark.parametrize(("use", "names"), ISSUED)
def test_a_certificate_is_the_same_each_way(  # noqa: PLR0917 - a row of the table above
    tmp_path: Path, bench: Bench, command: OpenSSL, use: str, names: str, way: str
) -> None:
    subject, wanted = NAMES[names]
    asked = foreign(command, tmp_path, wanted, subject=subject)
    origin, usage, length = Origin(Lab(tmp_path / "origin"), 0), *USES[use]
    done = configure(origin.lab, public_url="http://ca.lab.test:8080")
    waiting = origin.ca.request(origin.submission(asked))
    issued = origin.ca.issue(
        waiting.id, usage=usage, path_length=length, verified=verified(waiting), password=CA_PASSWORD
    ).certificate
    found = hood.issue(
        [(origin.ca.request(waiting.id), issued)],
        settings=origin.ca.settings,
        issuer=done.certificate,
        asked_for=operations.encode_get(issued.number),
    )
    fit_to_show(found)
    bench.password(CA_PASSWORD)
    original = x509.load_pem_x509_certificate(issued.pem.encode())
    if way == "openssl":
        before = (done.certificate_path.with_suffix(".srl")).read_text()
        bench.shell(found[way])
        made = read(bench.folder / "SantiagoDev.cer")
        assert made.serial_number == int(before, 16) + 1  # type: ignore[union-attr]
    else:
        configure(bench.lab, public_url="http://ca.lab.test:8080")
        there = Origin(bench.lab, 0)
        assert there.submission(asked) == waiting.id
        (bench.python if way == "Python" else bench.shell)(found[way])
        made = x509.load_pem_x509_certificate(there.ca.certificate(1).pem.encode())
        assert there.ca.request(waiting.id).verification.usage is usage
    assert content(made) == content(original)
    issuer = done.certificate.pem if way == "openssl" else bench.lab.instance("MyCA").server.ca_certificate().pem
    assert isinstance(made, x509.Certificate)
    same_issuer(made, x509.load_pem_x509_certificate(issuer.encode()))
    assert "<number>1</number>" in found["On the wire"]


@pytest.mark.parametrize("algorithm", ["rsa-2048", "ec-p384", "ec-p521", "ed25519"])
def test_openssl_signs_with_the_hash_that_pkilab_takes(
    tmp_path: Path, bench: Bench, command: OpenSSL, algorithm: str
) -> None:
    origin = Origin(Lab(tmp_path / "origin"), 0)
    done = configure(origin.lab, key_algorithm=algorithm, serials="random", ca_days=30)
    waiting = origin.ca.request(origin.submission(foreign(command, tmp_path)))
    issued = origin.ca.issue(waiting.id, usage=Usage.TLS, verified=verified(waiting), password=CA_PASSWORD).certificate
    assert issued.shortened
    pair = (origin.ca.request(waiting.id), issued)
    bench.password(CA_PASSWORD)
    bench.shell(hood.issue([pair], settings=origin.ca.settings, issuer=done.certificate)["openssl"])
    made = read(bench.folder / "SantiagoDev.cer")
    assert content(made) == content(x509.load_pem_x509_certificate(issued.pem.encode()))
    assert isinstance(made, x509.Certificate)
    assert made.not_valid_after_utc <= done.certificate.not_after
    assert made.serial_number.bit_length() > 64


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
def test_several_are_issued_together_each_way(tmp_path: Path, bench: Bench, command: OpenSSL, way: str) -> None:
    origin = Origin(Lab(tmp_path / "origin"), 0)
    done = configure(origin.lab)
    asked = {root: foreign(command, tmp_path, f"DNS:{root.lower()}.lab.test") for root in ("Quito", "Lima")}
    uses = dict(zip(asked, (USES["tls"], USES["deep intermediate"]), strict=True))
    ids = {root: origin.submission(csr, root) for root, csr in asked.items()}
    for root, id_ in ids.items():
        usage, length = uses[root]
        origin.ca.verify(id_, usage=usage, path_length=length, verified=verified(origin.ca.request(id_)))
    batch = origin.ca.issue_many(list(ids.values()), password=CA_PASSWORD)
    pairs = [(origin.ca.request(one.certificate.request_id), one.certificate) for one in batch.issued]
    found = hood.issue(pairs, settings=origin.ca.settings, issuer=done.certificate)
    fit_to_show(found)
    bench.password(CA_PASSWORD)
    there = Origin(bench.lab, 0)
    if way != "openssl":
        configure(bench.lab)
        assert [there.submission(csr, root) for root, csr in asked.items()] == list(ids.values())
    (bench.python if way == "Python" else bench.shell)(found[way])
    for number, root in enumerate(asked, start=1):
        original = x509.load_pem_x509_certificate(origin.ca.certificate(number).pem.encode())
        if way == "openssl":
            made = read(bench.folder / f"{root}.cer")
        else:
            made = x509.load_pem_x509_certificate(there.ca.certificate(number).pem.encode())
        assert content(made) == content(original)


def test_of_many_only_some_are_written_out_and_a_hostile_root_is_no_file(
    tmp_path: Path, bench: Bench, command: OpenSSL
) -> None:
    origin = Origin(Lab(tmp_path / "origin"), 0)
    done = configure(origin.lab)
    roots = ["$(touch pwned)", "Same", "Same", *(f"Root{number}" for number in range(4))]
    for root in roots:
        asked = foreign(command, tmp_path, f"DNS:{root.strip('$() ').replace(' ', '-')}.lab.test")
        id_ = origin.submission(asked, root)
        origin.ca.verify(id_, usage=Usage.TLS, verified=verified(origin.ca.request(id_)))
    batch = origin.ca.issue_many(list(range(1, 8)), password=CA_PASSWORD)
    pairs = [(origin.ca.request(one.certificate.request_id), one.certificate) for one in batch.issued]
    found = hood.issue(pairs, settings=origin.ca.settings, issuer=done.certificate)
    assert found["Python"].count("ca.verify(") == found["pkilab"].count("server verify") == 5
    assert "[1, 2, 3, 4, 5, 6, 7]" in found["Python"]
    assert "server issue 1 2 3 4 5 6 7 " in found["pkilab"]
    assert "# Each of 2 more is certified in the same way." in found["openssl"]
    bench.password(CA_PASSWORD)
    bench.shell(found["openssl"])
    made = sorted(path.stem for path in bench.folder.glob("*.cer"))
    assert made == ["Root0", "Root1", "request-1", "request-2", "request-3"]


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
@pytest.mark.parametrize("reason", ["", "-- `touch pwned` \u202e"], ids=["no reason", "hostile"])
def test_deleting_and_starting_over_are_the_same_each_way(
    tmp_path: Path, bench: Bench, command: OpenSSL, way: str, reason: str
) -> None:
    asked = foreign(command, tmp_path)
    origin, there = Origin(Lab(tmp_path / "origin"), 0), Origin(bench.lab, 0)
    for one in (origin, there):
        configure(one.lab)
        assert one.submission(asked) == 1
    run = bench.python if way == "Python" else bench.shell
    deleted = hood.delete(origin.ca.delete(1, confirmed=True, reason=reason))
    over = hood.reinitialize(origin.ca.reinitialize(confirmed=True))
    fit_to_show(deleted)
    run(deleted[way])
    if way == "openssl":
        assert there.ca.request(1).state == "pending"
        return
    assert (there.ca.request(1).state, there.ca.request(1).reason) == ("deleted", reason)
    run(over[way])
    assert not there.ca.configured


# --- clients ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["Python", "pkilab"])
@pytest.mark.parametrize("https", [False, True])
def test_a_client_is_configured_each_way(
    origin: Origin, bench: Bench, tmp_path: Path, way: str, *, https: bool
) -> None:
    trust = tmp_path / "the trust.pem"
    trust.write_bytes(origin.ca.ca_certificate().pem.encode())
    wish: Any = {"https": True, "trust": trust, "path": "/MyCA/isc/pki/PKI.CAServer.cls"} if https else {}
    contact = Contact("-Ana `id` \u202e", email="ana@lab.test")
    done = origin.lab.instance("Santiago").client.configure(host="::1", port=origin.port, contact=contact, **wish)
    found = hood.configure_client(done, instance="Santiago", node="santiago.lab.test")
    (bench.python if way == "Python" else bench.shell)(found[way])
    made = bench.lab.instance("Santiago")
    assert made.client.settings == done.settings
    assert made.node == "santiago.lab.test"


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
def test_a_certificate_is_fetched_each_way(origin: Origin, bench: Bench, way: str) -> None:
    client = origin.client()
    client.submit(root="SantiagoDev", subject=DN(common_name="santiago.lab.test"))
    (waiting,) = origin.ca.pending()
    origin.ca.issue(waiting.id, usage=Usage.TLS, verified=verified(waiting), password=CA_PASSWORD)
    Origin(bench.lab, origin.port).client()
    for saved in (client.get(1, root="Other"), client.get_ca_certificate()):
        found = hood.get(saved, instance="Santiago", renamed=saved.number == 1)
        (bench.python if way == "Python" else bench.shell)(found[way])
        folder = bench.folder if way == "openssl" else bench.folder / "lab/instances/Santiago/mgr"
        assert read(folder / saved.path.name) == read(saved.path)
        assert f"<number>{saved.number}</number>" in found["On the wire"]
        assert saved.certificate.pem.splitlines()[3] in found["On the wire"]
        if saved.chain_path:
            assert (folder / saved.chain_path.name).read_text() == saved.chain_path.read_text()


def test_the_certificate_of_a_server_is_looked_at_by_openssl(tmp_path: Path, bench: Bench) -> None:
    lab = Lab(tmp_path / "origin")
    configure(lab)
    with lab.serve(tls=lab.tls_quickstart()) as service:
        client = lab.instance("Santiago").client
        shown = client.look_at_certificate("localhost", service.port)
        done = client.configure(
            host="localhost", port=service.port, https=True, contact=Contact("Ana"),
            trust_fingerprint=shown.fingerprint.sha256,
        )  # fmt: skip
        found = hood.configure_client(done, instance="Santiago")
        assert shown.fingerprint.sha256 in bench.shell(found["openssl"])
        bench.shell(found["pkilab"])
        assert bench.lab.instance("Santiago").client.settings.trust_fingerprint == shown.fingerprint.sha256
        sent = client.submit(root="SantiagoDev", subject=DN(common_name="x"))
        assert "successfully submitted" in bench.shell(
            hood.submit(sent, password=False, trust=client.settings.trust)["openssl"]
        )
