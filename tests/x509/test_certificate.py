import contextlib
import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from pkilab.errors import CertificateUnreadable
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.fingerprint import Fingerprint
from pkilab.x509 import certificate, pem
from tests.x509.samples import NAME, PATH, START, foreign, issued, key, root

OTHER = x509.Name.from_rfc4514_string("CN=Somebody,OU=A+OU=B,C=CL")


def made(*extensions: tuple[x509.ExtensionType, bool], of: object = None) -> bytes:
    """A certificate as another program makes it."""
    builder = x509.CertificateBuilder(OTHER, OTHER, (of or key()).public_key(), 99, START, START + dt.timedelta(1))  # type: ignore[attr-defined]
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(key(), hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_pem_and_der_say_the_same(algorithm: KeyAlgorithm) -> None:
    ours = root(algorithm)
    for data in (ours.der, ours.pem.encode(), ours.pem.replace("\n", "\r\n").encode(), b"text\n" + ours.pem.encode()):
        assert certificate.read(data, path=PATH) == ours == certificate.trusted(ours.der)


def test_what_is_read_is_what_cryptography_reads() -> None:
    ours, theirs = issued(), foreign(issued())
    assert ours.serial == theirs.serial_number
    assert (ours.not_before, ours.not_after) == (theirs.not_valid_before_utc, theirs.not_valid_after_utc)
    assert ours.subject_der == theirs.subject.public_bytes()
    assert ours.issuer_der == theirs.issuer.public_bytes()
    skid = theirs.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert ours.subject_key_id == skid.digest.hex(":").upper()
    akid = theirs.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    assert ours.authority_key_id == (akid.key_identifier or b"").hex(":").upper()
    assert ours.fingerprint == Fingerprint.of(ours.der)


def test_a_certificate_of_others_is_read_in_full() -> None:
    names = [x509.DNSName("a.test"), x509.DirectoryName(OTHER)]
    purposes = [ExtendedKeyUsageOID.EMAIL_PROTECTION, x509.ObjectIdentifier("1.2.3")]
    read = certificate.read(
        made(
            (x509.BasicConstraints(ca=True, path_length=3), True),
            (x509.SubjectAlternativeName(names), False),
            (x509.ExtendedKeyUsage(purposes), False),
        ),
        path=PATH,
    )
    assert read.subject == ((("C", "CL"),), (("OU", "A"), ("OU", "B")), (("CN", "Somebody"),))
    assert (read.ca, read.path_length) == (True, 3)
    assert read.names == ("DNS:a.test", "DirName:C = CL, OU = A + OU = B, CN = Somebody")
    assert read.extended_key_usage == ("emailProtection", "1.2.3")
    assert (read.key_usage, read.subject_key_id, read.authority_key_id) == ((), "", "")
    assert read.self_issued


def test_a_certificate_without_extensions_is_no_ca() -> None:
    read = certificate.read(made(), path=PATH)
    assert (read.ca, read.path_length, read.names) == (False, None, ())


def test_keys_that_we_do_not_accept_are_still_described() -> None:
    assert certificate.read(made(of=ed448.Ed448PrivateKey.generate()), path=PATH).key.label == "Ed448"
    assert certificate.read(made(of=ec.generate_private_key(ec.SECP256K1())), path=PATH).key.label == "ECDSA, secp256k1"


def test_all_certificates_in_a_file_are_read_in_order() -> None:
    text = f"{issued().pem}junk\n{pem.write('X509 CRL', b'x')}{root().pem}".encode()
    assert certificate.read_all(text, path=PATH) == (issued(), root())
    assert certificate.read(text, path=PATH) == issued()
    assert certificate.read_all(root().der, path=PATH) == (root(),)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "neither PEM nor DER"),
        (b"hello", "neither PEM nor DER"),
        (pem.write("CERTIFICATE REQUEST", b"x").encode(), "it holds CERTIFICATE REQUEST"),
        (pem.write("CERTIFICATE", b"x").encode(), "damaged"),
        (root().pem.encode()[:-40], "does not end"),
        (b"\x30\x00", "damaged"),
    ],
)
def test_what_is_no_certificate_says_why(data: bytes, why: str) -> None:
    for reading in (certificate.read, certificate.read_all):
        with pytest.raises(CertificateUnreadable, match=why) as unreadable:
            reading(data, path=Path("/lab/MyCA.cer"))
        assert "MyCA.cer" in str(unreadable.value)


@settings(max_examples=300)
@given(st.data())
def test_a_certificate_changed_anywhere_reads_or_raises_the_named_error(data: st.DataObject) -> None:
    octets = bytearray(issued().der)
    octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(CertificateUnreadable):
        certificate.read(bytes(octets), path=PATH)


@given(st.binary(max_size=300))
def test_any_bytes_raise_the_named_error(data: bytes) -> None:
    for each in (data, pem.write("CERTIFICATE", data).encode()):
        with pytest.raises(CertificateUnreadable):
            certificate.read(each, path=PATH)


def test_what_is_said_in_one_line() -> None:
    assert str(issued()).startswith(f"Certificate of CN = {NAME}, by C = CL, O = Lab, CN = Training CA")
