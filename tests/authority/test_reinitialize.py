"""Starting over: what goes, what stays, and the copy (S8)."""

import json

import pytest

from pkilab.errors import ConfirmationNeeded, NotConfigured
from tests.scene import CA_PASSWORD, Scene

EXISTING = {"password": None, "subject": None, "ca_days": None, "key_algorithm": None}


def test_it_asks_first_and_states_the_effects(configured: Scene) -> None:
    configured.issue(configured.submit("One"))
    configured.submit("Two")
    with pytest.raises(ConfirmationNeeded) as caught:
        configured.ca.reinitialize()
    assert "1 issued certificate and 1 pending request " in str(caught.value)
    assert configured.ca.configured


def test_records_go_files_stay_and_a_copy_without_secrets_is_kept(configured: Scene) -> None:
    issued = configured.issue(configured.submit("One"))
    pending = configured.submit("Two")
    before = {path.name: path.read_bytes() for path in configured.directory.glob("MyCA.[kcs]*")}
    done = configured.ca.reinitialize(confirmed=True)
    assert (done.requests, done.certificates) == (2, 1)
    assert not configured.ca.configured
    with pytest.raises(NotConfigured):
        configured.ca.pending()
    assert {path.name: path.read_bytes() for path in configured.directory.glob("MyCA.[kcs]*")} == before
    text = done.archive.read_text()
    content = json.loads(text)
    assert issued.pem in [row["der"] for row in content["certificates"]]
    assert pending.content.pem in [row["csr"] for row in content["requests"]]
    assert CA_PASSWORD not in text
    assert "PRIVATE KEY" not in text
    assert configured.ca.journal()[-1].act == "reinitialized"


def test_the_same_files_configured_again_never_repeat_a_number(configured: Scene) -> None:
    first = configured.issue(configured.submit("One"))
    certificate = configured.ca.ca_certificate()
    configured.ca.reinitialize(confirmed=True)
    done = configured.configure(existing=True, **EXISTING)
    assert done.existing
    assert done.fingerprint == certificate.fingerprint
    assert configured.issue(configured.submit("Two")).number == first.number + 1


def test_reinitializing_twice_keeps_both_copies(configured: Scene) -> None:
    first = configured.ca.reinitialize(confirmed=True)
    configured.configure(**EXISTING)
    configured.clock.forward(seconds=1)
    second = configured.ca.reinitialize(confirmed=True)
    assert first.archive.exists()
    assert second.archive.exists()
    assert first.archive != second.archive
