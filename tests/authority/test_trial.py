"""Signing a changed certificate for a lesson: the journal tells it, and nothing is issued."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509

from pkilab.errors import CannotDo, WrongPassword
from pkilab.explain import whatif
from tests.scene import CA_PASSWORD, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path / "lab")
    scene.configure()
    return scene


def test_a_changed_certificate_is_signed_and_issued_to_nobody(scene: Scene) -> None:
    issued = scene.issue(scene.submit()).certificate.certificate
    changed = whatif.changed(issued.der, "names")
    signed = scene.ca.sign_for_a_lesson(changed, password=CA_PASSWORD, by="olga")
    own = x509.load_der_x509_certificate(scene.ca.ca_certificate().certificate.der)
    x509.load_der_x509_certificate(signed).verify_directly_issued_by(own)
    last = scene.ca.journal()[-1]
    assert (last.act, last.by) == ("signed for a lesson", "olga")
    assert scene.ca.certificates().total == 1
    assert scene.ca.verify_journal().problems == ()
    assert scene.ca.verify_journal().unproven == ()


def test_what_cannot_be_signed_leaves_no_trace(scene: Scene) -> None:
    issued = scene.issue(scene.submit()).certificate.certificate
    entries = len(scene.ca.journal())
    with pytest.raises(WrongPassword):
        scene.ca.sign_for_a_lesson(issued.der, password="wrong horse")
    with pytest.raises(CannotDo):
        scene.ca.sign_for_a_lesson(b"\x30\x00", password=CA_PASSWORD)
    assert len(scene.ca.journal()) == entries
