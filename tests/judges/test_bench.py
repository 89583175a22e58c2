"""Verifiers are asked what they can answer, say why they cannot, and are told apart where they differ."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pkilab.errors import CannotRead, InvalidField
from pkilab.judges import bench, certtool, openssl, process
from pkilab.judges.evidence import read_crls
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.usage import Usage
from pkilab.model.verdict import Judged, Purpose
from pkilab.x509 import pem
from tests.judges.cases import DAY, GOOD, HOST, LEAF, MIDDLE, NOW, ROOT, Case, made, now, revoked
from tests.x509.samples import NAME, PATH, issued, key, request, root


def judged(case: Case = GOOD, **changes: object) -> Judged:
    given = {"purpose": case.purpose, "name": case.name, "at": now(), "crls": case.crls, **changes}
    return bench.verify(case.leaf, case.between, case.roots, **given)  # type: ignore[arg-type]


def of(algorithm: KeyAlgorithm, usage: Usage, purpose: Purpose, name: str = "") -> dict[str, bool | None]:
    leaf = issued(request(of=key(algorithm, 1)), usage, issuer=root(algorithm), issuer_key=key(algorithm), now=NOW)
    found = bench.verify(leaf, (), (root(algorithm),), purpose=purpose, name=name, at=now())
    return {verdict.judge: verdict.accepted for verdict in found.verdicts}


@pytest.fixture(autouse=True)
def _tools(tool: Callable[[str], str]) -> None:
    tool("openssl"), tool("certtool")


def test_cryptography_does_not_judge_ed25519_and_the_others_do() -> None:
    found = of(KeyAlgorithm.ED25519, Usage.TLS, Purpose.TLS_SERVER, NAME)
    assert found == {"pyca/cryptography": None, "openssl": True, "certtool": True}


def test_ml_dsa_is_judged_by_those_who_know_it() -> None:
    found = of(KeyAlgorithm.ML_DSA_65, Usage.TLS, Purpose.TLS_SERVER, NAME)
    assert found["pyca/cryptography"] is True
    assert found["openssl"] is not False
    assert found["certtool"] is not False


def test_code_signing_is_judged_by_those_who_have_that_purpose() -> None:
    found = of(KeyAlgorithm.EC_P256, Usage.CODE_SIGNING, Purpose.CODE_SIGNING)
    assert found["pyca/cryptography"] is None
    assert found["openssl"] is not False
    assert found["certtool"] is True
    wrong = of(KeyAlgorithm.EC_P256, Usage.TLS, Purpose.CODE_SIGNING)
    assert wrong["certtool"] is False


@pytest.mark.parametrize("purpose", [Purpose.TLS_CLIENT, Purpose.ANY])
def test_a_name_is_asked_for_servers_alone(purpose: Purpose) -> None:
    everyone = {"pyca/cryptography": True, "openssl": True, "certtool": True}
    assert of(KeyAlgorithm.RSA_2048, Usage.TLS, purpose) == everyone
    with pytest.raises(InvalidField, match="only a server is verified with a name"):
        judged(purpose=Purpose.CODE_SIGNING)


def test_a_server_without_a_name_is_not_judged_by_cryptography() -> None:
    first, *_ = judged(name="").verdicts
    assert first.accepted is None
    assert "give one" in first.reason


def test_another_time_is_judged_by_those_who_can() -> None:
    late = judged(at=NOW + 60 * DAY)
    assert [verdict.accepted for verdict in late.verdicts[:2]] == [False, False]
    assert late.verdicts[2].accepted is not True
    early = judged(replace(GOOD, leaf=made("leaf", "Middle", start=NOW + DAY)), at=NOW + 2 * DAY)
    assert [verdict.accepted for verdict in early.verdicts[:2]] == [True, True]


def test_an_address_and_a_name_in_another_script_can_be_asked_for() -> None:
    assert not judged(name="10.0.0.7").accepted
    assert not judged(name="ñandú.lab.test").accepted
    assert judged(name=HOST.upper()).accepted


@pytest.mark.parametrize("name", ["-purpose", "a b", "x/../y", "https://x", "x\0y"])
def test_what_is_no_name_is_refused_before_anybody_is_asked(name: str) -> None:
    with pytest.raises(InvalidField, match=r"^Name"):
        judged(name=name)


def test_somebody_has_to_be_trusted() -> None:
    with pytest.raises(InvalidField, match=r"^Trust"):
        judged(replace(GOOD, roots=()))


def test_what_came_along_is_not_trusted_for_that() -> None:
    other = made("Other Root", "Other Root", ca=True)
    assert not judged(replace(GOOD, between=(MIDDLE, ROOT), roots=(other,))).accepted


def test_an_intermediate_that_is_trusted_is_trusted_by_all() -> None:
    assert [verdict.accepted for verdict in judged(replace(GOOD, roots=(MIDDLE,))).verdicts] == [True] * 3


def test_what_the_machine_trusts_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = process.run

    def heard(path: str, arguments: Sequence[str | Path], *, folder: Path) -> process.Said:
        asked.extend(map(str, arguments))
        return run(path, arguments, folder=folder)

    monkeypatch.setattr(process, "run", heard)
    judged()
    assert {"-no-CAfile", "-no-CApath", "-no-CAstore", "--load-ca-certificate"} <= {*asked}


def test_an_intermediate_that_is_revoked_is_seen_where_there_is_a_list_of_every_issuer() -> None:
    lists = (revoked(), revoked(MIDDLE.serial, by="Root"))
    assert [verdict.accepted for verdict in judged(crls=lists).verdicts] == [True, False, False]
    assert judged(crls=lists[:1]).verdicts[1].accepted is True


def test_revocation_lists_are_read_in_either_form() -> None:
    octets = revoked(LEAF.serial)
    assert read_crls(octets, path=PATH) == (octets,)
    assert read_crls(pem.write("X509 CRL", octets).encode() * 2, path=PATH) == (octets, octets)
    for junk in (b"", b"0", b"\x30\x00", LEAF.pem.encode(), b"-----BEGIN X509 CRL-----\n"):
        with pytest.raises(CannotRead, match="no revocation list"):
            read_crls(junk, path=PATH)


def test_a_verifier_that_is_not_there_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = judged()
    assert [verdict.accepted for verdict in found.verdicts] == [True, None, None]
    assert [verdict.reason for verdict in found.verdicts[1:]] == ["it is not installed here"] * 2
    assert found.accepted
    assert found.differences == ()


def test_differences_are_told_in_sentences() -> None:
    told = " ".join(judged(crls=(revoked(LEAF.serial),)).differences)
    assert "openssl refuses, as it is revoked." in told
    assert "pyca/cryptography accepts, as it looks at no revocation list." in told


def test_a_ca_whose_key_may_sign_no_certificates_is_refused_for_that() -> None:
    case = Case(leaf=LEAF, between=(made("Middle", "Root", ca=True, signs=False),), roots=(ROOT,))
    for verdict in judged(case).verdicts:
        assert verdict.accepted is False
        assert "key" in verdict.reason
        assert "<Certificate" not in verdict.reason
    assert judged(case).verdicts[0].reason == "an issuer's key usage lets it sign no certificates"


def test_a_command_that_says_something_strange_has_not_judged() -> None:
    for judge in (openssl, certtool):
        read = judge._read
        for code in (0, 1):
            more = {"lacks": ""} if judge is openssl else {}
            if judge is openssl and code == 0:
                continue  # it says nothing more than OK
            accepted, reason = read(process.Said(code=code, text="Segmentation fault"), **more)
            assert accepted is None
            assert "cannot read" in reason
        assert read(process.Said(code=None, text=""), **({"lacks": ""} if judge is openssl else {}))[0] is None


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(InvalidField, match=r"^At"):
        judged(at=(NOW + timedelta(days=1)).replace(tzinfo=None))
