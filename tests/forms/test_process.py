"""Processing a request in a form, as a cell does: no point of the verification can be skipped, in whatever order."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pkilab.errors import (
    Expired,
    FingerprintMismatch,
    InvalidField,
    KeyMissing,
    NotPending,
    NotReady,
    NotVerified,
    PkilabError,
    WrongPassword,
)
from pkilab.forms.process import Process, Stage
from pkilab.forms.verifying import VERIFYING, Match
from pkilab.model.acts import Issued
from pkilab.model.request import Request, RequestState
from pkilab.model.usage import Usage
from tests.scene import CA_PASSWORD, Scene, signing_request, verified

POINTS = ("identity", "authority", "purpose", "fingerprint")


@pytest.fixture
def request_(scene: Scene) -> Request:
    return scene.submit()


@pytest.fixture
def form(scene: Scene, request_: Request) -> Process:
    return Process(scene.ca, request_.id)


def verify(form: Process, **changes: object) -> None:
    """Fill in all that a verification needs, but for the changes."""
    for name in ("identity", "authority"):
        setattr(form, name, changes.get(name, True))
    form.fingerprint = str(changes.get("fingerprint", form.request.fingerprint.sha256))
    form.usage = changes.get("usage", "tls")
    form.purpose = changes.get("purpose", True)


def acts(scene: Scene) -> list[str]:
    return [entry.act for entry in scene.ca.journal()]


# --- from verifying to the certificate ----------------------------------------------------------------------------


def test_a_request_is_verified_and_issued_step_by_step(scene: Scene, form: Process) -> None:
    assert form.stage == Stage.VERIFY
    verify(form)
    form.issue()
    assert form.stage == Stage.ISSUE
    assert form.blocked("finish") == ("Password is needed.",)
    form.password = CA_PASSWORD
    issued = form.finish()
    assert form.stage == Stage.DONE
    assert form.result is issued
    assert form.password == ""
    assert scene.ca.request(form.request.id).number == issued.number == 1
    assert [each.subject for each in form.chain.certificates] == [
        issued.certificate.certificate.subject,
        form.issuer.subject,
    ]
    assert ".issue(" in form.hood["Python"]
    assert CA_PASSWORD not in str(form.hood)


def test_a_verification_is_recorded_and_issued_later_by_somebody_else(scene: Scene, form: Process) -> None:
    verify(form)
    form.by = "ruth"
    form.record()
    assert form.stage == Stage.VERIFIED
    later = Process(scene.ca, form.request.id)
    assert later.stage == Stage.VERIFIED
    later.issue()
    later.password = CA_PASSWORD
    assert later.finish().certificate.issued_by == "opal"
    assert [(e.act, e.by) for e in scene.ca.journal()][1:] == [("verified", "ruth"), ("issued", "opal")]


def test_an_intermediate_gets_the_path_length_that_was_chosen(scene: Scene, form: Process) -> None:
    verify(form, usage="intermediate")
    form.path_length = "2"
    form.purpose = True
    form.issue()
    form.password = CA_PASSWORD
    assert form.finish().certificate.certificate.path_length == 2


def test_an_unencrypted_key_asks_for_no_password(scene: Scene, request_: Request) -> None:
    scene.issue(request_)
    key = next(scene.directory.glob("*.key"))
    from pkilab.x509 import keys

    key.write_bytes(keys.dump(keys.load(key.read_bytes(), CA_PASSWORD, path=key), None))
    form = Process(scene.ca, scene.submit("Lima").id)
    verify(form)
    form.issue()
    assert form.absent("password")
    assert form.finish().number == 2


# --- no point can be skipped --------------------------------------------------------------------------------------


@pytest.mark.parametrize("left_out", POINTS)
@pytest.mark.parametrize("act", ["record", "issue"])
def test_a_point_that_is_missing_blocks(scene: Scene, form: Process, left_out: str, act: str) -> None:
    verify(form, **{left_out: "" if left_out == "fingerprint" else False})
    assert len(form.blocked(act)) == 1
    with pytest.raises(NotReady):
        getattr(form, act)()
    with pytest.raises(NotReady):
        form.finish()
    assert scene.ca.request(form.request.id).verification is None
    assert acts(scene) == ["configured"]


@pytest.mark.parametrize("left_out", POINTS)
def test_the_server_refuses_too_if_the_form_did_not(scene: Scene, form: Process, left_out: str) -> None:
    verify(form, **{left_out: "" if left_out == "fingerprint" else False})
    with pytest.raises(NotVerified):
        form._verify()
    assert scene.ca.request(form.request.id).verification is None


def test_nothing_can_be_done_in_the_wrong_order(scene: Scene, form: Process) -> None:
    form.password = CA_PASSWORD
    for act in ("finish", "record", "issue", "delete", "report"):
        with pytest.raises(NotReady):
            getattr(form, act)()
    form.stage = str(Stage.ISSUE)  # as somebody may who holds the model
    form.password = CA_PASSWORD
    with pytest.raises(NotReady):
        form.finish()
    form.stage = str(Stage.VERIFIED)
    form.issue()
    form.password = CA_PASSWORD
    with pytest.raises(NotReady):
        form.finish()
    assert acts(scene) == ["configured"]
    assert scene.ca.request(form.request.id).state is RequestState.PENDING


def test_no_request_no_act(scene: Scene) -> None:
    form = Process(scene.ca)
    form.identity = form.authority = form.purpose = True
    form.fingerprint = "AB" * 32
    for act in ("record", "issue", "finish", "delete", "report"):
        with pytest.raises(NotReady):
            getattr(form, act)()


def test_the_purpose_is_acknowledged_for_one_use_alone(form: Process) -> None:
    verify(form)
    form.usage = "code-signing"
    assert not form.purpose
    form.usage, form.purpose = "intermediate", True
    form.path_length = "3"
    assert not form.purpose


def test_what_was_acknowledged_is_forgotten_with_its_request(scene: Scene, form: Process) -> None:
    verify(form, usage="intermediate")
    form.path_length, form.purpose, form.password, form.reason = "3", True, CA_PASSWORD, "why"
    other = scene.submit("Lima")
    form.take(other.id)
    blank = Process(scene.ca, other.id)
    for name in (*VERIFYING, "password", "reason", "match"):
        assert getattr(form, name) == getattr(blank, name), name
    with pytest.raises(NotReady):
        form.record()


def test_between_verification_and_password_another_request_begins_afresh(scene: Scene, form: Process) -> None:
    verify(form)
    form.issue()
    other = scene.submit("Lima")
    form.take(other.id)
    form.password = CA_PASSWORD
    with pytest.raises(NotReady):
        form.finish()
    assert {each.state for each in scene.ca.pending()} == {RequestState.PENDING}
    assert len(scene.ca.pending()) == 2


def test_a_request_that_was_replaced_under_its_number_is_verified_afresh(
    scene: Scene, form: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(form)
    other = scene.submit("Lima")
    find = type(scene.ca).request

    def replaced(self: object, request_id: int) -> Request:
        from dataclasses import replace

        return replace(find(self, other.id), id=request_id)  # type: ignore[arg-type]

    monkeypatch.setattr(type(scene.ca), "request", replaced)
    with pytest.raises(NotReady, match="Another request"):
        form.record()
    assert (form.identity, form.authority, form.purpose, form.fingerprint) == (False, False, False, "")
    assert form.request.root == "Lima"
    monkeypatch.undo()
    assert scene.ca.request(1).verification is None
    assert scene.ca.request(other.id).verification is None


def test_verifying_again_takes_nothing_over(form: Process) -> None:
    verify(form)
    form.record()
    form.verify_again()
    assert form.stage == Stage.VERIFY
    with pytest.raises(NotReady):
        form.issue()


def test_a_verification_for_another_use_meanwhile_is_read_before_it_is_issued(scene: Scene, form: Process) -> None:
    verify(form)
    form.issue()
    form.password = CA_PASSWORD
    request: Request = form.request
    scene.ca.verify(request.id, usage="code-signing", verified=verified(request, by="ruth"))
    with pytest.raises(NotVerified):
        form.finish()
    form.password = CA_PASSWORD
    form.look_again()
    assert form.stage == Stage.VERIFIED
    assert form.password == ""
    assert form.request.verification.usage is Usage.CODE_SIGNING


# --- the fingerprint ----------------------------------------------------------------------------------------------


def test_the_fingerprint_is_compared_as_soon_as_it_is_complete(form: Process) -> None:
    known = form.request.fingerprint
    spellings = {
        "": Match.NONE,
        "AB:CD": Match.PART,
        "not hex at all": Match.STRAY,
        "00:11 zz": Match.STRAY,
        "SHA2": Match.PART,
        "sha256 Fingerprint=": Match.PART,
        "sha256 Fingerprint=AB": Match.PART,
        "AB" * 33: Match.LONG,
        known.sha256: Match.SHA256,
        known.sha256.lower().replace(":", " "): Match.SHA256,
        known.sha1.replace(":", ""): Match.SHA1,
        f"  {known.sha1.lower()}\n": Match.SHA1,
        known.sha256[: 40 // 2 * 3]: Match.PART,
        "AB" * 20: Match.OTHER,
        "AB" * 32: Match.OTHER,
    }
    for given, match in spellings.items():
        form.fingerprint = given
        assert form.match == match, given


@pytest.mark.parametrize("act", ["record", "issue", "report"])
def test_another_s_fingerprint_blocks_and_an_attempt_is_journalled(scene: Scene, form: Process, act: str) -> None:
    verify(form, fingerprint="AB" * 32, purpose=False)
    if act != "report":
        assert form.blocked(act)[0] == "The fingerprint does not match this request."
    with pytest.raises(FingerprintMismatch):
        getattr(form, act)()
    assert acts(scene) == ["configured", "fingerprint did not match"]
    assert "does not match" in form.told.sentences[0]
    assert form.request.fingerprint.sha256 not in str(form.told)
    assert scene.ca.request(form.request.id).verification is None


def test_the_form_tells_the_right_fingerprint_nowhere(form: Process) -> None:
    verify(form, fingerprint="AB" * 20)
    with pytest.raises(FingerprintMismatch):
        form.record()
    told = f"{form.told}{form.problems}{form.blockers}{form.gone}"
    assert form.request.fingerprint.sha1 not in told
    assert form.request.fingerprint.sha256 not in told


# --- the use ------------------------------------------------------------------------------------------------------


def test_a_ca_with_path_length_0_offers_no_intermediate_and_says_why(scene: Scene, tmp_path: Path) -> None:
    below = _subordinate(scene, tmp_path)
    form = Process(below.ca, below.submit("Lima").id)
    assert "path length 0" in form.offered[Usage.INTERMEDIATE]
    assert not form.offered[Usage.TLS]
    verify(form, usage="intermediate")
    assert "path length 0" in " ".join(form.blocked("issue"))
    with pytest.raises(NotReady):
        form.issue()
    with pytest.raises(PkilabError, match="path length 0"):
        form._verify()


def test_a_path_length_is_a_number(form: Process) -> None:
    for text in ("-1", "two", "1.5", "٣", "9999"):
        verify(form, usage="intermediate")
        form.path_length = text
        form.purpose = True
        assert "path_length" in form.problems, text
        with pytest.raises(NotReady):
            form.record()


def _subordinate(scene: Scene, tmp_path: Path) -> Scene:
    """A CA below the scene's, by an intermediate certificate of path length 0."""
    from pkilab.model.algorithm import KeyAlgorithm
    from pkilab.x509 import keys

    key = keys.generate(KeyAlgorithm.EC_P256)
    issued = scene.issue(scene.send(signing_request("Below", key=key), "Below"), Usage.INTERMEDIATE)
    below = Scene(tmp_path / "below", clock=scene.clock)
    below.directory.mkdir(parents=True)
    (below.directory / "MyCA.key").write_bytes(keys.dump(key, CA_PASSWORD))
    (below.directory / "MyCA.cer").write_text(issued.pem)
    chain = tmp_path / "root.cer"
    chain.write_text(scene.ca.chain().pem)
    below.configure(password=None, subject=None, ca_days=None, key_algorithm=None, last_serial=0, chain=chain)
    return below


# --- what goes wrong keeps the request ----------------------------------------------------------------------------


def test_each_trouble_has_its_sentence_and_the_request_stays_verified(scene: Scene, form: Process) -> None:
    verify(form)
    form.issue()
    form.password = "correct horse of somebody else"
    with pytest.raises(WrongPassword):
        form.finish()
    assert "The verification is recorded" in form.told.sentences[1]
    assert form.password == ""
    key = scene.directory / "MyCA.key"
    key.rename(key.with_suffix(".away"))
    form.password = CA_PASSWORD
    with pytest.raises(KeyMissing):  # the page had not noticed yet
        form.finish()
    form.look_again()
    assert form.blocked("finish")[-1].startswith("Mount the medium")
    key.with_suffix(".away").rename(key)
    form.look_again()
    scene.clock.now += timedelta(days=4000)
    form.password = CA_PASSWORD
    with pytest.raises(Expired):
        form.finish()
    request = scene.ca.request(form.request.id)
    assert request.state is RequestState.PENDING
    assert request.verification is not None
    assert form.stage == Stage.ISSUE


def test_who_was_slower_is_told_who_did_what(scene: Scene, form: Process) -> None:
    verify(form)
    form.issue()
    scene.ca.issue(form.request.id, password=CA_PASSWORD, by="ruth")
    form.password = CA_PASSWORD
    with pytest.raises(NotPending, match="ruth issued it as number 1"):
        form.finish()
    assert form.stage == Stage.GONE
    assert "ruth issued it as number 1" in form.gone
    assert scene.ca.certificates().total == 1


def test_a_look_tells_at_once_what_somebody_else_decided(scene: Scene, form: Process) -> None:
    verify(form)
    scene.ca.delete(form.request.id, confirmed=True, by="ruth")
    form.look_again()
    assert form.stage == Stage.GONE
    assert "ruth deleted it" in form.gone
    with pytest.raises(NotReady, match="ruth deleted it"):
        form.record()


def test_one_s_own_issuing_is_not_told_as_somebody_else_s(form: Process) -> None:
    verify(form)
    form.issue()
    form.password = CA_PASSWORD
    form.finish()
    form.look_again()
    assert form.stage == Stage.DONE
    assert isinstance(form.result, Issued)


def test_a_request_that_never_was_is_told(scene: Scene) -> None:
    form = Process(scene.ca, 99)
    assert form.stage == Stage.GONE
    assert "99" in form.gone


# --- deleting -----------------------------------------------------------------------------------------------------


def test_a_request_is_deleted_only_when_asked_and_confirmed(scene: Scene, form: Process) -> None:
    with pytest.raises(NotReady):
        form.delete()
    form.ask_to_delete()
    form.go_back()
    with pytest.raises(NotReady):
        form.delete()
    form.ask_to_delete()
    form.reason = "Nobody there knows of it."
    form.delete()
    request = scene.ca.request(form.request.id)
    assert (request.state, request.reason) == (RequestState.DELETED, "Nobody there knows of it.")
    assert form.stage == Stage.DONE


def test_a_reason_that_breaks_its_rule_stands_beside_its_field(form: Process) -> None:
    form.ask_to_delete()
    form.reason = "x" * 501
    assert "reason" in form.problems
    with pytest.raises(NotReady):
        form.delete()


def test_a_name_that_breaks_its_rule_is_refused(form: Process) -> None:
    verify(form)
    form.by = "x" * 201
    assert "by" in form.problems
    with pytest.raises((NotReady, InvalidField)):
        form.record()


def test_what_was_said_of_a_fingerprint_goes_with_it(form: Process) -> None:
    verify(form, fingerprint="AB" * 32)
    with pytest.raises(FingerprintMismatch):
        form.record()
    form.fingerprint = form.request.fingerprint.sha256
    assert form.told is None
