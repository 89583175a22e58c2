"""`pkilab serve` reminds of what expires, publishes what it is given, and goes on after a restart."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from pkilab.lab import Lab
from tests.cli.shell import PASSWORD, Serving, Shell
from tests.cli.test_revoke import issue


def until(found: Callable[[], bool]) -> bool:
    end = time.monotonic() + 30
    while not found():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def soon(shell: Shell) -> Shell:
    """A CA whose certificates live for five days."""
    shell.ok(
        *("--instance", "MyCA", "server", "configure", "--root", "MyCA", "--dir", "ca", "--cn", "Training CA"),
        *("--ca-days", "3650", "--issued-days", "5", "--key-algorithm", "ec-p256"),
        password=PASSWORD,
    )
    return shell


def reminders(lab: Path) -> list[str]:
    return [waiting.message.subject for waiting in Lab(lab).outbox() if "expires in" in waiting.message.subject]


def test_the_service_reminds_once_also_over_a_restart(soon: Shell) -> None:
    issue(soon)
    for _ in range(2):
        with Serving(soon.lab):
            assert until(lambda: bool(reminders(soon.lab)))
        assert len(reminders(soon.lab)) == 1
    assert reminders(soon.lab)[0].startswith("Your certificate SantiagoDev, number 1, expires in 5 days")


def test_what_is_revoked_while_it_serves_and_restarts_is_told_at_once(soon: Shell) -> None:
    number = issue(soon)
    with Serving(soon.lab) as serving:
        url = f"http://127.0.0.1:{serving.port}"
        assert httpx.get(f"{url}/MyCA/crl", trust_env=False).status_code == 404
        soon.ok("server", "revoke", str(number), "--reason", "keyCompromise", password=PASSWORD)
        first = httpx.get(f"{url}/MyCA/crl", trust_env=False).content
        assert [entry.serial_number for entry in x509.load_der_x509_crl(first)] == [number]
    with Serving(soon.lab) as serving:
        url = f"http://127.0.0.1:{serving.port}"
        assert httpx.get(f"{url}/MyCA/crl", trust_env=False).content == first
