"""The first certificate is there at once, however the lab looks."""

from pathlib import Path

import pytest

from pkilab.course import first_certificate
from pkilab.errors import WrongPassword
from pkilab.lab import Lab
from tests.scene import CA_PASSWORD, Scene

SECRET = "correct horse of the lesson"


def test_it_gives_a_chain_of_two_and_leaves_what_a_client_would_have(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    leaf, root = first_certificate(lab, password=SECRET).certificates
    assert (leaf.ca, root.ca, leaf.issuer == root.subject) == (False, True, True)
    mgr = lab.instance("FirstClient").manager
    assert {path.name for path in mgr.glob("First*")} == {
        "FirstClient.key",
        "FirstClient.csr",
        "FirstClient.cer",
        "FirstCA.cer",
        "FirstCA-chain.cer",
    }


def test_asked_again_it_gives_the_same_and_needs_no_password_for_it(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    first = first_certificate(lab, password=SECRET)
    assert first_certificate(lab, password="another") == first


def test_it_works_beside_another_ca_that_is_the_main_one(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "lab")
    scene.configure(password=CA_PASSWORD)
    first_certificate(Lab(scene.path), password=SECRET)
    assert scene.ca.pending() == ()
    assert scene.lab.main_ca == "MyCA"


def test_it_works_after_the_ca_was_reinitialized(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "lab")
    before = first_certificate(lab, password=SECRET)
    lab.instance("FirstCA").server.reinitialize(confirmed=True)
    with pytest.raises(WrongPassword):
        first_certificate(lab, password="another")
    after = first_certificate(lab, password=SECRET)
    assert after.certificates[1] == before.certificates[1]
    assert after.certificates[0] != before.certificates[0]
