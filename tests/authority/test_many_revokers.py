"""Several processes revoke at one CA, and processes are killed in the middle: lists and registry agree always."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from pkilab.lab import utc_now
from pkilab.model.certificate import CertificateState
from pkilab.store.crlnumber import CrlNumberFile
from tests.authority.operators import go, lay_key_open, start
from tests.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "lab")
    made.clock.now = utc_now()  # The other processes live in real time.
    made.configure()
    lay_key_open(made)
    for at in range(20):
        made.issue(made.submit(f"Host{at}"))
    yield made
    made.lab.registry.close()


def check(scene: Scene) -> set[int]:
    """Check that the list names what the registry and the journal do; return the numbers."""
    scene.clock.now = utc_now()
    everything = scene.ca.certificates(limit=100).certificates
    revoked = {each.number for each in everything if each.state is CertificateState.REVOKED}
    if revoked:
        current = scene.ca.crl()
        assert {entry.serial_number for entry in x509.load_der_x509_crl(current.der)} == revoked
        following = CrlNumberFile(scene.directory / "MyCA.crlnumber").next()
        assert following
        assert current.number < following
    told = [int(str(entry.facts["number"])) for entry in scene.ca.journal() if entry.act == "revoked"]
    assert sorted(told) == sorted(revoked)
    mails = [mail for mail in scene.outbox() if "was revoked" in mail.subject]
    assert len(mails) == len(revoked)
    lists = [int(str(entry.facts["crl"])) for entry in scene.ca.journal() if entry.act == "revoked"]
    assert lists == sorted(set(lists)), "a list's number came twice, or went back"
    return revoked


def test_two_operators_revoke_each_certificate_once(scene: Scene) -> None:
    operators = [start(scene, "revoker", name) for name in ("opal", "beryl")]
    for operator in operators:
        go(operator)
    said = [operator.communicate(timeout=120)[0].splitlines() for operator in operators]
    assert check(scene) == set(range(1, 21))
    done = [line for lines in said for line in lines if " revoked " in line]
    assert len(done) == 20
    assert sum(len(lines) for lines in said) == 40
    assert scene.ca.verify_journal().problems == ()


def test_a_kill_between_number_and_list_skips_the_number_and_revokes_nothing(scene: Scene) -> None:
    doomed = start(scene, "revoker", "opal", "die")
    go(doomed)
    assert doomed.communicate(timeout=60)[0] == ""
    assert doomed.returncode == -9
    assert check(scene) == set()
    assert CrlNumberFile(scene.directory / "MyCA.crlnumber").next() == 2
    assert scene.ca.revoke(1, reason="superseded").lists[0].number == 2
    assert check(scene) == {1}


def test_kills_at_any_moment_leave_list_registry_journal_and_mail_agreed(scene: Scene) -> None:
    for after in (0.03, 0.06, 0.1, 0.02, 0.15):
        doomed = start(scene, "revoker", "opal")
        go(doomed)
        time.sleep(after)
        doomed.kill()
        doomed.communicate(timeout=60)
        check(scene)
    last = start(scene, "revoker", "beryl")
    go(last)
    last.communicate(timeout=120)
    assert check(scene) == set(range(1, 21))
