import contextlib
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from pkilab.errors import InvalidCSR, WeakKey
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.model.fingerprint import Fingerprint
from pkilab.model.request import RequestedExtension
from pkilab.model.san import AlternativeName
from pkilab.x509 import csr, der, extensions, keys, pem, signature
from tests.x509.samples import ALTERNATIVE_NAMES, NAME, SUBJECTS, key, request, root

DER = serialization.Encoding.DER


def assembled(*, subject: bytes | None = None, attributes: bytes = b"", version: int = 0) -> bytes:
    """A request put together by hand, with a valid signature."""
    name = request().subject_der if subject is None else subject
    spki = keys.public_info(key().public_key())
    return signature.sealed(der.sequence(der.integer(version), name, spki, der.element(0xA0, attributes)), key())


def asking(*wanted: bytes, kind: str = "1.2.840.113549.1.9.14") -> bytes:
    return der.sequence(der.oid(kind), der.element(der.SET, der.sequence(*wanted)))


def alternative(*names: bytes) -> bytes:
    return extensions.Extension(extensions.ALTERNATIVE_NAMES, False, der.sequence(*names)).encoded


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_a_request_reads_back(algorithm: KeyAlgorithm) -> None:
    made = request(of=key(algorithm))
    assert csr.read(made.pem) == csr.read(made.pem.encode()) == csr.read(made.der) == csr.trusted(made.der) == made
    assert made.key == keys.describe(key(algorithm).public_key())
    assert made.fingerprint == Fingerprint.of(made.der)
    assert made.names == (f"DNS:{NAME}",)
    assert made.subject == ((("CN", NAME),),)


@given(SUBJECTS, st.lists(ALTERNATIVE_NAMES, max_size=4))
@settings(max_examples=50)
def test_any_subject_and_names_read_back(subject: DN, names: list[AlternativeName]) -> None:
    made = csr.build(key(), subject, names)
    read = csr.read(made.pem)
    assert read.subject == tuple((attribute,) for attribute in subject.attributes)
    assert read.names == tuple(str(name) for name in names)


def test_cryptography_reads_what_is_built() -> None:
    made = x509.load_der_x509_csr(request().der)
    assert made.is_signature_valid
    assert made.subject.rfc4514_string() == f"CN={NAME}"
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert names.value.get_values_for_type(x509.DNSName) == [NAME]
    assert not names.critical


def test_a_request_without_names_asks_for_no_extension() -> None:
    made = request(names=())
    assert made.extensions == ()
    assert len(x509.load_der_x509_csr(made.der).extensions) == 0


SPACES: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "one line": lambda text: text.replace("\n", " "),
    "indented": lambda text: "\n\n   " + text.replace("\n", "\n\t  "),
    "no last newline": str.strip,
    "lines of 76": lambda text: text.replace("\n", "", 3),
    "the other label": lambda text: text.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
    "text before": lambda text: "Certificate Request:\n    Data:\n" + text,
    "byte order mark": lambda text: "\ufeff" + text,
    "spread label": lambda text: text.replace("BEGIN CERTIFICATE ", "BEGIN\r\n CERTIFICATE\n"),
}


@pytest.mark.parametrize("how", SPACES)
def test_white_space_and_labels_of_other_programs_are_taken(how: str) -> None:
    text = SPACES[how](request().pem)
    assert csr.read(text) == csr.read(text.encode()) == request()


def test_requested_extensions_are_listed_and_only_names_honoured() -> None:
    usage = extensions.key_usage(["keyCertSign"]).encoded
    unknown = extensions.Extension("1.2.3.4", True, b"anything").encoded
    wanted = asking(usage, alternative(der.element(0x82, b"a.test")), unknown)
    read = csr.read(assembled(attributes=wanted))
    assert read.extensions == (
        RequestedExtension(oid="2.5.29.15", name="keyUsage", honoured=False),
        RequestedExtension(oid="2.5.29.17", name="subjectAltName", honoured=True),
        RequestedExtension(oid="1.2.3.4", name="1.2.3.4", honoured=False),
    )
    assert read.names == ("DNS:a.test",)


def test_the_older_attribute_of_microsoft_is_read() -> None:
    attributes = asking(alternative(der.element(0x82, b"a.test")), kind="1.3.6.1.4.1.311.2.1.14")
    assert csr.read(assembled(attributes=attributes)).names == ("DNS:a.test",)


def test_other_attributes_are_passed_over() -> None:
    challenge = der.sequence(der.oid("1.2.840.113549.1.9.7"), der.element(der.SET, der.element(0x0C, b"secret")))
    assert csr.read(assembled(attributes=challenge)).extensions == ()


def test_an_empty_subject_is_read() -> None:
    assert csr.read(assembled(subject=der.sequence())).subject == ()


def test_long_and_odd_subjects_of_others_are_read_quietly() -> None:
    long = "é" * 64  # cryptography warns of more than 64 octets
    name = der.sequence(
        der.element(der.SET, der.sequence(der.oid("2.5.4.3"), der.element(0x0C, long.encode()))),
        der.element(der.SET, der.sequence(der.oid("2.5.4.6"), der.element(0x13, b"Chile"))),
        der.element(der.SET, der.sequence(der.oid("2.5.4.45"), der.element(0x03, b"\0\x01"))),
    )
    read = csr.read(assembled(subject=name))
    assert read.subject == ((("CN", long),), (("C", "Chile"),), (("2.5.4.45", "#03020001"),))
    assert read.subject_der == name


def tampered(octets: bytes) -> bytes:
    return octets.replace(NAME.encode(), NAME.replace("s", "z").encode())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no BEGIN CERTIFICATE REQUEST"),
        ("", "no BEGIN CERTIFICATE REQUEST"),
        ("hello", "no BEGIN CERTIFICATE REQUEST"),
        (root().pem, "holds CERTIFICATE"),
        (root().der, "cannot be decoded"),
        (pem.write("CERTIFICATE REQUEST", b"x"), "cannot be decoded"),
        (request().pem[:-40], "does not end"),
        (request().pem.replace("M", "*", 1), "no base64"),
        (request().der + b"\0", "no BEGIN"),
        (tampered(request().der), "not made with the key"),
        (assembled(version=1), "cannot be decoded"),
        (assembled(attributes=asking(alternative(der.element(0x82, b"a\0b")))), "characters"),
        (assembled(attributes=asking(alternative(der.element(0x82, b"a")) * 2)), "cannot be decoded"),
        (assembled(attributes=asking(alternative()) * 2), "cannot be decoded"),
        (
            assembled(
                subject=der.sequence(der.element(der.SET, der.sequence(der.oid("2.5.4.3"), der.element(0x0C, b"a\nb"))))
            ),
            "CN in its subject",
        ),
    ],
)
def test_what_is_no_request_says_why(data: bytes | str, why: str) -> None:
    with pytest.raises(InvalidCSR, match=why):
        csr.read(data)


def test_a_request_signed_by_another_key_is_no_proof() -> None:
    info, algorithm, _ = der.members(request().der)
    stolen = key(KeyAlgorithm.EC_P256, 2).sign(info.raw, ec.ECDSA(hashes.SHA256()))  # type: ignore[call-arg, arg-type]
    with pytest.raises(InvalidCSR, match="not made with the key"):
        csr.read(der.sequence(info.raw, algorithm.raw, der.bit_string(stolen)))


def signed_with(of: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, hashing: hashes.HashAlgorithm) -> bytes:
    builder = x509.CertificateSigningRequestBuilder(x509.Name.from_rfc4514_string("CN=x"))
    return builder.sign(of, hashing).public_bytes(DER)  # type: ignore[arg-type]


def test_weak_keys_are_refused() -> None:
    with pytest.raises(WeakKey, match="1024"):
        csr.read(signed_with(rsa.generate_private_key(65537, 1024), hashes.SHA256()))  # noqa: S505 - weak on purpose
    with pytest.raises(WeakKey, match="secp256k1"):
        csr.read(signed_with(ec.generate_private_key(ec.SECP256K1()), hashes.SHA256()))


def test_a_key_of_an_algorithm_that_nobody_knows_is_refused() -> None:
    spki = der.sequence(der.sequence(der.oid("1.2.3.4")), der.bit_string(b"key"))
    info = der.sequence(der.integer(0), request().subject_der, spki, der.element(0xA0))
    with pytest.raises(WeakKey, match="not known"):
        csr.read(signature.sealed(info, key()))


def test_a_key_restricted_to_pss_is_refused() -> None:
    of = key(KeyAlgorithm.RSA_2048)
    assert isinstance(of, rsa.RSAPrivateKey)
    bits = der.members(keys.public_info(of.public_key()))[1].raw
    spki = der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.10")), bits)
    with pytest.raises(WeakKey, match="PSS"):
        csr.read(signature.sealed(der.sequence(der.integer(0), der.sequence(), spki, der.element(0xA0)), of))


def test_a_signature_with_pss_is_taken() -> None:
    of = key(KeyAlgorithm.RSA_2048)
    assert isinstance(of, rsa.RSAPrivateKey)
    builder = x509.CertificateSigningRequestBuilder(x509.Name.from_rfc4514_string("CN=x"))
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    made = builder.sign(of, hashes.SHA256(), rsa_padding=pss).public_bytes(DER)
    assert csr.read(made).signature_algorithm == "RSASSA-PSS"


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_any_bytes_or_text_raise_nothing_else(data: bytes | str) -> None:
    with pytest.raises((InvalidCSR, WeakKey)):
        csr.read(data)


@given(st.binary(max_size=300))
def test_any_bytes_in_pem_or_a_sequence_raise_nothing_else(data: bytes) -> None:
    for each in (pem.write("CERTIFICATE REQUEST", data), der.sequence(data), der.sequence(der.sequence(data), data)):
        with pytest.raises((InvalidCSR, WeakKey)):
            csr.read(each)


@settings(max_examples=500)
@given(st.data())
def test_a_request_changed_anywhere_raises_nothing_else(data: st.DataObject) -> None:
    octets = bytearray(request(names=("DNS:a.test", "IP:10.0.0.7", "email:a@b.test")).der)
    for _ in range(data.draw(st.integers(1, 3))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(InvalidCSR, WeakKey):
        csr.read(bytes(octets))


@settings(max_examples=300)
@given(st.binary(max_size=100), st.binary(max_size=100))
def test_a_well_signed_request_of_any_content_raises_nothing_else(subject: bytes, attributes: bytes) -> None:
    for name, more in (
        (subject, attributes),
        (der.sequence(subject), der.sequence(attributes)),
        (request().subject_der, asking(attributes)),
        (request().subject_der, asking(alternative(attributes))),
    ):
        with contextlib.suppress(InvalidCSR, WeakKey):
            csr.read(assembled(subject=name, attributes=more))


def test_a_sentence_stays_short_whatever_comes() -> None:
    many = "".join(f"-----BEGIN A{number}-----\nMQ==\n-----END A{number}-----\n" for number in range(1000))
    with pytest.raises(InvalidCSR) as refused:
        csr.read(many)
    assert len(str(refused.value)) < 200
