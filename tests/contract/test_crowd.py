"""300 clients submit while the service dies twice: what was acknowledged is there, and nothing is there twice."""

import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import crowd, service
from pkilab.lab import utc_now
from pkilab.model.names import RequestName
from pkilab.model.request import RequestState, Submission
from tests.scene import ANA, Scene, signing_request

CLIENTS = 300
SECONDS = 20.0


@pytest.mark.slow
def test_every_acknowledged_submission_is_there_exactly_once(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "lab")
    scene.clock.now = utc_now()
    scene.configure()
    requests = [signing_request(f"Host{at}") for at in range(CLIENTS)]
    contents = [
        (Submission(name=RequestName(f"host{at}", f"H{at}", f"Root{at}"), csr=content.pem, contact=ANA), content)
        for at, content in enumerate(requests)
    ]
    mails = len(scene.outbox())
    began = time.monotonic()
    with service.pkilab(scene.path) as server:
        seen = crowd.gather(server, contents, seconds=SECONDS, poll=3.0, restarts=2)
    assert time.monotonic() - began < 60
    assert len(seen.outages) == 2
    assert seen.polls >= CLIENTS  # each had an answer, however busy the machine is

    fingerprints = [content.fingerprint.sha256 for content in requests]
    assert sorted(seen.acknowledged) == sorted(fingerprints)
    assert all("successfully submitted" in text for text in seen.acknowledged.values())
    waiting = scene.ca.pending()
    assert Counter(request.fingerprint.sha256 for request in waiting) == Counter(fingerprints)
    assert {request.state for request in waiting} == {RequestState.PENDING}
    assert len({request.ticket for request in waiting}) == CLIENTS
    subjects = [mail.subject for mail in scene.outbox()[mails:]]
    assert sorted(subjects) == sorted(f"Request {each.id} for {each.root} waits at MyCA" for each in waiting)
