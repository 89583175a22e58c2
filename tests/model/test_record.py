"""Nouns as JSON records, by the names that architecture.md promises."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from pkilab.model.journal import entry
from pkilab.model.record import record
from tests.model.samples import (
    ACTS,
    CHAIN,
    CONFIGURED,
    DECIDED,
    DONE,
    ISSUED,
    LISTED,
    LISTING,
    NOW,
    OWN,
    REQUEST,
    REVOKED,
    ROOT,
    SAVED,
    SETTINGS,
    SUBMITTED,
)

NOUNS = (REQUEST, DECIDED, ISSUED, REVOKED, OWN, CHAIN, LISTING, ROOT, SETTINGS, *LISTED, *ACTS)


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in keys(item)}
    return {key for item in value for key in keys(item)} if isinstance(value, list) else set()


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_every_noun_becomes_json_and_holds_no_secret_and_no_raw_bytes(noun: object) -> None:
    text = json.dumps(record(noun))
    assert json.loads(text) == record(noun)
    raw = {"der", "subject_der", "issuer_der", "key_der", "names_der"}
    assert not {key for key in keys(record(noun)) if "password" in key or key in raw}


def test_a_request_has_the_promised_names() -> None:
    found = record(REQUEST)
    assert found["id"] == 3
    assert found["state"] == "pending"
    assert found["subject"] == "C = CL, O = Lab Santiago, OU = Development, CN = santiago.lab.test"
    assert found["names"] == ["DNS:santiago.lab.test", "IP:10.0.0.7"]
    assert found["name"] == {"host": "santiago", "instance": "SANTIAGO", "root": "SantiagoDev"}
    assert found["fingerprint"] == {"sha1": REQUEST.fingerprint.sha1, "sha256": REQUEST.fingerprint.sha256}
    assert found["contact"] == {"name": "Ana Rojas", "phone": "+56 2 5550 0142", "email": "ana@lab.test"}
    assert found["received_at"] == "2026-11-23T14:02:00Z"
    assert found["content"]["pem"].startswith("-----BEGIN CERTIFICATE REQUEST-----\n")


@pytest.mark.parametrize("noun", [ISSUED, DONE, SAVED], ids=lambda noun: type(noun).__name__)
def test_what_was_issued_has_number_and_fingerprints_at_the_top(noun: object) -> None:
    found = record(noun)
    assert found["number"] == 7
    assert set(found["fingerprint"]) == {"sha1", "sha256"}


def test_what_was_issued_has_subject_validity_state_and_pem() -> None:
    found = record(REVOKED)
    assert found["subject"] == "C = CL, O = Lab Santiago, OU = Development, CN = santiago.lab.test"
    assert (found["not_before"], found["not_after"]) == ("2026-11-23T14:02:00Z", "2027-11-23T14:02:00Z")
    assert found["state"] == "revoked"
    assert found["revocation"]["reason"] == "keyCompromise"
    assert found["usage"] == "tls"
    assert found["pem"].startswith("-----BEGIN CERTIFICATE-----\n")


@pytest.mark.parametrize("noun", [CONFIGURED, SUBMITTED], ids=lambda noun: type(noun).__name__)
def test_acts_have_fingerprints_at_the_top(noun: object) -> None:
    assert set(record(noun)["fingerprint"]) == {"sha1", "sha256"}


def test_lists_are_arrays_and_numbers_of_20_octets_stay_numbers() -> None:
    assert [row["number"] for row in record(LISTED)] == [7, 8]
    assert json.loads(json.dumps(record(ROOT)))["serial"] == ROOT.serial


def test_times_are_in_utc_whatever_zone_they_came_in() -> None:
    abroad = NOW.astimezone(timezone(timedelta(hours=-3)))
    assert record(replace(REQUEST, received_at=abroad))["received_at"] == "2026-11-23T14:02:00Z"
    assert record(datetime(2026, 1, 2, 3, 4)) == "2026-01-02T03:04:00"  # noqa: DTZ001 - no zone, none invented


def test_plain_values_come_back_as_they_are() -> None:
    assert record({"a": (1, None, True), "path": Path("x/y"), "bytes": b"\x00\xff"}) == {
        "a": [1, None, True],
        "path": "x/y",
        "bytes": "00ff",
    }


def test_a_journal_entry_is_a_record() -> None:
    found = record(entry("MyCA", None, at=NOW, by="eva", act="issued", facts={"number": 7}))
    assert (found["sequence"], found["facts"]) == (1, {"number": 7})


def test_names_are_written_as_people_write_them() -> None:
    plain = record(ISSUED)
    assert plain["certificate"]["subject"] == plain["subject"]
    assert " = " in plain["certificate"]["issuer"]
