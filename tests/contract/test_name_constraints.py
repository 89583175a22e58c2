"""openssl judges what is refused for the name constraints of a CA, and what is not (RFC 5280 §4.2.1.10)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pkilab.errors import CannotCertify
from pkilab.forms.verifying import Verifying
from pkilab.lab import utc_now
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.dn import DN
from pkilab.model.request import SigningRequest
from pkilab.model.san import AlternativeName
from pkilab.model.usage import Usage
from pkilab.x509 import certificate as certificates
from pkilab.x509 import constraints, csr, issue, keys
from tests.contract.commands import OpenSSL
from tests.scene import Clock, Scene, verified

KEY = ec.generate_private_key(ec.SECP256R1())
LEAF_KEY = keys.generate(KeyAlgorithm.EC_P256)
NOW = utc_now().replace(microsecond=0)


def directory(**parts: str) -> x509.DirectoryName:
    named = {"o": NameOID.ORGANIZATION_NAME, "c": NameOID.COUNTRY_NAME, "cn": NameOID.COMMON_NAME}
    return x509.DirectoryName(x509.Name([x509.NameAttribute(named[short], text) for short, text in parts.items()]))


def network(text: str) -> x509.IPAddress:
    return x509.IPAddress(ipaddress.ip_network(text))


def authority(
    name: str = "Bound CA",
    *,
    permitted: list[x509.GeneralName] | None = None,
    excluded: list[x509.GeneralName] | None = None,
    key: ec.EllipticCurvePrivateKey = KEY,
    by: tuple[str, ec.EllipticCurvePrivateKey] | None = None,
) -> Certificate:
    issuer, signer = by or (name, key)
    key_id = x509.SubjectKeyIdentifier.from_public_key
    usage = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    usage |= {"encipher_only": False, "decipher_only": False, "digital_signature": True}
    builder = (
        x509.CertificateBuilder()
        .subject_name(directory(o="Lab", cn=name).value)
        .issuer_name(directory(o="Lab", cn=issuer).value)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage, key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(key_id(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id(signer.public_key())), critical=False
        )
    )
    if permitted or excluded:
        builder = builder.add_extension(x509.NameConstraints(permitted, excluded), critical=True)
    return certificates.trusted(builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.DER))


def asked(*names: str, cn: str = "a person", organization: str = "") -> SigningRequest:
    subject = DN(organization=organization, common_name=cn)
    return csr.build(LEAF_KEY, subject, [AlternativeName.parse(name) for name in names])


DNS, OTHER = x509.DNSName("lab.test"), x509.DNSName("other.test")
BOUNDS: dict[str, tuple[list[x509.GeneralName] | None, list[x509.GeneralName] | None]] = {
    "a domain": ([DNS], None),
    "two domains": ([DNS, OTHER], None),
    "a domain but for a host of it": ([DNS], [x509.DNSName("secret.lab.test")]),
    "only below a domain": ([x509.DNSName(".lab.test")], None),
    "no name of a domain": (None, [DNS]),
    "no host at all": (None, [x509.DNSName("")]),
    "a network": ([network("10.1.0.0/16")], None),
    "no address of a network": (None, [network("10.1.2.0/24"), network("2001:db8::/32")]),
    "no address at all": (None, [network("0.0.0.0/0"), network("::/0")]),
    "a mailbox": ([x509.RFC822Name("ana@lab.test")], None),
    "a mail host": ([x509.RFC822Name("lab.test")], None),
    "a mail domain": ([x509.RFC822Name(".lab.test")], None),
    "no mail of a host": (None, [x509.RFC822Name("lab.test")]),
    "a place": ([x509.UniformResourceIdentifier("www.lab.test")], None),
    "no place of a domain": (None, [x509.UniformResourceIdentifier(".lab.test")]),
    "an organization": ([directory(o="Lab")], None),
    "not an organization": (None, [directory(o="Lab")]),
    "of each kind one": ([DNS, network("10.1.0.0/16"), x509.RFC822Name("lab.test"), directory(o="Lab")], None),
}
REQUESTS: dict[str, tuple[SigningRequest, Usage]] = {
    "host": (asked("DNS:www.lab.test"), Usage.TLS),
    "host in capitals": (asked("DNS:WWW.LAB.TEST"), Usage.TLS),
    "the domain": (asked("DNS:lab.test"), Usage.TLS),
    "a host that is excluded": (asked("DNS:x.secret.lab.test"), Usage.TLS),
    "a name that ends alike": (asked("DNS:evillab.test"), Usage.TLS),
    "another host": (asked("DNS:www.other.test"), Usage.TLS),
    "one and another": (asked("DNS:www.lab.test", "DNS:www.third.test"), Usage.TLS),
    "any host": (asked("DNS:*.lab.test"), Usage.TLS),
    "common name": (asked(cn="www.lab.test"), Usage.TLS),
    "another common name": (asked(cn="www.third.test"), Usage.TLS),
    "a script's common name": (asked(cn="script.third.test"), Usage.CODE_SIGNING),
    "a person": (asked(cn="Ana Rojas", organization="Lab"), Usage.CODE_SIGNING),
    "a person of elsewhere": (asked(cn="Ana Rojas", organization="Elsewhere"), Usage.CODE_SIGNING),
    "letter case": (asked(cn="Ana Rojas", organization="LAB"), Usage.CODE_SIGNING),
    "address": (asked("IP:10.1.2.3"), Usage.TLS),
    "another address": (asked("IP:10.2.2.3"), Usage.TLS),
    "address of version 6": (asked("IP:2001:db8::1"), Usage.TLS),
    "mailbox": (asked("email:ana@lab.test"), Usage.TLS),
    "another mailbox": (asked("email:bob@lab.test"), Usage.TLS),
    "mailbox at a host": (asked("email:ana@mail.lab.test"), Usage.TLS),
    "mailbox elsewhere": (asked("email:ana@third.test"), Usage.TLS),
    "place": (asked("URI:https://www.lab.test/a"), Usage.TLS),
    "another place": (asked("URI:https://mail.lab.test:8443/a"), Usage.TLS),
    "an intermediate": (asked(cn="www.third.test", organization="Lab"), Usage.INTERMEDIATE),
    "an intermediate of elsewhere": (asked(cn="Branch", organization="Elsewhere"), Usage.INTERMEDIATE),
}


@pytest.fixture
def openssl(tool: Callable[[str], str]) -> OpenSSL:
    return OpenSSL(tool("openssl"))


def refused(content: SigningRequest, usage: Usage, above: tuple[Certificate, ...]) -> str:
    try:
        constraints.check(content, usage, above)
    except CannotCertify as error:
        return str(error)
    return ""


def judged(openssl: OpenSSL, folder: Path, leaf: Certificate, *above: Certificate) -> str:
    """What openssl complains of; empty where it accepts."""
    (folder / "leaf.pem").write_text(leaf.pem)
    (folder / "root.pem").write_text(above[-1].pem)
    (folder / "between.pem").write_text("".join(each.pem for each in above[:-1]) or above[-1].pem)
    code, told = openssl.tried(
        "verify", "-CAfile", folder / "root.pem", "-untrusted", folder / "between.pem", folder / "leaf.pem"
    )
    return told if code else ""


@pytest.mark.parametrize("bounds", BOUNDS)
def test_what_openssl_would_refuse_is_refused_before_it_is_issued_and_nothing_else(
    openssl: OpenSSL, tmp_path: Path, bounds: str
) -> None:
    permitted, excluded = BOUNDS[bounds]
    ca = authority(permitted=permitted, excluded=excluded)
    ours, theirs = {}, {}
    for name, (content, usage) in REQUESTS.items():
        ours[name] = bool(refused(content, usage, (ca,)))
        leaf, _ = issue.leaf(
            content, issuer=ca, issuer_key=KEY, serial=7, usage=usage, path_length=None, days=9, now=utc_now()
        )
        told = judged(openssl, tmp_path, leaf, ca)
        assert not told or "subtree violation" in told, told
        theirs[name] = bool(told)
    stricter = {"any host"} if bounds == "a domain but for a host of it" else set()  # it could pass for that host
    assert {name for name in ours if ours[name] != theirs[name]} == stricter
    assert len(set(ours.values())) == 2


def test_constraints_of_any_ca_above_count(openssl: OpenSSL, tmp_path: Path) -> None:
    root = authority("Top", permitted=[DNS])
    below = ec.generate_private_key(ec.SECP256R1())
    branch = authority("Branch", key=below, by=("Top", KEY))
    for name, allowed in (("DNS:www.lab.test", True), ("DNS:www.other.test", False)):
        content = asked(name)
        assert bool(refused(content, Usage.TLS, (branch, root))) is not allowed
        leaf, _ = issue.leaf(
            content, issuer=branch, issuer_key=below, serial=7, usage=Usage.TLS, path_length=None, days=9, now=utc_now()
        )
        assert bool(judged(openssl, tmp_path, leaf, branch, root)) is not allowed


@pytest.fixture
def bound(tmp_path: Path) -> Iterator[Scene]:
    """A CA that another tool made, for lab.test alone."""
    scene = Scene(tmp_path / "lab", clock=Clock(utc_now()))
    scene.directory.mkdir(parents=True)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key = KEY.private_bytes(encoding, form, serialization.NoEncryption())
    (scene.directory / "MyCA.key").write_bytes(key)
    (scene.directory / "MyCA.cer").write_text(authority(permitted=[DNS]).pem)
    scene.ca.configure(root="MyCA", directory="ca", issued_days=30, last_serial=0, existing=True)
    yield scene
    scene.lab.registry.close()


def test_an_operator_is_warned_and_nothing_is_issued_for_a_name_outside(
    bound: Scene, openssl: OpenSSL, tmp_path: Path
) -> None:
    request = bound.submit("Web", sans=("DNS:www.lab.test", "DNS:www.other.test"))
    told = "DNS:www.other.test is outside of what this CA may certify, as the certificate of O = Lab, CN = Bound CA "
    (warned,) = [each for each in bound.ca.warnings(request) if "outside" in each]
    assert warned.startswith(f"It cannot be issued: {told}permits DNS:lab.test alone")
    with pytest.raises(CannotCertify, match="nobody who verifies it would accept it"):
        bound.ca.verify(request.id, usage=Usage.TLS, verified=verified(request))
    with pytest.raises(CannotCertify, match=r"DNS:www\.other\.test"):
        bound.issue(request)
    form = Verifying()
    form.issuer, form.request = bound.ca.ca_certificate().certificate, request
    assert told in form.unfit()["usage"]
    assert [each.id for each in bound.ca.pending()] == [request.id]
    assert bound.ca.certificates().total == 0

    inside = bound.submit("Good", sans=("DNS:www.lab.test",))
    assert not [each for each in bound.ca.warnings(inside) if "outside" in each]
    form.request = inside
    assert form.unfit() == {}
    issued = bound.ca.issue(inside.id, usage=Usage.TLS, verified=verified(inside))
    assert judged(openssl, tmp_path, issued.certificate.certificate, bound.ca.ca_certificate().certificate) == ""


def test_what_was_verified_before_the_constraints_were_looked_at_is_refused_at_issue(
    bound: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, inside = bound.submit("Web", sans=("DNS:www.other.test",)), bound.submit("Good")
    with monkeypatch.context() as patched:
        patched.setattr(constraints, "check", lambda *_: None)
        for request in (outside, inside):
            bound.ca.verify(request.id, usage=Usage.TLS, verified=verified(request))
    done = bound.ca.issue_many([outside.id, inside.id])
    assert [each.request_id for each in done.refused] == [outside.id]
    assert "name constraints" in done.refused[0].sentence
    assert [each.certificate.root for each in done.issued] == ["Good"]


def test_the_responder_of_a_ca_for_one_organization_is_accepted(tmp_path: Path, openssl: OpenSSL) -> None:
    ca = authority(permitted=[directory(o="Lab")])
    signer = issue.signer(ca, KEY)
    made = issue.responder(signer, LEAF_KEY, "MyCA OCSP responder", serial=7, days=9, now=utc_now())
    assert judged(openssl, tmp_path, made, ca) == ""
