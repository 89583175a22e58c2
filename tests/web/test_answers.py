"""Answers that are given again while nothing was written, and never longer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from cryptography.x509 import ocsp
from cryptography.x509.ocsp import OCSPCertStatus

from pkilab.authority.answering import OcspAnswer
from pkilab.lab import Lab
from pkilab.web.answers import Answers
from pkilab.x509 import keys
from pkilab.x509 import ocsp as x509_ocsp
from tests.scene import CA_PASSWORD, Scene
from tests.web.octets import question, settle


class Counting:
    """Asks a CA through what keeps answers, and counts how often one was signed."""

    def __init__(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        self.answers = Answers(lambda _name: scene.ca)
        original = x509_ocsp.answer

        def counted(*arguments: Any, **named: Any) -> bytes:
            self.asked += 1
            return original(*arguments, **named)

        monkeypatch.setattr(x509_ocsp, "answer", counted)

    def __call__(self, body: bytes) -> OcspAnswer:
        return asyncio.run(self.answers.to("MyCA", body)).answer


@pytest.fixture
def ask(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Counting:
    return Counting(scene, monkeypatch)


def state(answer: OcspAnswer) -> OCSPCertStatus:
    return ocsp.load_der_ocsp_response(answer.der).certificate_status


def test_the_same_question_is_signed_once(scene: Scene, ask: Counting) -> None:
    settle()
    body = question(scene)
    assert ask(body) is ask(body)
    assert ask.asked == 1


def test_a_revocation_is_told_at_once_by_whichever_process(scene: Scene, ask: Counting) -> None:
    settle()
    body = question(scene)
    assert state(ask(body)) is OCSPCertStatus.GOOD
    other = Lab(scene.path, clock=scene.clock).instance("MyCA").server
    other.revoke(1, reason="certificateHold", password=CA_PASSWORD)
    assert state(ask(body)) is OCSPCertStatus.REVOKED  # also while the files' times are not settled
    settle()
    assert state(ask(body)) is OCSPCertStatus.REVOKED
    other.lift(1, password=CA_PASSWORD)
    assert state(ask(body)) is OCSPCertStatus.GOOD


def test_no_write_is_overlooked_however_quickly_it_follows(scene: Scene, ask: Counting) -> None:
    body = question(scene)
    path = scene.directory / "MyCA.key"  # opening it would take longer than the times are coarse
    path.write_bytes(keys.dump(keys.load(path.read_bytes(), CA_PASSWORD, path=path), None))
    for _ in range(15):
        scene.ca.revoke(1, reason="certificateHold")
        assert state(ask(body)) is OCSPCertStatus.REVOKED
        scene.ca.lift(1)
        assert state(ask(body)) is OCSPCertStatus.GOOD


def test_it_is_given_again_for_a_minute_of_the_labs_clock(scene: Scene, ask: Counting) -> None:
    settle()
    body = question(scene)
    first = ask(body)
    scene.clock.forward(seconds=59)
    assert ask(body) is first
    scene.clock.forward(seconds=1)
    assert ask(body).at == scene.clock.now
    scene.clock.forward(seconds=-30)
    assert ask(body).at == scene.clock.now
    assert ask.asked == 3


def test_never_longer_than_the_responder_is_valid(scene: Scene, ask: Counting) -> None:
    settle()
    scene.clock.forward(days=29, hours=23, minutes=59, seconds=30)
    assert ask(question(scene)).outcome == "ok"
    scene.clock.forward(seconds=30)
    assert ask(question(scene)).outcome == "tryLater"


def test_what_nobody_may_keep_is_not_kept(scene: Scene, ask: Counting) -> None:
    settle()
    body = question(scene, nonce=True)
    assert ask(body) is not ask(body)
    assert ask(b"x") is not ask(b"x")


def test_what_is_kept_is_bounded(scene: Scene, ask: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pkilab.web.answers.MOST", 1)
    settle()
    body = question(scene)
    first = ask(body)
    ask(body[:-1] + bytes([9]))
    assert ask(body) is not first


def test_a_registry_that_cannot_tell_keeps_nothing(
    scene: Scene, ask: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle()
    monkeypatch.setattr(type(scene.lab.registry), "revision", lambda _registry: None)
    body = question(scene)
    assert ask(body) is not ask(body)


def test_what_one_event_loop_saw_does_not_count_in_the_next(scene: Scene, ask: Counting) -> None:
    settle()
    body = question(scene)
    ask(body)

    loop = asyncio.new_event_loop()
    loop.call_soon(lambda: (loop.stop(), ask.answers.at_once("MyCA", body, loop)))
    loop.run_forever()  # what was to come in its next turn never does
    loop.close()
    scene.ca.revoke(1, reason="certificateHold", password=CA_PASSWORD)
    assert state(ask(body)) is OCSPCertStatus.REVOKED
