"""Whatever may be a private key shows no octet of it: cut off, with bits turned over, in PEM or not, or of no kind."""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from pkilab.explain import explain, lines, wary
from pkilab.explain.kinds import told
from pkilab.explain.reading import Explained
from pkilab.explain.record import record
from pkilab.explain.search import matches
from pkilab.explain.tell import tell
from pkilab.forms.parts.panes import Panes
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.request import pem as armoured
from pkilab.views import explained
from pkilab.x509 import container, der, keys, pem
from tests.explain.objects import check_owned, mutated, own_objects, real_certificates
from tests.explain.test_reading import private_parts
from tests.x509 import samples
from tests.x509.samples import PASSWORD

ALGORITHMS = (KeyAlgorithm.EC_P256, KeyAlgorithm.ED25519, KeyAlgorithm.ML_DSA_44, KeyAlgorithm.RSA_2048)
LEAST = 18
"""Octets of an end that is looked at: fewer can by chance be one whole string, which is hidden only from 16 on."""
RUN = 4
"""Octets of a secret in a row that may be nowhere."""


@lru_cache
def forms() -> dict[str, tuple[bytes, tuple[bytes, ...]]]:
    """Each form in which a private key stands in clear, with what is secret in it."""
    found = {}
    for algorithm in ALGORITHMS:
        key = samples.key(algorithm)
        secrets = tuple(private_parts(key))
        data = next(pem.blocks(keys.dump(key, None))).der
        if algorithm is KeyAlgorithm.ML_DSA_44:
            secrets = (data[-32:],)
        found[f"PKCS #8, {algorithm}"] = data, secrets
        if algorithm in {KeyAlgorithm.EC_P256, KeyAlgorithm.RSA_2048}:
            old = key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
            found[f"old, {algorithm}"] = old, secrets
    key = samples.key()
    open_key = der.sequence(der.oid("1.2.840.113549.1.12.10.1.1"), der.element(0xA0, found["PKCS #8, ec-p256"][0]))
    found["SafeContents"] = der.sequence(open_key), tuple(private_parts(key))
    return found


def leaks(text: str, secrets: tuple[bytes, ...]) -> list[str]:
    """The pieces of secrets that are in a text, as hex in any form."""
    digits = re.sub(r"(?<=[0-9a-f]{2})[ :]+(?=[0-9a-f]{2}\b)", "", text.lower())
    return [
        piece
        for secret in secrets
        for at in range(len(secret) - RUN + 1)
        if (piece := secret[at : at + RUN].hex()) in digits
    ]


def everything(found: Explained) -> str:
    """All that a terminal, a notebook, a page, or JSON is given."""
    text = [*lines.overview(found), *lines.octets(found), json.dumps(record(found, octets=True)), repr(found)]
    text.append(explained.html(found))
    for part in found.parts:
        panes = Panes(part.tree)
        text += [panes.octets(begin)[0].hex() for begin in range(0, len(part.tree.data), 4096)]
        for node in part.tree.walk():
            text += [json.dumps(panes.row(node)), json.dumps(panes.explanation(node)), *lines.full(node)]
    return "\n".join(text)


def check(data: bytes | str, secrets: tuple[bytes, ...]) -> None:
    found = explain(data)
    for part in found.parts:
        check_owned(part.tree)
    assert leaks(everything(found), secrets) == []


def spoilt(data: bytes, *, seed: int, count: int) -> Iterator[bytes]:
    """Octets of which every part was cut off once, bits turned over, and worse."""
    chance = random.Random(seed)
    for at in sorted({*range(min(len(data), 80)), *chance.sample(range(len(data)), min(len(data), 20))}):
        yield data[:at]
        if len(data) - at >= LEAST:
            yield data[at:]
    for at in range(min(len(data), 48)):
        for bit in range(8):
            yield data[:at] + bytes((data[at] ^ 1 << bit,)) + data[at + 1 :]
    for _ in range(count):
        yield mutated(data, chance)


@pytest.mark.parametrize("name", forms())
@pytest.mark.parametrize("part", [8, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"])
def test_of_a_damaged_key_in_bare_der_no_octet_is_shown(name: str, part: int) -> None:
    data, secrets = forms()[name]
    for octets in islice(spoilt(data, seed=5, count=120 if len(data) > 300 else 300), part // 2, None, part):
        try:
            check(octets, secrets)
        except AssertionError as error:
            error.add_note(f"{octets.hex()} of {data.hex()}")
            raise


@pytest.mark.parametrize("name", forms())
def test_nor_in_damaged_pem_base64_or_hex(name: str) -> None:
    data, secrets = forms()[name]
    chance, text = random.Random(11), armoured("PRIVATE KEY", data).encode()
    bare = base64.b64encode(data)
    secrets += tuple(base64.b64encode(secret)[8:-8] for secret in secrets)
    inputs = [mutated(each, chance) for each in (text, bare) for _ in range(12)]
    inputs += [text.replace(b"PRIVATE", b"PRIVATF"), text.replace(b"-----END", b"----END"), text[: len(text) * 2 // 3]]
    inputs += [bare[:-1], bare[:-3], data.hex().encode()[:-1], data.hex(" ").encode(), data.hex(":").upper().encode()]
    for each in inputs:
        check(each, secrets)


def test_a_key_before_or_behind_something_else_is_not_shown_either() -> None:
    for name, (data, secrets) in forms().items():
        certificate = samples.root().der
        for octets in (data + certificate, data[:-3] + certificate, certificate + data, certificate[:-2] + data):
            found = explain(octets)
            assert leaks("\n".join(lines.octets(found)), secrets) == [], name


def test_a_damaged_container_with_an_open_key_shows_none() -> None:
    chance = random.Random(3)
    data = container.write(samples.key(), samples.root(), [], PASSWORD, name="lab")
    opened = explain(data, password=PASSWORD)
    assert leaks(everything(opened), tuple(private_parts(samples.key()))) == []
    inside = opened.parts[0].opened[-1].tree.data
    for _ in range(100):
        check(mutated(inside, chance), tuple(private_parts(samples.key())))


def test_no_search_tells_what_is_in_a_damaged_key() -> None:
    data, (secret, *_) = forms()["PKCS #8, ec-p256"]
    for octets in (data[:-1], data[:20] + data[21:]):
        tree = explain(octets).tree
        assert matches(tree, secret[2:6].hex(" ")) == []
        assert Panes(tree).find(secret[2:6].hex(" ")) == []


def test_what_is_public_is_shown_though_it_is_damaged() -> None:
    chance, shown, count = random.Random(2), 0, 0
    for name, data in (*own_objects().items(), *list(real_certificates().items())[::60]):
        if "key" in name or "OCSP request" in name:
            continue
        for _ in range(5):
            kind, tree = told(mutated(data, chance))
            count += 1
            shown += not tree.private
            assert kind.name != "" or tree.private
    assert shown / count > 0.9


@pytest.mark.parametrize(
    "data",
    [
        b"hello world, this is no certificate, and nothing of it is a secret",
        bytes.fromhex("3003020105"),
        bytes.fromhex("300502010530"),
        "ein größerer Text, auch mit Umlauten".encode(),
        b"-----BEGIN CERTIFICATE-----\nMIIB",
    ],
)
def test_what_is_no_key_for_sure_is_shown(data: bytes) -> None:
    found = explain(data)
    assert not found.tree.private
    assert "not shown" not in "\n".join(lines.octets(found))


def test_of_something_unknown_only_what_is_long_and_no_text_is_hidden() -> None:
    name = der.element(der.UTF8_STRING, b"who knows what this may be for")
    data = der.sequence(name, der.integer(7), der.element(der.OCTET_STRING, bytes(range(128, 168))))
    text = "\n".join(lines.octets(explain(data)))
    assert "who knows what this may be for" in text
    assert "INTEGER: 7" in text
    assert "OCTET STRING: 40 octets, not shown" in text
    assert "80 81 82" not in text
    assert "80 81 82" in "\n".join(lines.octets(explain(data), secrets=True))


def test_whole_keys_and_whole_certificates_are_told_apart() -> None:
    for name, (data, _) in forms().items():
        assert wary.looks_like_key(data), name
        assert not wary.sure(data), name
    for name, data in own_objects().items():
        if name.split()[0] in {"root", "issued", "request", "CRL", "intermediate"}:
            assert wary.sure(data), name
    # A signature or a key may look like a sign by chance; then damage hides more than it has to.
    unsure = [name for name, data in real_certificates().items() if not wary.sure(data)]
    assert len(unsure) < 0.02 * len(real_certificates()), unsure


def signed(content: bytes, algorithm: KeyAlgorithm) -> bytes:
    """A CMS message that holds what it signs."""
    key, certificate = samples.key(algorithm), x509.load_der_x509_certificate(samples.root(algorithm).der)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())  # type: ignore[arg-type]  # RSA or EC
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities])


def streamed(message: bytes) -> bytes:
    """The same in BER, of indefinite lengths and in segments, as programs write it that have not seen the end yet."""
    root = explain(message).tree.root
    whole, eci = root.first("SignedData"), root.first("encapContentInfo")
    assert whole is not None
    assert eci is not None
    octets = eci.children[1].children[0].content
    half = len(octets) // 2
    segments = b"".join(der.element(0x04, each) for each in (octets[:half], octets[half:]))
    end = bytes(2)
    inner = b"\x30\x80" + eci.children[0].raw + b"\xa0\x80\x24\x80" + segments + 3 * end
    fields = b"".join(inner if each is eci else each.raw for each in whole.children)
    return b"\x30\x80" + root.children[0].raw + b"\xa0\x80\x30\x80" + fields + 3 * end


SIGNERS = (KeyAlgorithm.EC_P256, KeyAlgorithm.RSA_2048)


@pytest.mark.parametrize("algorithm", SIGNERS)
@pytest.mark.parametrize("in_pem", [False, True], ids=["DER", "PEM"])
def test_a_key_that_a_message_signs_is_hidden(algorithm: KeyAlgorithm, in_pem: bool) -> None:
    data, secrets = forms()["PKCS #8, ed25519"]
    if in_pem:
        data = armoured("PRIVATE KEY", data).encode()
        secrets = (b"".join(data.splitlines()[1:-1])[-40:],)
    for message in (signed(data, algorithm), streamed(signed(data, algorithm))):
        check(message, secrets)


@pytest.mark.parametrize("algorithm", SIGNERS)
def test_a_message_that_was_written_as_a_stream_is_explained(algorithm: KeyAlgorithm) -> None:
    tree = explain(streamed(signed(b"Good day", algorithm))).tree
    signature = tree.root.first("SignerInfo")
    assert signature is not None
    assert tell(signature).here.startswith("Checked with the certificate with number ")
    ends = [node for node in tree.walk() if node.name == "end of contents"]
    assert len(ends) == 6
    assert not any("secret" in tell(node).here for node in ends)
