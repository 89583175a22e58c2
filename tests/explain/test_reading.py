"""PEM and DER, told apart; what a password seals is opened and secrets stay secret."""

import base64
import random
from pathlib import Path

import pytest

from pkilab.errors import WrongPassword
from pkilab.explain import explain, lines, unread
from pkilab.explain.record import record
from pkilab.explain.search import search
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.request import pem
from pkilab.x509 import keys
from pkilab.x509 import pem as reading
from tests.explain.objects import PASSWORD, VECTORS, mutated
from tests.x509 import samples

SECRETS = {algorithm: next(reading.blocks(keys.dump(samples.key(algorithm), None))).der for algorithm in KeyAlgorithm}


def everything(data: bytes, password: str | None = None) -> str:
    """All that is ever printed or recorded of some octets without being asked for secrets."""
    found = explain(data, password=password)
    return "\n".join((*lines.overview(found), *lines.octets(found), str(record(found, octets=True)), repr(found)))


def leaked(text: str, secret: bytes) -> bool:
    """Whether eight octets of a secret in a row are in a text, in hex of any form, or in decimal."""
    digits = "".join(c for c in text.lower() if c in "0123456789abcdef")
    return any(secret[at : at + 8].hex() in digits for at in range(0, len(secret) - 8, 4))


def private_parts(key: keys.PrivateKey) -> list[bytes]:
    """The numbers and octets of a private key that nobody else may see."""
    numbers = getattr(key, "private_numbers", None)
    if numbers is None:
        return [key.private_bytes_raw()]  # type: ignore[union-attr]
    found = numbers()
    names = ("private_value", "d", "p", "q", "dmp1", "dmq1", "iqmp")
    values = [getattr(found, name) for name in names if hasattr(found, name)]
    return [value.to_bytes((value.bit_length() + 7) // 8, "big") for value in values]


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_a_private_keys_secret_is_not_shown_unasked(algorithm: KeyAlgorithm) -> None:
    data = SECRETS[algorithm]
    text = everything(data)
    assert not [part for part in private_parts(samples.key(algorithm)) if leaked(text, part)]
    assert "not shown" in text
    shown = "\n".join(lines.octets(explain(data), secrets=True)) + str(record(explain(data), octets=True, secrets=True))
    assert all(leaked(shown, part) for part in private_parts(samples.key(algorithm)))


def test_of_a_damaged_private_key_no_secret_is_shown_either() -> None:
    chance = random.Random(3)
    for algorithm in (KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_44):
        secrets = private_parts(samples.key(algorithm))
        text = pem("PRIVATE KEY", SECRETS[algorithm])
        for _ in range(150):
            spoilt = pem("PRIVATE KEY", mutated(SECRETS[algorithm], chance)).encode()
            told = everything(spoilt)
            assert not [part for part in secrets if leaked(told, part)], spoilt
        cut = text[: len(text) // 2].encode()
        assert not [part for part in secrets if leaked(everything(cut), part)]


@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_a_sealed_key_is_opened_by_its_password_and_its_secret_stays_hidden(algorithm: KeyAlgorithm) -> None:
    data = keys.dump(samples.key(algorithm), PASSWORD)
    outside = explain(data)
    assert outside.sealed
    assert not outside.parts[0].opened
    found = explain(data, password=PASSWORD)
    (inside,) = found.parts[0].opened
    assert inside.kind.name == "private key"
    assert inside.tree.data == SECRETS[algorithm]
    assert not [part for part in private_parts(samples.key(algorithm)) if leaked(everything(data, PASSWORD), part)]
    assert PASSWORD not in everything(data, PASSWORD)


def test_a_wrong_password_is_said() -> None:
    data = keys.dump(samples.key(), PASSWORD)
    with pytest.raises(WrongPassword) as caught:
        explain(data, password="wrong horse", path=Path("Santiago.key"))
    assert caught.value.path == Path("Santiago.key")


@pytest.mark.parametrize(
    ("name", "password", "bags"),
    [
        ("pkcs12/cert-key-aes256cbc.p12", "cryptography", 2),
        ("pkcs12/cert-none-key-none.p12", "cryptography", 0),
        ("pkcs12/no-cert-key-aes256cbc.p12", "cryptography", 1),
    ],
)
def test_a_container_is_opened_bag_by_bag(name: str, password: str, bags: int) -> None:
    (part,) = explain((VECTORS / name).read_bytes(), password=password).parts
    assert part.kind.name == "PKCS#12 container"
    opened = [each for top in part.opened for each in (top, *top.opened)]
    assert len(opened) == bags
    assert all(each.kind.name in {"SafeContents", "private key"} for each in opened)


def test_a_cipher_that_is_not_offered_is_named_and_the_rest_is_opened() -> None:
    (part,) = explain((VECTORS / "pkcs12" / "cert-rc2-key-3des.p12").read_bytes(), password="cryptography").parts
    assert "1.2.840.113549.1.12.1.6" in part.closed_as
    assert [each.kind.name for each in part.opened] == ["private key"]


def test_a_key_that_is_sealed_in_the_old_way_is_opened() -> None:
    data = (VECTORS / "asymmetric" / "Traditional_OpenSSL_Serialization" / "key1.pem").read_bytes()
    outside = explain(data)
    assert outside.sealed
    assert "only the password" in str(outside)
    (inside,) = explain(data, password="123456").parts[0].opened
    assert inside.kind.name == "RSA private key"
    with pytest.raises(WrongPassword):
        explain(data, password="wrong horse")


def test_a_password_that_is_not_needed_is_ignored() -> None:
    assert explain(samples.root().der, password=PASSWORD).parts[0].kind.name == "certificate"


def test_each_block_of_a_chain_is_explained() -> None:
    text = "about nothing\n" + samples.issued().pem + "\n# the root\n" + samples.root().pem
    found = explain(text)
    assert [part.kind.name for part in found.parts] == ["certificate", "certificate"]
    assert [part.tree.data for part in found.parts] == [samples.issued().der, samples.root().der]


def test_a_label_that_does_not_fit_is_named() -> None:
    (part,) = explain(pem("CERTIFICATE", samples.request().der)).parts
    assert part.kind.name == "certificate request"
    assert part.remark == "The label says a certificate, but it is a certificate signing request."


def test_a_label_that_nobody_knows_is_named() -> None:
    (part,) = explain(pem("FRIENDLY GREETING", samples.root().der)).parts
    assert part.kind.name == "certificate"
    assert "FRIENDLY GREETING is not known" in part.remark


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a single octet"),
        (b"hello world, this is no certificate", "neither PEM nor DER; it begins with 68 65 6C 6C 6F"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB", "does not end"),
        (b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----", "no base64"),
        (b"\x00" * 40, "neither PEM nor DER"),
    ],
)
def test_what_is_nothing_is_explained_as_that(data: bytes, words: str) -> None:
    assert words in str(explain(data))


def test_base64_without_lines_round_it_is_understood() -> None:
    import base64

    (part,) = explain(base64.b64encode(samples.root().der)).parts
    assert part.tree.data == samples.root().der


def test_fields_are_found_by_name_number_value_and_offset() -> None:
    found = explain(samples.issued().der)
    by_name = search(found, "KeyUsage")
    assert by_name is not None
    assert by_name.type.name == "Extension"
    assert search(found, "2.5.29.15") is by_name
    assert search(found, "Key usage") is by_name
    assert search(found, "critical: digitalSignature") is by_name
    assert search(found, str(by_name.offset)) is by_name
    assert search(found, hex(by_name.offset)) is by_name
    assert search(found, "9999999") is None
    assert search(found, "nothing of the kind") is None
    assert search(found, " ") is None


def test_what_a_password_opened_is_searched_too() -> None:
    found = explain(keys.dump(samples.key(), PASSWORD), password=PASSWORD)
    node = search(found, "privateKeyAlgorithm")
    assert node is not None
    assert node.tree is found.parts[0].opened[0].tree


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"Dear Ana, here is what you asked for.", "It looks like text."),
        (b"AB 82 01 0a 02 82 01 01", "It looks like hexadecimal digits, but what they say is no DER"),
        (b"0xab82010a02820101", "It looks like hexadecimal digits"),
        (b"TUlJQm9qQ0NBVWlnQXdJQkFnSUJBVEFLQmdncWhrak9QUVFEQWpBV01SUXdF", "It looks like base64"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "It looks like a binary file of another kind"),
        (b"\xff\xfe\x00", "It looks like a binary file of another kind"),
        ("año nuevo\n".encode(), "It looks like text."),
        (b"", unread.READ),
        (b"-----BEGIN CERTIFICATE-----\nMIIB", unread.READ),
    ],
)
def test_what_cannot_be_read_says_what_it_looks_like_and_what_can_be_read(data: bytes, looks: str) -> None:
    (part,) = explain(data).parts
    assert part.said == f"neither PEM nor DER, {len(data)} octets"
    assert part.remark.startswith(looks)
    assert part.remark.endswith(unread.READ)
    assert part.remark in str(explain(data))


@pytest.mark.parametrize("between", ["", " ", ":", ", ", "\r\n"])
@pytest.mark.parametrize("begin", ["", "0x", "\n "])
def test_hex_is_read_as_the_octets_that_it_says(between: str, begin: str) -> None:
    data = samples.root().der
    text = begin + (between.join(f"{octet:02X}" for octet in data) if between else data.hex()) + "\n"
    (part,) = explain(text.encode()).parts
    assert part.tree.data == data
    assert part.kind.name == "certificate"


def test_a_private_key_in_hex_is_a_private_key() -> None:
    data = SECRETS[KeyAlgorithm.EC_P256]
    for text in (data.hex(), data.hex(":"), f"0x{data.hex(' ').upper()}"):
        (part,) = explain(text).parts
        assert part.kind.name == "private key"
        assert not any(leaked(everything(text.encode()), number) for number in private_parts(samples.key()))


def test_pem_round_what_is_no_der_is_not_called_no_pem() -> None:
    (part,) = explain(pem("FRIENDLY GREETING", b"hello world, hello world")).parts
    assert part.said == "no DER, 24 octets (PEM, FRIENDLY GREETING)"
    said = str(explain(pem("CERTIFICATE", b"hello")))
    assert "What the base64 between BEGIN and END says is no DER" in said
    assert "The label says a certificate, but what stands below it is none." in said
    assert "neither PEM" not in said


def test_short_base64_without_lines_round_it_is_understood_too() -> None:
    import base64

    key = samples.key(KeyAlgorithm.EC_P256)
    for octets, kind in (
        (keys.public_info(key.public_key()), "public key"),
        (explain(keys.dump(key, None)).tree.data, "private key"),
    ):
        (part,) = explain(base64.b64encode(octets)).parts
        assert part.tree.data == octets
        assert part.kind.name == kind
        assert part.tree.private == (kind == "private key")


def test_a_key_in_openssh_form_is_named_and_stays_hidden() -> None:
    body = base64.b64encode(b"openssh-key-v1\0" + bytes(range(200))).decode()
    part = explain(f"-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\n").parts[0]
    assert part.remark.startswith("It is in OpenSSH's own form, which is no DER.")
    assert part.tree.private


@pytest.mark.parametrize(
    "text", ["0123456789 things to buy, and a list that goes on behind the fiftieth letter", "00000000: 3082 03f7 " * 9]
)
def test_a_text_that_begins_with_a_zero_is_a_text(text: str) -> None:
    part = explain(text).parts[0]
    assert part.kind.name == "nonsense"
    assert part.remark.startswith("It looks like ")
