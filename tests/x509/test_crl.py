from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import CannotDo
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import MAX_SERIAL
from pkilab.model.revocation import Entry, RevocationReason
from pkilab.x509 import crl, der, issue
from tests.x509.samples import START, foreign, key, root

LATER = START + timedelta(days=30)
EVERY = st.sampled_from(list(RevocationReason))


def signed(entries: list[Entry], algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256, number: int = 7) -> bytes:
    signer = issue.signer(root(algorithm), key(algorithm))
    return crl.sign(signer, crl.encode(entries), number=number, this_update=START, next_update=LATER)


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_the_library_reads_and_verifies_a_list_of_every_algorithm(algorithm: KeyAlgorithm) -> None:
    entry = Entry(5, START, RevocationReason.KEY_COMPROMISE, START - timedelta(days=1))
    read = x509.load_der_x509_crl(signed([entry], algorithm))
    ca = foreign(root(algorithm))
    assert read.is_signature_valid(ca.public_key())  # type: ignore[arg-type]  # ML-DSA is not in its stubs
    assert read.issuer == ca.subject
    assert (read.last_update_utc, read.next_update_utc) == (START, LATER)
    assert read.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 7
    identifier = read.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert identifier == ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    (found,) = read
    assert (found.serial_number, found.revocation_date_utc) == (5, START)
    assert found.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.key_compromise
    since = found.extensions.get_extension_for_class(x509.InvalidityDate).value.invalidity_date_utc
    assert since == START - timedelta(days=1)


@given(st.lists(st.tuples(st.integers(1, MAX_SERIAL), EVERY), max_size=20, unique_by=lambda each: each[0]))
def test_each_entry_comes_back_with_its_reason(entries: list[tuple[int, RevocationReason]]) -> None:
    read = x509.load_der_x509_crl(signed([Entry(number, START, reason) for number, reason in entries]))
    found = []
    for each in read:
        try:
            reason = each.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
        except x509.ExtensionNotFound:
            reason = "unspecified"  # §5.3.1: it is left out
        found.append((each.serial_number, reason))
    assert found == [(number, reason.value) for number, reason in entries]


@given(st.integers(-631_152_000, 253_402_200_000), st.sampled_from([UTC, timezone(timedelta(hours=-3))]))
def test_every_moment_is_written_as_everywhere_else(seconds: int, zone: timezone) -> None:
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    (entry,) = crl.encode([Entry(1, moment, RevocationReason.UNSPECIFIED)])
    _, written = der.members(entry)
    assert written.raw == der.time(moment)


def test_a_list_of_nothing_has_no_revoked_certificates() -> None:
    assert list(x509.load_der_x509_crl(signed([]))) == []
    assert crl.encode([]) == ()


@given(st.integers(1, MAX_SERIAL))
def test_any_number_of_20_octets_is_a_lists_number(number: int) -> None:
    read = x509.load_der_x509_crl(signed([], number=number))
    assert read.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == number


def test_dates_from_2050_on_are_written_as_the_rfc_wants() -> None:
    far = START.replace(year=2060)
    read = x509.load_der_x509_crl(signed([Entry(1, far, RevocationReason.SUPERSEDED)]))
    assert next(iter(read)).revocation_date_utc == far


def test_a_ca_that_may_not_sign_lists_signs_none() -> None:
    ca = replace(root(), key_usage=("keyCertSign",))
    with pytest.raises(CannotDo, match="cRLSign"):
        crl.sign(issue.signer(ca, key()), (), number=1, this_update=START, next_update=LATER)
