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


def check_fields(text: str, tree: Tree) -> None:
    """See that what openssl prints is what is told."""
    version = tree.root.child("tbsCertificate", "version")
    number = values.number(version.children[0]) if version is not None else 0
    assert field(text, r"Version: (\d+) ") == str((number or 0) + 1)
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
    assert lines_of(text, "Issuer:", "        Validity") == named(node(tree, "tbsCertificate", "issuer"))
    assert lines_of(text, "Subject:", "        Subject Public Key Info") == named(
        node(tree, "tbsCertificate", "subject")
    )
    bits = field(text, r"(?:RSA )?Public-Key: \((\d+) bit\)")
    modulus = tree.root.first("modulus")
    if modulus is not None and "Modulus" in text:
        assert summary.of(node(tree, "tbsCertificate", "subjectPublicKeyInfo")) == f"an RSA key of {bits} bits"
    check_extensions(text, tree)


def lines_of(text: str, begin: str, end: str) -> list[str]:
    """The lines of a name, as openssl prints them with numbers for the attributes."""
    block = text[text.index(f"        {begin}") : text.index(end)].removeprefix(f"        {begin}")
    return [line.removeprefix(" " * 12) for line in block.splitlines() if line.strip()]


def named(name: Node) -> list[str]:
    """The same of ours: each relative name, its parts with their numbers and values."""
    return [
        " + ".join(f"{values.oid(part.children[0])}={value(part.children[1])}" for part in relative.children)
        for relative in name.children
    ]


def value(of: Node) -> str:
    """What an attribute says; what is no text openssl prints as the letters of its octets."""
    found = values.text(of)
    return values.bit_octets(of).decode("latin-1") if found is None else found


def check_extensions(text: str, tree: Tree) -> None:
    ours = [each for each in tree.walk() if each.type.name == "Extension" and each.field.owner == "Extensions"]
    begin, end = text.find("X509v3 extensions:"), text.rindex("    Signature Algorithm:")
    printed = EXTENSION.findall(text[begin:end]) if begin >= 0 else []
    assert [each[:2] for each in printed] == [(title(each), " critical" if critical(each) else "") for each in ours]
    for (_, _, said), each in zip(printed, ours, strict=True):
        check = CHECKS.get(summary.name_of(each.children[0]))
        if check is not None:
            check(said, each)


def title(each: Node) -> str:
    """What openssl calls an extension."""
    return TITLES.get(summary.name_of(each.children[0]), values.oid(each.children[0]))


def critical(each: Node) -> bool:
    flag = each.child("critical")
    return flag is not None and bool(values.truth(flag))


def check_constraints(printed: str, each: Node) -> None:
    found = re.search(r"CA:(TRUE|FALSE)(?:, pathlen:(\d+))?", printed)
    assert found is not None
    said = f"CA = {found[1]}" + (f", path length {found[2]}" if found[2] else "")
    assert summary.of(each) == f"basicConstraints{', critical' if critical(each) else ''}: {said}"


def check_key(printed: str, each: Node) -> None:
    assert printed.strip() in tell(each).here


def check_issuer_key(printed: str, each: Node) -> None:
    found = each.first("keyIdentifier")
    keyid = re.search(r"((?:[0-9A-F]{2}:)*[0-9A-F]{2})\n", printed)
    assert (found is None) or (keyid is not None and keyid[1] == found.content.hex(":").upper())


def check_usage(printed: str, each: Node) -> None:
    words = [] if printed.strip() in {"", "...."} else [word.strip() for word in printed.split(",")]
    inner = each.first("KeyUsage")
    assert inner is not None
    names = ["Digital Signature", "Non Repudiation", "Key Encipherment", "Data Encipherment", "Key Agreement"]
    names += ["Certificate Sign", "CRL Sign", "Encipher Only", "Decipher Only"]
    assert words == [names[bit] for bit in values.bits(inner)]


def check_purposes(printed: str, each: Node) -> None:
    words = [word.strip() for word in printed.split(",")]
    ours = [summary.name_of(one) for one in each.walk() if one.name == "KeyPurposeId"]
    assert ours == [PURPOSES.get(word, word) for word in words]


def check_names(printed: str, each: Node) -> None:
    """See that the names and addresses are printed; those of odd letters openssl writes in another way."""
    kinds = {"dNSName": "DNS", "rfc822Name": "email", "uniformResourceIdentifier": "URI"}
    for one in each.walk():
        label = kinds.get(one.name)
        said = summary.of(one)
        if label and said.isascii() and not one.troubles and len(said) <= 200:
            assert f"{label}:{said}" in printed


def check_policies(printed: str, each: Node) -> None:
    dotted = [values.oid(one) for one in each.walk() if one.name == "policyIdentifier"]
    words = re.findall(r"Policy: (.+)", printed)
    if words:  # it prints octets where it cannot read them
        assert [one for one, word in zip(dotted, words, strict=True) if word[0].isdigit() and one != word] == []


EXTENSION = re.compile(r"^ {12}(\S[^\n]*?):( critical)? *\n((?:(?! {12}\S).*\n)*)", re.MULTILINE)
"""The heading of an extension, and what stands below it."""
TITLES = {
    "keyUsage": "X509v3 Key Usage",
    "subjectKeyIdentifier": "X509v3 Subject Key Identifier",
    "basicConstraints": "X509v3 Basic Constraints",
    "authorityKeyIdentifier": "X509v3 Authority Key Identifier",
    "certificatePolicies": "X509v3 Certificate Policies",
    "cRLDistributionPoints": "X509v3 CRL Distribution Points",
    "subjectAltName": "X509v3 Subject Alternative Name",
    "issuerAltName": "X509v3 Issuer Alternative Name",
    "authorityInfoAccess": "Authority Information Access",
    "policyConstraints": "X509v3 Policy Constraints",
    "extKeyUsage": "X509v3 Extended Key Usage",
    "policyMappings": "X509v3 Policy Mappings",
    "nameConstraints": "X509v3 Name Constraints",
    "inhibitAnyPolicy": "X509v3 Inhibit Any Policy",
    "freshestCRL": "X509v3 Freshest CRL",
    "subjectInfoAccess": "Subject Information Access",
    "privateKeyUsagePeriod": "X509v3 Private Key Usage Period",
    "signedCertificateTimestampList": "CT Precertificate SCTs",
    "ctPoison": "CT Precertificate Poison",
    "netscapeCertType": "Netscape Cert Type",
    "netscapeComment": "Netscape Comment",
    "ocspNoCheck": "OCSP No Check",
    "tlsFeature": "TLS Feature",
    "1.2.643.100.111": "Signing Tool of Subject",
    "1.2.643.100.112": "Signing Tool of Issuer",
}
"""What openssl calls extensions; those that it does not know it calls by their number."""
PURPOSES = {
    "TLS Web Server Authentication": "serverAuth",
    "TLS Web Client Authentication": "clientAuth",
    "Code Signing": "codeSigning",
    "E-mail Protection": "emailProtection",
    "Time Stamping": "timeStamping",
    "OCSP Signing": "OCSPSigning",
    "Any Extended Key Usage": "anyExtendedKeyUsage",
    "Netscape Server Gated Crypto": "nsSGC",
}
CHECKS: dict[str, Callable[[str, Node], None]] = {
    "basicConstraints": check_constraints,
    "subjectKeyIdentifier": check_key,
    "authorityKeyIdentifier": check_issuer_key,
    "keyUsage": check_usage,
    "extKeyUsage": check_purposes,
    "subjectAltName": check_names,
    "cRLDistributionPoints": check_names,
    "authorityInfoAccess": check_names,
    "certificatePolicies": check_policies,
}


def test_openssl_prints_the_same_fields(tool: Callable[[str], str]) -> None:
    openssl = tool("openssl")
    judged = 0
    for name in chosen():
        data = real_certificates()[name]
        command = [openssl, "x509", "-inform", "DER", "-noout", "-text", "-nameopt", "sep_multiline,oid,utf8"]
        done = subprocess.run(command, input=data, capture_output=True, check=False)
        if done.returncode:  # openssl is stricter in places where cryptography is not
            continue
        judged += 1
        try:
            check_fields(done.stdout.decode("utf-8", "replace"), as_kind(data, "certificate"))
        except AssertionError as error:
            error.add_note(name)
            raise
    assert judged > JUDGED * 0.95
