"""What requests, certificates, chains and journal entries say of themselves."""

import base64
from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.model.acts import Found, ServerCertificate
from pkilab.model.certificate import MAX_SERIAL, CertificateState, state_at
from pkilab.model.journal import GENESIS, JournalVerdict, entry, entry_hash
from pkilab.model.request import Verification, pem
from pkilab.model.revocation import Revocation, RevocationReason
from tests.model.samples import ACTS, CHAIN, ISSUED, LATER, LEAF, LISTED, MEDIUM, NOW, OWN, REQUEST, ROOT

SUBJECT = "C = CL, O = Lab Santiago, OU = Development, CN = santiago.lab.test"
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("noun", "line"),
    [
        (
            REQUEST,
            f"Request 3: SantiagoDev ({SUBJECT}), from SANTIAGO on santiago, pending",
        ),
        (
            ISSUED,
            f"Certificate 7: SantiagoDev ({SUBJECT}), until 2027-11-23, valid",
        ),
        (ROOT, "Certificate of O = Lab, CN = Training CA, by O = Lab, CN = Training CA, until 2027-11-23"),
        (LISTED[0], "Certificate 7: SantiagoDev, from SANTIAGO on santiago"),
        (entry("MyCA", None, at=NOW, by="eva", act="issued", facts={"number": 7, "why": None}),
         "2026-11-23 14:02:00 eva: issued (number 7)"),
    ],
)  # fmt: skip
def test_nouns_print_as_one_line(noun: object, line: str) -> None:
    assert str(noun) == line


def test_a_hostile_certificate_of_a_server_drives_no_terminal_when_it_is_printed() -> None:
    hostile = ((("CN", "x\x1b[2J\u202e\n"),),)
    shown = ServerCertificate(url="https://ca.lab.test", certificate=replace(LEAF, subject=hostile))
    assert str(shown).isprintable()


@pytest.mark.parametrize("act", [act for act in ACTS if not isinstance(act, (Found, ServerCertificate))])
def test_acts_print_as_their_message(act: object) -> None:
    assert str(act) == act.message  # type: ignore[attr-defined]


def test_hostile_names_drive_no_terminal_when_printed() -> None:
    hostile = ((("CN", "x\x1b[2J\u202e\n"),),)
    for noun in (
        replace(REQUEST, content=replace(REQUEST.content, subject=hostile)),
        replace(ISSUED, certificate=replace(LEAF, subject=hostile)),
        replace(LEAF, subject=hostile),
        replace(LISTED[0], host="x\x1b[2J"),
        entry("MyCA", None, at=NOW, by="eva\x1b[2J", act="issued", facts={}),
    ):
        assert str(noun).isprintable()


@pytest.mark.parametrize("act", [act for act in ACTS if not isinstance(act, (Found, ServerCertificate))])
def test_a_hostile_answer_drives_no_terminal_when_an_act_is_printed(act: object) -> None:
    assert str(replace(act, message="Done.\x1b[2J")) == "Done.[U+001B][2J"  # type: ignore[type-var]


def test_nouns_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        REQUEST.id = 4  # type: ignore[misc]


def test_a_root_is_self_issued_and_a_leaf_is_not() -> None:
    assert ROOT.self_issued
    assert not LEAF.self_issued
    assert OWN.subject == "O = Lab, CN = Training CA"


@given(st.binary(max_size=300))
def test_pem_holds_the_bytes_in_lines_of_64(der: bytes) -> None:
    lines = pem("CERTIFICATE", der).splitlines()
    assert (lines[0], lines[-1]) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
    assert base64.b64decode("".join(lines[1:-1])) == der
    assert all(len(line) == 64 for line in lines[1:-2])


def test_the_pem_of_a_chain_is_all_of_them_in_order() -> None:
    assert CHAIN.pem == "".join(certificate.pem for certificate in CHAIN.certificates)
    assert CHAIN.pem.count("BEGIN CERTIFICATE") == 3


@pytest.mark.parametrize(
    ("now", "reason", "state"),
    [
        (NOW - timedelta(seconds=1), None, CertificateState.NOT_YET_VALID),
        (NOW, None, CertificateState.VALID),
        (LATER, None, CertificateState.VALID),
        (LATER + timedelta(seconds=1), None, CertificateState.EXPIRED),
        (NOW, RevocationReason.KEY_COMPROMISE, CertificateState.REVOKED),
        (NOW, RevocationReason.CERTIFICATE_HOLD, CertificateState.HELD),
        (LATER + DAY, RevocationReason.KEY_COMPROMISE, CertificateState.REVOKED),
    ],
)
def test_both_ends_belong_to_the_validity_and_revocation_weighs_more(
    now: object, reason: RevocationReason | None, state: CertificateState
) -> None:
    revocation = Revocation(reason=reason, at=NOW, by="eva") if reason else None
    assert state_at(now, LEAF, revocation) is state  # type: ignore[arg-type]


def test_the_largest_number_has_20_octets() -> None:
    assert MAX_SERIAL.bit_length() == 159
    assert (MAX_SERIAL + 1).bit_length() == 160  # would need a 21st octet for its sign


def test_each_point_of_a_verification_has_to_be_acknowledged_by_itself() -> None:
    whole = Verification(identity=True, authority=True, purpose=True, fingerprint="AA")
    assert whole.missing == ()
    for point in ("identity", "authority", "purpose"):
        assert len(replace(whole, **{point: False}).missing) == 1  # type: ignore[arg-type]
    assert replace(whole, fingerprint="  ").missing == ("have the contact read out the fingerprint, and type it in",)
    assert len(Verification().missing) == 4


def test_step_one_says_in_a_sentence_which_case_it_is_and_why() -> None:
    key, certificate = MEDIUM / "MyCA.key", MEDIUM / "MyCA.cer"
    found = Found(directory=MEDIUM, root="MyCA", key=key, certificate=certificate, serial=None)
    assert found.existing
    assert found.reason == "MyCA.key and MyCA.cer are both in /media/stick/ca, so this CA will use them."
    for alone in (replace(found, certificate=None), replace(found, key=None)):
        assert not alone.existing
        assert alone.reason.startswith("Only MyCA.")
        assert "kept aside" in alone.reason
    neither = replace(found, key=None, certificate=None)
    assert neither.reason.startswith("Neither MyCA.key nor MyCA.cer is in /media/stick/ca")


def test_each_journal_entry_covers_the_one_before_it() -> None:
    first = entry("MyCA", None, at=NOW, by="eva", act="configured", facts={})
    second = entry("MyCA", first, at=NOW, by="eva", act="issued", facts={"number": 7})
    assert (first.sequence, first.previous) == (1, GENESIS)
    assert (second.sequence, second.previous) == (2, first.hash)


@pytest.mark.parametrize(
    "change",
    [{"ca": "Other"}, {"sequence": 2}, {"at": NOW + DAY}, {"by": "max"}, {"act": "deleted"}, {"facts": {"number": 8}},
     {"facts": {"number": "7"}}, {"previous": "1" * 64}],
)  # fmt: skip
def test_a_change_of_anything_changes_the_hash(change: dict[str, object]) -> None:
    content: dict[str, object] = {"ca": "MyCA", "sequence": 1, "at": NOW, "by": "eva", "act": "issued"}
    content |= {"facts": {"number": 7}, "previous": GENESIS}
    assert entry_hash(**content) != entry_hash(**{**content, **change})  # type: ignore[arg-type]


def test_the_order_of_facts_does_not_matter() -> None:
    one = entry("MyCA", None, at=NOW, by="eva", act="x", facts={"a": 1, "b": 2})
    assert entry("MyCA", None, at=NOW, by="eva", act="x", facts={"b": 2, "a": 1}).hash == one.hash


@pytest.mark.parametrize(("entries", "words"), [(0, "has 0 entries."), (1, "has 1 entry."), (2, "has 2 entries.")])
def test_one_entry_of_a_journal_is_counted_as_one(entries: int, words: str) -> None:
    verdict = JournalVerdict(ca="MyCA", entries=entries, problems=(), unproven=())
    assert words in str(verdict)
