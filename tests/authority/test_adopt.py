"""Moving in: what this CA issued elsewhere is recorded, so that lists, numbers and revocation go on."""

import json
from pathlib import Path

import pytest

from pkilab.errors import CertificateUnreadable, InvalidField, NotIssuedHere, NumberTaken
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.usage import Usage
from pkilab.store.serial import SerialFile
from pkilab.x509 import issue, keys
from tests.scene import CA_PASSWORD, Scene, signing_request


def elsewhere(scene: Scene, serial: int, name: str = "Old", usage: Usage = Usage.TLS) -> Certificate:
    """A certificate that the CA's key signed without pkilab's knowing."""
    path = scene.directory / "MyCA.key"
    key = keys.load(path.read_bytes(), CA_PASSWORD, path=path)
    made, _ = issue.leaf(
        signing_request(name),
        issuer=scene.ca.ca_certificate().certificate,
        issuer_key=key,
        serial=serial,
        usage=usage,
        path_length=None,
        days=100,
        now=scene.clock.now,
    )
    return made


def written(folder: Path, name: str, *certificates: Certificate) -> Path:
    path = folder / name
    path.write_text("".join(certificate.pem for certificate in certificates))
    return path


def test_what_was_issued_elsewhere_is_listed_counted_and_revocable(configured: Scene, tmp_path: Path) -> None:
    many = written(tmp_path, "Bundle.pem", elsewhere(configured, 7), elsewhere(configured, 5, usage=Usage.CODE_SIGNING))
    der = tmp_path / "Sub.der"
    der.write_bytes(elsewhere(configured, 9, "Sub", Usage.INTERMEDIATE).der)
    done = configured.ca.adopt(many, der, host="old.lab.test", origin="OLD")
    assert [(each.number, each.root, each.usage) for each in done.certificates] == [
        (5, "Bundle", Usage.CODE_SIGNING),
        (7, "Bundle", Usage.TLS),
        (9, "Sub", Usage.INTERMEDIATE),
    ]
    assert [row.number for row in configured.ca.listed(host="OLD.lab.test", instance="old")] == [5, 7, 9]
    assert "serial file was raised to 9" in done.message
    assert SerialFile(configured.directory / "MyCA.srl").last() == 9
    assert configured.issue(configured.submit()).number == 10
    revoked = configured.ca.revoke(7, reason="superseded", password=CA_PASSWORD)
    assert "No mail address of its contact is known" in revoked.message
    acts = [entry.facts["number"] for entry in configured.ca.journal() if entry.act == "adopted"]
    assert acts == ["5", "7", "9"]
    assert configured.ca.certificates(search="Sub").total == 1


def test_again_changes_nothing_and_says_so(configured: Scene, tmp_path: Path) -> None:
    path = written(tmp_path, "Old.cer", elsewhere(configured, 3))
    configured.ca.adopt(path)
    done = configured.ca.adopt(path)
    assert (done.certificates, done.known) == ((), (3,))
    assert "on record before" in done.message
    assert configured.ca.certificates().total == 1


def test_all_or_none(configured: Scene, tmp_path: Path) -> None:
    good = written(tmp_path, "Good.cer", elsewhere(configured, 3))
    own = written(tmp_path, "Own.cer", configured.ca.ca_certificate().certificate)
    key = keys.generate(KeyAlgorithm.EC_P256)
    same_name = DN(common_name="Training CA")
    foreign = issue.root(key, same_name, days=10, serial=4, now=configured.clock.now)
    alien = written(tmp_path, "Alien.cer", foreign)
    nothing = tmp_path / "Nothing.cer"
    nothing.write_text("nothing")
    for path, error in ((own, NotIssuedHere), (alien, NotIssuedHere), (nothing, CertificateUnreadable)):
        with pytest.raises(error):
            configured.ca.adopt(good, path)
        assert configured.ca.certificates().total == 0
        assert SerialFile(configured.directory / "MyCA.srl").last() == 0
    with pytest.raises(InvalidField, match="name the files"):
        configured.ca.adopt()


def test_a_number_that_another_certificate_has_is_refused(configured: Scene, tmp_path: Path) -> None:
    taken = configured.issue(configured.submit()).number
    with pytest.raises(NumberTaken):
        configured.ca.adopt(written(tmp_path, "Old.cer", elsewhere(configured, taken)))
    number = configured.ca.renew_responder(password=CA_PASSWORD).certificate.serial
    with pytest.raises(NumberTaken):
        configured.ca.adopt(written(tmp_path, "Old.cer", elsewhere(configured, number)))


def test_numbers_drawn_at_random_leave_the_counter_where_it_is(configured: Scene, tmp_path: Path) -> None:
    big = (1 << 126) + 5
    done = configured.ca.adopt(written(tmp_path, "odd name!.cer", elsewhere(configured, big)))
    assert done.certificates[0].root == "adopted"
    assert "raised" not in done.message
    assert configured.issue(configured.submit()).number == 1


def test_a_ca_with_random_numbers_needs_no_serial_file(scene: Scene, tmp_path: Path) -> None:
    scene.configure(serials="random")
    assert scene.ca.adopt(written(tmp_path, "Old.cer", elsewhere(scene, 3))).certificates[0].number == 3


def test_the_archive_of_starting_over_brings_all_back(configured: Scene, tmp_path: Path) -> None:
    """What reinitializing dropped can be taken up again from its copy."""
    configured.issue(configured.submit())
    archive = json.loads(configured.ca.reinitialize(confirmed=True).archive.read_text())
    configured.configure(password=None, subject=None, ca_days=None, key_algorithm=None)
    path = tmp_path / "SantiagoDev.pem"
    path.write_text(archive["certificates"][0]["der"])
    assert configured.ca.adopt(path).certificates[0].number == 1
    assert configured.issue(configured.submit()).number == 2
