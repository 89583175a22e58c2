"""Fingerprints, shown and compared (Words, S10)."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.model.fingerprint import Fingerprint, Hash, bare_hex, is_complete

DER = b"any bytes"
OF_IT = Fingerprint.of(DER)
SHA1 = hashlib.sha1(DER).hexdigest()  # noqa: S324 - what older procedures compare
SHA256 = hashlib.sha256(DER).hexdigest()


def test_fingerprints_are_upper_case_pairs_with_colons() -> None:
    assert OF_IT.sha1.replace(":", "").lower() == SHA1
    assert OF_IT.sha256.replace(":", "").lower() == SHA256
    assert OF_IT.sha256.isupper()
    assert OF_IT.sha256.count(":") == 31


def spellings(digits: str) -> list[str]:
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    return [
        digits,
        digits.upper(),
        ":".join(pairs),
        " ".join(pairs).upper(),
        "-".join(pairs),
        f"  {':'.join(pairs[:10])}:\n   {':'.join(pairs[10:])}\r\n",
        "\u202f".join(pairs),
        "\u2011".join(pairs),
        "\ufeff" + digits[:7] + "\u200b" + digits[7:] + "\xa0",
    ]


@pytest.mark.parametrize("given_text", spellings(SHA1))
def test_sha1_matches_however_it_is_written(given_text: str) -> None:
    assert OF_IT.matching(given_text) is Hash.SHA1


@pytest.mark.parametrize("given_text", spellings(SHA256))
def test_sha256_matches_however_it_is_written(given_text: str) -> None:
    assert OF_IT.matching(given_text) is Hash.SHA256


@pytest.mark.parametrize("prefix", ["SHA1 Fingerprint=", "sha1 fingerprint=", "SHA-1: ", "SHA1:", "Fingerprint="])
def test_what_tools_write_before_sha1_does_not_count(prefix: str) -> None:
    assert OF_IT.matching(prefix + OF_IT.sha1) is Hash.SHA1
    assert is_complete(prefix + OF_IT.sha1)


@pytest.mark.parametrize("prefix", ["SHA256 Fingerprint=", "sha256 Fingerprint=", "SHA-256 ", "SHA-256 Fingerprint: "])
def test_what_tools_write_before_sha256_does_not_count(prefix: str) -> None:
    assert OF_IT.matching(prefix + OF_IT.sha256) is Hash.SHA256
    assert is_complete(prefix + OF_IT.sha256)


@pytest.mark.parametrize(
    "given_text",
    ["", " ", ":", "SHA1 Fingerprint=", SHA1[:-1], SHA1 + "0", SHA256[:40], SHA256[24:], SHA1[:-1] + "g", SHA1 + SHA256,
     SHA1 + "\n" + SHA1, "0x" + SHA1, "\u0660" * 40, "\uff10" * 40, "é" + SHA1],
)  # fmt: skip
def test_anything_else_does_not_match(given_text: str) -> None:
    assert OF_IT.matching(given_text) is None


@pytest.mark.parametrize("at", range(40))
def test_a_single_wrong_digit_does_not_match(at: int) -> None:
    wrong = SHA1[:at] + ("0" if SHA1[at] != "0" else "1") + SHA1[at + 1 :]
    assert is_complete(wrong)
    assert OF_IT.matching(wrong) is None


@pytest.mark.parametrize(
    ("given_text", "complete"),
    [
        ("", False),
        (SHA1[:39], False),
        (SHA1, True),
        (SHA1 + "ab", False),
        (SHA256, True),
        (SHA256 + "a", False),
        ("z" * 40, False),
    ],
)
def test_only_40_or_64_digits_are_complete(given_text: str, complete: bool) -> None:
    assert is_complete(given_text) is complete


@given(st.text())
def test_any_text_can_be_compared_and_leaves_hex_digits_or_nothing(text: str) -> None:
    assert set(bare_hex(text)) <= set("0123456789ABCDEF")
    assert OF_IT.matching(text) is None


@given(st.binary(), st.binary())
def test_different_bytes_never_match(one: bytes, other: bytes) -> None:
    assert bool(Fingerprint.of(one).matching(Fingerprint.of(other).sha256)) is (one == other)
