"""Detached signatures: made, read from any octets, checked to the last bit."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import CannotDo, PkilabError, SignatureRefused, SignatureUnreadable
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.usage import Usage
from pkilab.x509 import cms, pem
from tests.x509.samples import NOW, PATH, issued, key, request, root

CONTENT = b"print('hello')\n"
SIGNERS = [a for a in KeyAlgorithm if a.startswith(("rsa", "ec"))]


def digests(content: bytes = CONTENT) -> dict[str, bytes]:
    return {name: hashlib.new(name, content).digest() for name in cms.DIGESTS}


def signed(algorithm: KeyAlgorithm = KeyAlgorithm.EC_P256) -> bytes:
    signer = key(algorithm, 1)
    own = issued(request(of=signer), Usage.CODE_SIGNING)
    return cms.sign(digests()[cms.digest_for(signer)], signer, own, [root()], now=NOW)


SAMPLE = signed()


@pytest.mark.parametrize("algorithm", SIGNERS)
def test_what_is_signed_holds_over_the_file_and_no_other(algorithm: KeyAlgorithm) -> None:
    found = cms.read(signed(algorithm), path=PATH)
    assert [signer.certificate.key.family for signer in found.signers] == ["EC" if "ec" in algorithm else "RSA"]
    assert root() in found.certificates
    cms.check(found, digests(), path=PATH)
    with pytest.raises(SignatureRefused, match="changed after it was signed"):
        cms.check(found, digests(CONTENT + b" "), path=PATH)


@pytest.mark.parametrize("algorithm", [a for a in KeyAlgorithm if a not in SIGNERS])
def test_a_key_that_cannot_sign_files_is_refused_and_told_which_would_do(algorithm: KeyAlgorithm) -> None:
    with pytest.raises(CannotDo, match=r"RSA or ECDSA key would do"):
        cms.digest_for(key(algorithm))


def test_a_signature_over_something_else_than_a_file_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cms, "_DATA", cms._SIGNED_DATA)
    other = signed()
    monkeypatch.undo()
    with pytest.raises(SignatureRefused, match="does not say that it is about a file's content"):
        cms.check(cms.read(other, path=PATH), digests(), path=PATH)


def test_another_kind_of_message_is_told() -> None:
    enveloped = SAMPLE.replace(cms._SIGNED_DATA, cms._SIGNED_DATA[:-1] + b"\x03", 1)
    with pytest.raises(SignatureUnreadable, match="another kind of message"):
        cms.read(enveloped, path=PATH)


def test_pem_is_read_with_either_label() -> None:
    for label in ("CMS", "PKCS7"):
        assert cms.read(pem.write(label, SAMPLE).encode(), path=PATH).signers


@pytest.mark.parametrize("junk", [b"", b"\x30\x00", b"hello", b"-----BEGIN CMS-----\n", CONTENT, root().der])
def test_what_is_no_signature_is_refused_in_words(junk: bytes) -> None:
    with pytest.raises(SignatureUnreadable, match="holds no signature"):
        cms.read(junk, path=PATH)


@given(at=st.integers(0, len(SAMPLE) - 1), bit=st.integers(0, 7))
def test_no_bit_can_be_changed_unseen(at: int, bit: int) -> None:
    """But for certificates that come along: those are judged by whom to trust."""
    changed = bytearray(SAMPLE)
    changed[at] ^= 1 << bit
    try:
        found = cms.read(bytes(changed), path=PATH)
        cms.check(found, digests(), path=PATH)
    except PkilabError:
        return
    original = cms.read(SAMPLE, path=PATH)
    same = [(s.attributes, s.digest) for s in found.signers] == [(s.attributes, s.digest) for s in original.signers]
    assert same
    assert found.signers[0].certificate.key == original.signers[0].certificate.key


@given(junk=st.binary(max_size=200))
def test_no_octets_make_reading_fail_otherwise(junk: bytes) -> None:
    with pytest.raises(SignatureUnreadable):
        cms.read(junk, path=PATH)


def test_the_signing_time_is_the_clock_that_was_handed_in() -> None:
    signer = key(KeyAlgorithm.EC_P256, 1)
    own = issued(request(of=signer), Usage.CODE_SIGNING)
    made = cms.sign(digests()["sha256"], signer, own, [], now=NOW + timedelta(days=1))
    assert b"261124120000Z" in made
