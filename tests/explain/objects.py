"""What the tests of `pkilab.explain` look at: real files, the lab's own objects, and octets spoilt by chance."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import certifi
import cryptography_vectors
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from pkilab.explain.node import Node
from pkilab.explain.tree import Tree
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.usage import Usage
from pkilab.x509 import keys, pem
from tests.x509 import samples

PASSWORD = "correct horse battery staple"
VECTORS = Path(cryptography_vectors.__file__).parent
SYSTEM = Path("/etc/ssl/certs")


def certificates(path: Path) -> Iterator[bytes]:
    """The certificates in a file that cryptography parses, in DER."""
    data = path.read_bytes()
    try:
        found = [b.der for b in pem.blocks(data) if "CERTIFICATE" in b.label] if b"-----BEGIN" in data else [data]
    except ValueError:
        return
    for octets in found:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of serial numbers and the like, which are what is to be explained
                x509.load_der_x509_certificate(octets)
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
            continue
        yield octets


@lru_cache
def real_certificates() -> dict[str, bytes]:
    """Every certificate of the system's trust store, of certifi, and of cryptography's vectors."""
    places = [*sorted(SYSTEM.glob("*.pem")), Path(certifi.where())]
    places += sorted(path for path in (VECTORS / "x509").rglob("*") if path.is_file())
    return {f"{path.name}#{at}": found for path in places for at, found in enumerate(certificates(path))}


@lru_cache
def own_objects() -> dict[str, bytes]:
    """Each kind of object that pkilab makes, of each algorithm."""
    found: dict[str, bytes] = {}
    for algorithm in KeyAlgorithm:
        key = samples.key(algorithm)
        root = samples.root(algorithm)
        request = samples.request(of=key)
        found[f"root {algorithm}"] = root.der
        found[f"request {algorithm}"] = request.der
        found[f"issued {algorithm}"] = samples.issued(request, issuer=root, issuer_key=key).der
        found[f"key {algorithm}"] = next(pem.blocks(keys.dump(key, None))).der
        found[f"public key {algorithm}"] = keys.public_info(key.public_key())
    found["intermediate"] = samples.issued(usage=Usage.INTERMEDIATE, path_length=0).der
    found["code signing"] = samples.issued(usage=Usage.CODE_SIGNING).der
    found["sealed key"] = next(pem.blocks(keys.dump(samples.key(), PASSWORD))).der
    found["CRL"] = crl(3)
    found.update(ocsp_objects())
    return found


def crl(entries: int) -> bytes:
    """A list by cryptography's builder, with a reason on every third entry."""
    root, key = samples.foreign(samples.root()), samples.key()
    begin = samples.START
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.subject)
    builder = builder.last_update(begin).next_update(begin + timedelta(days=7))
    revoked = []
    for at in range(entries):
        entry = x509.RevokedCertificateBuilder().serial_number(at + 1).revocation_date(begin)
        if at % 3 == 0:
            entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
        revoked.append(entry.build())
    builder._revoked_certificates = revoked  # adding them one by one copies the list each time
    builder = builder.add_extension(x509.CRLNumber(1), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def ocsp_objects() -> dict[str, bytes]:
    """A question and its answer."""
    root, leaf = samples.foreign(samples.root()), samples.foreign(samples.issued())
    asked = ocsp.OCSPRequestBuilder().add_certificate(leaf, root, hashes.SHA1())  # noqa: S303 - of names, as everybody does
    asked = asked.add_extension(x509.OCSPNonce(bytes(16)), critical=False)
    answered = ocsp.OCSPResponseBuilder().add_response(
        cert=leaf,
        issuer=root,
        algorithm=hashes.SHA1(),  # noqa: S303 - as above
        cert_status=ocsp.OCSPCertStatus.REVOKED,
        this_update=samples.START,
        next_update=samples.START + timedelta(hours=1),
        revocation_time=samples.START,
        revocation_reason=x509.ReasonFlags.superseded,
    )
    answered = answered.responder_id(ocsp.OCSPResponderEncoding.HASH, root)
    signed = answered.sign(samples.key(), hashes.SHA256())
    der = serialization.Encoding.DER
    return {"OCSP request": asked.build().public_bytes(der), "OCSP response": signed.public_bytes(der)}


def check_owned(tree: Tree) -> int:
    """See that each octet belongs to exactly one node, in order; how many nodes there are."""
    at, count = 0, 0
    for node in tree.walk():
        start, end = node.owned
        assert start == at, f"{node} owns from {start} on, but {at} is next"
        assert end >= start
        _check_inside(node)
        at, count = end, count + 1
    assert at == len(tree.data)
    return count


def _check_inside(node: Node) -> None:
    assert 0 <= node.offset <= node.end <= len(node.tree.data)
    if node.parent is not None:
        assert node.parent.start <= node.offset
        assert node.end <= node.parent.end


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Octets spoilt: some are changed, put in, taken out, doubled or cut off, or a length is made to lie."""
    octets = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(octets)) if octets else 0
        kind = chance.randrange(8)
        if kind == 0 and octets:
            octets[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and octets:
            octets[at] = chance.choice((0x00, 0x30, 0x7F, 0x80, 0x81, 0x84, 0x88, 0xA0, 0xFF))
        elif kind == 2:
            octets[at:at] = chance.randbytes(chance.randrange(1, 9))
        elif kind == 3:
            del octets[at : at + chance.randrange(1, 9)]
        elif kind == 4:
            del octets[at:]
        elif kind == 5:
            end = at + chance.randrange(1, 40)
            octets[at:at] = octets[at:end]
        elif kind == 6:
            octets[at:at] = b"\x30\x80" * chance.randrange(1, 200)
        else:
            octets[at:at] = chance.choice(
                (b"\0\0", b"\x24\x80", b"\x1f\xff\xff\xff\xff\xff", b"\x30\x84\xff\xff\xff\xff")
            )
    return bytes(octets)
