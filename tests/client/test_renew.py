"""Renewing from the client: what is in use stays in use until the new certificate is there (X3)."""

import subprocess
from pathlib import Path

import pytest

from pkilab.errors import (
    FileInUse,
    InvalidField,
    KeyMismatch,
    KeyMissing,
    NothingToRenew,
    PasswordRequired,
    PasswordsDiffer,
    RootNotRenewed,
    Unreachable,
    WrongPassword,
)
from pkilab.model.acts import Submitted
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.views import text
from pkilab.x509 import certificate as certificates
from pkilab.x509 import keys
from tests.client.conftest import Town

PASSWORD = "correct horse of the client"
NEW = "correct horse, a new one"
SANS = ("DNS:temuco.lab.test", "IP:192.0.2.7")


def got(town: Town, *, password: str | None = None) -> int:
    """Get a first certificate; its number."""
    town.client.submit(
        root="Web", subject=DN(country="CL", common_name="temuco.lab.test"), sans=SANS, key_algorithm="ec-p384",
        password=password,
    )  # fmt: skip
    number = issue(town)
    town.client.get(number)
    return number


def issue(town: Town) -> int:
    (request,) = town.scene.ca.pending()
    return town.scene.issue(request).number


def files(town: Town) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in town.client.directory.iterdir() if path.name.startswith("Web")}


def belongs(folder: Path, password: str | None = None) -> bool:
    """Whether certificate and key under the root are of one another, as the files say."""
    key = keys.load((folder / "Web.key").read_bytes(), password, path=folder / "Web.key")
    return keys.same_public_key(key, certificates.read((folder / "Web.cer").read_bytes(), path=folder / "Web.cer"))


def test_a_renewal_asks_for_the_same_with_a_new_key_and_takes_over_when_fetched(town: Town) -> None:
    first = got(town)
    before = files(town)
    sent = town.client.renew(root="Web")
    assert isinstance(sent, Submitted)
    assert "stay in use" in sent.message
    assert sent.key_path
    assert sent.key_path.name == "Web.renew.key"
    assert sent.csr_path.name == "Web.renew.csr"
    assert {name: content for name, content in files(town).items() if ".renew." not in name} == before
    (request,) = town.scene.ca.pending()
    assert request.renews == first
    assert set(request.names) == set(SANS)
    assert request.content.key.label == "ECDSA, P-384"
    second = issue(town)
    assert town.scene.ca.certificate(second).renews == first
    listed = town.client.certificates(mine=True)
    assert [row.status for row in listed.certificates] == [f"valid, renewed by {second}", f"valid, renews {first}"]
    assert f"certificate {second} renews it." in text.timeline(listed.certificates, now=town.scene.clock.now)
    saved = town.client.get(second)
    assert saved.key_path
    assert saved.key_path.name == "Web.key"
    after = files(town)
    assert {f"{name}.old": content for name, content in before.items()}.items() <= after.items()
    assert not [name for name in after if ".renew." in name]
    assert belongs(town.client.directory)
    assert town.client.get(second).unchanged
    assert town.client.renew(root="Web").content.subject_der == request.content.subject_der


def test_the_same_key_is_certified_again(town: Town) -> None:
    first = got(town, password=PASSWORD)
    key = files(town)["Web.key"]
    with pytest.raises(PasswordRequired):
        town.client.renew(root="Web", rekey=False)
    with pytest.raises(WrongPassword):
        town.client.renew(root="Web", rekey=False, password="wrong horse")
    sent = town.client.renew(root="Web", rekey=False, password=PASSWORD)
    assert sent.key_path == town.client.directory / "Web.key"
    (request,) = town.scene.ca.pending()
    assert request.renews == first
    assert request.content.key == town.scene.ca.certificate(first).certificate.key
    second = issue(town)
    town.client.get(second)
    assert files(town)["Web.key"] == key
    assert not [name for name in files(town) if ".renew." in name or name == "Web.key.old"]
    assert belongs(town.client.directory, PASSWORD)


def test_a_key_that_signs_the_same_to_the_same_octets_renews_again_and_again(town: Town) -> None:
    got(town)
    town.client.renew(root="Web", key_algorithm="ed25519")
    town.client.get(issue(town))
    for _ in range(2):
        sent = town.client.renew(root="Web", rekey=False)
        assert town.client.resubmit(root="Web").content == sent.content
        town.client.get(issue(town))
        assert belongs(town.client.directory)


def test_a_new_key_has_the_password_and_the_algorithm_that_were_asked_for(town: Town) -> None:
    got(town)
    with pytest.raises(PasswordsDiffer):
        town.client.renew(root="Web", password=NEW, confirmation="another horse")
    sent = town.client.renew(root="Web", password=NEW, confirmation=NEW, key_algorithm="ed25519")
    assert sent.content.key.label == "Ed25519"
    town.client.get(issue(town))
    assert belongs(town.client.directory, NEW)


def test_without_the_server_the_renewal_stays_and_is_sent_again(town: Town) -> None:
    got(town)
    town.service.stop()
    with pytest.raises(Unreachable) as refused:
        town.client.renew(root="Web")
    assert "resubmit" in refused.value.__notes__[0]
    kept = files(town)["Web.renew.csr"]
    town.service.start()
    town.client.configure(host="127.0.0.1", port=town.service.port, contact=town.client.settings.contact)
    sent = town.client.resubmit(root="Web")
    assert sent.content.pem.encode() == kept
    assert sent.csr_path.name == "Web.renew.csr"
    town.client.get(issue(town))
    assert belongs(town.client.directory)


def test_an_older_certificate_fetched_meanwhile_takes_nothing_over(town: Town) -> None:
    first = got(town)
    town.client.renew(root="Web")
    assert town.client.get(first).unchanged
    assert {"Web.renew.key", "Web.renew.csr"} <= files(town).keys()
    assert belongs(town.client.directory)


def test_something_newer_sent_under_the_root_puts_the_renewal_off(town: Town) -> None:
    got(town)
    town.client.renew(root="Web")
    sent = town.client.submit(root="Web", subject=DN(common_name="other"), key_algorithm="ec-p256")
    assert {"Web.renew.key.old", "Web.renew.csr.old"} <= {path.name for path in sent.set_aside}
    assert town.client.resubmit(root="Web").content == sent.content


def test_what_cannot_be_renewed_is_said(town: Town) -> None:
    with pytest.raises(NothingToRenew, match=r"no Web\.cer to renew"):
        town.client.renew(root="Web")
    with pytest.raises(InvalidField):
        town.client.renew(root="../Web")
    got(town)
    with pytest.raises(InvalidField, match="the key in use stays"):
        town.client.renew(root="Web", rekey=False, key_algorithm="ed25519")
    folder = town.client.directory
    (folder / "Web.key").write_bytes(keys.dump(keys.generate(KeyAlgorithm.EC_P384), None))
    with pytest.raises(KeyMismatch):
        town.client.renew(root="Web", rekey=False)
    (folder / "Web.key").unlink()
    with pytest.raises(KeyMissing):
        town.client.renew(root="Web", rekey=False)
    assert town.scene.ca.pending() == ()
    assert not [name for name in files(town) if ".renew." in name]


def test_a_root_that_is_here_to_be_trusted_is_not_renewed(town: Town) -> None:
    got = town.client.get_ca_certificate()
    before = files(town)
    with pytest.raises(RootNotRenewed, match=r"MyCA\.cer is a root certificate"):
        town.client.renew(root=got.path.stem)
    assert files(town) == before
    assert town.scene.ca.pending() == ()


def test_an_instances_own_ca_is_not_renewed_as_a_client(town: Town) -> None:
    own = town.scene.lab.instance("MyCA").client
    own.configure(host="127.0.0.1", port=town.service.port, contact=town.client.settings.contact)
    folder = own.directory
    (folder / "MyCA.cer").symlink_to(town.scene.directory / "MyCA.cer")
    with pytest.raises(FileInUse):
        own.renew(root="MyCA")


def test_openssl_reads_the_request_and_finds_the_same_names(town: Town) -> None:
    got(town)
    sent = town.client.renew(root="Web")
    done = subprocess.run(
        ["openssl", "req", "-in", sent.csr_path, "-noout", "-verify", "-text"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "verify OK" in done.stdout + done.stderr
    assert "DNS:temuco.lab.test" in done.stdout
    assert "C = CL, CN = temuco.lab.test" in done.stdout
