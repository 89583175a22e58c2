"""Every certificate that there is can be explained, and openssl sees the same fields at the same offsets."""

import random
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime

from pkilab.explain import explain, summary, values
from pkilab.explain.kinds import told
from pkilab.explain.node import Node
from pkilab.explain.reading import as_kind
from pkilab.explain.tell import tell
from pkilab.explain.tree import Tree
from tests.explain.objects import SYSTEM, check_owned, real_certificates

JUDGED = 200
NUMBERED = re.compile(r"\s*(\d+):d=(\d+)\s+hl=(\d+)\s+l=\s*(\d+|inf)\s+(cons|prim):")
ALGORITHMS = {
    "rsassaPss": "RSASSA-PSS",
    "ED25519": "Ed25519",
    "ED448": "Ed448",
    "dsaWithSHA1": "dsa-with-SHA1",
    "dsa_with_SHA224": "dsa-with-SHA224",
    "dsa_with_SHA256": "dsa-with-SHA256",
    "sha1WithRSA": "sha1WithRSASignature",
    "GOST R 34.11-94 with GOST R 34.10-2001": "id-GostR3411-94-with-GostR3410-2001",
}
"""What openssl calls algorithms otherwise than the RFCs do."""


def chosen() -> list[str]:
    return sorted(random.Random(2026).sample(sorted(real_certificates()), JUDGED))


def test_there_are_many() -> None:
    assert len(real_certificates()) > 700
    assert not SYSTEM.exists() or any((SYSTEM / name.partition("#")[0]).exists() for name in real_certificates())


def test_every_one_is_explained_with_each_octet_owned_once() -> None:
    for name, data in real_certificates().items():
        kind, tree = told(data)
        assert kind.name == "certificate", name
        assert check_owned(tree) > 20
        for node in tree.walk():
            said = tell(node)
            assert said.here, (name, node)
            assert said.purpose, (name, node)
            assert said.clauses, (name, node)


def test_certifi_is_explained_as_one_file() -> None:
    import certifi

    with open(certifi.where(), "rb") as stream:  # noqa: PTH123 - a path as text
        found = explain(stream.read())
    assert len(found.parts) > 100
    assert {part.kind.name for part in found.parts} == {"certificate"}


def run(openssl: str, data: bytes, *arguments: str) -> str:
    done = subprocess.run([openssl, *arguments, "-inform", "DER"], input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8", "replace")


def elements(tree: Tree) -> list[tuple[int, int, int, int, bool]]:
    """Offset, depth, header, length and whether constructed, of what does not lie in a string."""

    def outside(node: Node) -> bool:
        above = node.parent
        while above is not None:
            if not above.constructed:
                return False
            above = above.parent
        return True

    return [(n.offset, n.depth, n.header, n.length, n.constructed) for n in tree.walk() if outside(n)]


def test_openssl_sees_the_same_elements_at_the_same_offsets(tool: Callable[[str], str]) -> None:
    openssl = tool("openssl")
    for name in chosen():
        data = real_certificates()[name]
        lines = [NUMBERED.match(line) for line in run(openssl, data, "asn1parse").splitlines()]
        seen = [(int(m[1]), int(m[2]), int(m[3]), int(m[4]), m[5] == "cons") for m in lines if m]
        assert elements(as_kind(data, "certificate")) == seen, name


def field(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    return found[1] if found else ""


def node(tree: Tree, *names: str) -> Node:
    found = tree.root.child(*names)
    assert found is not None, names
    return found


def extension(tree: Tree, called: str) -> Node | None:
    every = (each for each in tree.walk() if each.type.name == "Extension" and each.children)
    return next((each for each in every if summary.name_of(each.children[0]) == called), None)


def check_fields(text: str, tree: Tree) -> None:
    """See that what openssl prints is what is told."""
    serial = values.number(node(tree, "tbsCertificate", "serialNumber"))
    short = field(text, r"Serial Number: *(-?\d+) \(")
    long = field(text, r"Serial Number:\s*(?:\(Negative\))?\s*((?:[0-9a-f]{2}:)*[0-9a-f]{2})\s").replace(":", "")
    sign = -1 if "(Negative)" in text else 1
    assert serial == (int(short) if short else sign * int(long, 16))
    algorithm = field(text, r"Signature Algorithm: (.+)").strip()
    # openssl prints the one inside first.
    inside = summary.of(node(tree, "tbsCertificate", "signature")).split(" (")[0]
    assert inside == ALGORITHMS.get(algorithm, algorithm)
    for name, label in (("notBefore", "Not Before"), ("notAfter", "Not After ")):
        printed = field(text, rf"{label}: (.*) GMT")
        at = values.time(node(tree, "tbsCertificate", "validity", name))
        if printed:  # openssl prints nothing for years that it cannot
            assert at == datetime.strptime(printed, "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    bits = field(text, r"(?:RSA )?Public-Key: \((\d+) bit\)")
    modulus = tree.root.first("modulus")
    if modulus is not None and "Modulus" in text:
        assert summary.of(node(tree, "tbsCertificate", "subjectPublicKeyInfo")) == f"an RSA key of {bits} bits"
    check_extensions(text, tree)


def check_extensions(text: str, tree: Tree) -> None:
    constraints = re.search(r"X509v3 Basic Constraints:( critical)?\s*\n\s+CA:(TRUE|FALSE)(?:, pathlen:(\d+))?", text)
    there = extension(tree, "basicConstraints")
    if constraints:
        assert there is not None
        said = f"CA = {constraints[2]}" + (f", path length {constraints[3]}" if constraints[3] else "")
        assert summary.of(there) == f"basicConstraints{', critical' if constraints[1] else ''}: {said}"
    else:
        assert there is None or "X509v3 Basic Constraints" in text
    key = field(text, r"X509v3 Subject Key Identifier:.*\n\s+((?:[0-9A-F]{2}:)+[0-9A-F]{2})")
    named = extension(tree, "subjectKeyIdentifier")
    assert bool(key) <= (named is not None)
    if key and named is not None:
        assert key in tell(named).here
    names = set(re.findall(r"\bDNS:([^,\s]+)", field(text, r"X509v3 Subject Alternative Name:.*\n(.*)")))
    alternative = extension(tree, "subjectAltName")
    ours = [each for each in alternative.walk() if each.name == "dNSName"] if alternative is not None else []
    assert names == {summary.of(each) for each in ours if summary.of(each).isascii() and not each.troubles} | (
        names & {summary.of(each) for each in ours}
    )


def test_openssl_prints_the_same_fields(tool: Callable[[str], str]) -> None:
    openssl = tool("openssl")
    judged = 0
    for name in chosen():
        data = real_certificates()[name]
        done = subprocess.run(
            [openssl, "x509", "-inform", "DER", "-noout", "-text"], input=data, capture_output=True, check=False
        )
        if done.returncode:  # openssl is stricter in places where cryptography is not
            continue
        judged += 1
        try:
            check_fields(done.stdout.decode("utf-8", "replace"), as_kind(data, "certificate"))
        except AssertionError as error:
            error.add_note(name)
            raise
    assert judged > JUDGED * 0.95
