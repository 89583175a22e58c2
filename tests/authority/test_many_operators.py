"""Several processes issue from one CA, and processes are killed in the middle: nothing is lost, nothing comes twice."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pkilab.lab import utc_now
from pkilab.model.request import RequestState
from pkilab.model.usage import Usage
from pkilab.store import journal
from pkilab.store.serial import SerialFile
from tests.authority.operators import go, lay_key_open, start
from tests.scene import Scene, verified


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "lab")
    made.clock.now = utc_now()  # The other processes live in real time.
    yield made
    made.lab.registry.close()


def prepare(scene: Scene, count: int) -> None:
    for at in range(count):
        request = scene.submit(f"Host{at}")
        scene.ca.verify(request.id, usage=Usage.TLS, verified=verified(request))


def check(scene: Scene, count: int) -> list[int]:
    """Check that each request is pending, or issued with certificate, journal row and mail; return the numbers."""
    numbers = []
    entries = [entry for entry in scene.ca.journal() if entry.act == "issued"]
    mails = [message for message in scene.outbox() if "was issued as number" in message.subject]
    for request_id in range(1, count + 1):
        request = scene.ca.request(request_id)
        if request.state is RequestState.PENDING:
            assert request.number is None
            continue
        assert request.number is not None
        numbers.append(request.number)
        certificate = scene.ca.certificate(request.number)
        assert certificate.request_id == request_id
        assert certificate.certificate.serial == request.number
        assert [entry.facts["number"] for entry in entries if entry.facts["request"] == request_id] == [
            str(request.number)
        ]
        assert sum(f"number {request.number}\n" in f"{message.subject}\n" for message in mails) == 1
    assert len(set(numbers)) == len(numbers), "no number comes twice"
    assert len(entries) == len(mails) == scene.ca.certificates().total == len(numbers)
    assert journal.verify(scene.ca.journal()) == ()
    assert SerialFile(scene.directory / "MyCA.srl").last() >= max(numbers, default=0)
    return numbers


def test_eight_processes_issue_each_request_once_and_tell_the_others_who_did(scene: Scene) -> None:
    scene.configure()
    prepare(scene, 40)
    operators = [start(scene, "issuer", f"operator-{at}") for at in range(8)]
    for operator in operators:
        go(operator)
    lines = []
    for operator in operators:
        out, _ = operator.communicate(timeout=120)
        assert operator.returncode == 0
        lines += [line.split() for line in out.splitlines()]
    issued = {line[0]: line[2:] for line in lines if line[1] == "issued"}
    assert len(lines) == 8 * 40
    assert len(issued) == 40
    assert sum(line[1] == "issued" for line in lines) == 40
    assert all(issued[line[0]] == line[2:] for line in lines if line[1] == "told"), "the second is told who did it"
    assert sorted(check(scene, 40)) == list(range(1, 41))


@pytest.mark.slow
def test_a_process_killed_at_any_point_loses_nothing(scene: Scene) -> None:
    scene.configure()
    lay_key_open(scene)
    count = 120
    prepare(scene, count)
    chance = random.Random(20261123)
    issued: list[int] = []
    for _ in range(20):
        process = start(scene, "issuer", "victim")
        go(process)
        time.sleep(chance.uniform(0.0, 0.06))
        process.kill()
        process.communicate(timeout=30)
        issued = check(scene, count)
    assert 0 < len(issued) < count, "they were killed while there was work to do"
    survivor = start(scene, "issuer", "survivor")
    go(survivor)
    survivor.communicate(timeout=120)
    assert survivor.returncode == 0
    assert len(check(scene, count)) == count
