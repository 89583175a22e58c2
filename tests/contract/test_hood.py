"""What stands under the hood does what it says: each text is run as it stands, and its result is that of the form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from pkilab import DN, Contact, Lab, Usage
from pkilab.model.acts import Submitted
from pkilab.model.request import Submission
from pkilab.model.san import AlternativeName
from pkilab.soap import operations
from pkilab.views import hood
from tests.contract.bench import KEY_PASSWORD, Bench, Origin, configure, content, fit_to_show, read, same_issuer
from tests.contract.commands import OpenSSL
from tests.scene import CA_PASSWORD, verified

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
