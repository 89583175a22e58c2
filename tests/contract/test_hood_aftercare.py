"""What stands under the hood of revoking, publishing, renewing, using and verifying does what it says: `test_hood`."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from pkilab import DN, Lab, Usage
from pkilab.client.client import CAClient
from pkilab.errors import SignatureRefused
from pkilab.model.certificate import CertificateState
from pkilab.model.own import OwnFiles
from pkilab.views import hood
from pkilab.x509 import container, crl
from tests.contract.bench import KEY_PASSWORD, Bench, Origin, configure, content, fit_to_show, read
from tests.contract.commands import OpenSSL
from tests.scene import CA_PASSWORD, signing_request, verified

WAYS = pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
OTHER = "correct horse of the container"


def issued(origin: Origin, root: str = "SantiagoDev") -> int:
    """Let a certificate be issued for a key that is nowhere; its number."""
    waiting = origin.ca.request(origin.submission(signing_request(root).pem, root))
    number: int = origin.ca.issue(
        waiting.id, usage=Usage.TLS, verified=verified(waiting), password=CA_PASSWORD
    ).certificate.number
    return number


def told(octets: bytes) -> dict[str, Any]:
    """What has to be the same in a revocation list."""
    found = x509.load_der_x509_crl(octets)
    return {
        "number": found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number,
        "entries": sorted(crl.entries(octets)),
        "extensions": sorted(each.oid.dotted_string for each in found.extensions),
        "from": found.last_update_utc,
        "until": found.next_update_utc,
        "hash": found.signature_hash_algorithm and found.signature_hash_algorithm.name,
    }


def as_der(path: Path) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.load_pem_x509_crl(path.read_bytes()).public_bytes(Encoding.DER)


@WAYS
@pytest.mark.parametrize("reason", ["keyCompromise", "superseded", "unspecified", "certificateHold"])
def test_a_certificate_is_revoked_each_way(
    tmp_path: Path, bench: Bench, command: OpenSSL, reason: str, way: str
) -> None:
    origin, there = Origin(Lab(tmp_path / "origin"), 0), Origin(bench.lab, 0)
    numbers = []
    for one in (origin, there):
        configure(one.lab)
        one.ca.revoke(issued(one, "Earlier"), reason="superseded", password=CA_PASSWORD)
        numbers.append(issued(one))
    since = None
    if reason == "keyCompromise":
        since = origin.ca.certificate(numbers[0]).issued_at.replace(microsecond=0)
    done = origin.ca.revoke(numbers[0], reason=reason, password=CA_PASSWORD, invalid_since=since)
    issuer = origin.ca.ca_certificate().certificate
    found = hood.revoke(done, settings=origin.ca.settings, issuer=issuer)
    fit_to_show(found)
    bench.password(CA_PASSWORD)
    (bench.python if way == "Python" else bench.shell)(found[way])
    if way == "openssl":
        made = as_der(bench.folder / f"MyCA-{done.lists[0].number}.crl")
        assert told(made) == told(done.lists[0].der)
        assert "verify OK" in subprocess.run(
            ["openssl", "crl", "-in", bench.folder / f"MyCA-{done.lists[0].number}.crl", "-noout", "-CAfile",
             Path(origin.ca.settings.directory) / "MyCA.cer"],
            capture_output=True, text=True, check=True,
        ).stderr  # fmt: skip
        return
    made_there = there.ca.certificate(numbers[1])
    assert made_there.revocation.reason == done.certificate.revocation.reason
    assert made_there.revocation.invalid_since == since
    assert made_there.state is done.certificate.state


@WAYS
def test_a_hold_is_lifted_each_way(tmp_path: Path, bench: Bench, command: OpenSSL, way: str) -> None:
    origin, there = Origin(Lab(tmp_path / "origin"), 0), Origin(bench.lab, 0)
    for one in (origin, there):
        configure(one.lab)
        one.ca.revoke(issued(one), reason="certificateHold", password=CA_PASSWORD)
    done = origin.ca.lift(1, password=CA_PASSWORD)
    found = hood.revoke(done, settings=origin.ca.settings, issuer=origin.ca.ca_certificate().certificate)
    bench.password(CA_PASSWORD)
    (bench.python if way == "Python" else bench.shell)(found[way])
    if way == "openssl":
        assert told(as_der(bench.folder / f"MyCA-{done.lists[0].number}.crl")) == told(done.lists[0].der)
    else:
        assert there.ca.certificate(1).state is CertificateState.VALID


@WAYS
@pytest.mark.parametrize("algorithm", ["ec-p384", "rsa-2048", "ed25519"])
def test_lists_are_published_ahead_each_way(
    tmp_path: Path, bench: Bench, command: OpenSSL, algorithm: str, way: str
) -> None:
    origin, there = Origin(Lab(tmp_path / "origin"), 0), Origin(bench.lab, 0)
    for one in (origin, there):
        configure(one.lab, key_algorithm=algorithm, public_url="http://ca.lab.test:8080")
    done = origin.ca.publish_crl(password=CA_PASSWORD, ahead=2)
    found = hood.publish(done, settings=origin.ca.settings, issuer=origin.ca.ca_certificate().certificate)
    fit_to_show(found)
    assert "http://ca.lab.test:8080/MyCA/" in found["On the wire"]
    bench.password(CA_PASSWORD)
    (bench.python if way == "Python" else bench.shell)(found[way])
    if way == "openssl":
        made = [told(as_der(bench.folder / f"MyCA-{each.number}.crl")) for each in done.lists]
        assert made == [told(each.der) for each in done.lists]
    else:
        assert [each.number for each in there.ca.crls()] == [each.number for each in done.lists]


def held(origin: Origin, algorithm: str = "ec-p256", password: str | None = KEY_PASSWORD) -> tuple[CAClient, OwnFiles]:
    """A client with a certificate, its key, and the CA's certificate."""
    client: CAClient = origin.client()
    client.submit(
        root="SantiagoDev", subject=DN(common_name="santiago.lab.test"), sans=["DNS:santiago.lab.test"],
        key_algorithm=algorithm, password=password,
    )  # fmt: skip
    (waiting,) = origin.ca.pending()
    done = origin.ca.issue(waiting.id, usage=Usage.TLS, verified=verified(waiting), password=CA_PASSWORD)
    client.get(done.certificate.number)
    client.get_ca_certificate()
    own = next(each for each in client.own() if each.root == "SantiagoDev")
    return client, own


@WAYS
@pytest.mark.parametrize(("same_key", "password"), [(False, KEY_PASSWORD), (False, None), (True, KEY_PASSWORD)])
def test_a_certificate_is_renewed_each_way(
    origin: Origin, bench: Bench, password: str | None, way: str, *, same_key: bool
) -> None:
    client, own = held(origin)
    sent = client.renew(root="SantiagoDev", rekey=not same_key, password=password)
    found = hood.renew(sent, same_key=same_key, password=password is not None, lab=origin.lab.path)
    fit_to_show(found)
    bench.password(password or KEY_PASSWORD)
    (bench.python if way == "Python" else bench.shell)(found[way])
    waiting = origin.ca.pending()
    assert {each.renews for each in waiting} == {1}
    where = bench.folder / "SantiagoDev.csr" if way == "openssl" else client.directory / "SantiagoDev.renew.csr"
    made = read(where)
    assert content(made) == content(x509.load_pem_x509_csr(sent.content.pem.encode()))
    assert own.certificate is not None
    assert (made.public_key() == read(client.directory / "SantiagoDev.cer").public_key()) is same_key


@WAYS
@pytest.mark.parametrize("legacy", [False, True], ids=["modern", "legacy"])
@pytest.mark.parametrize("password", [KEY_PASSWORD, None], ids=["encrypted", "open"])
def test_a_container_is_the_same_each_way(
    origin: Origin, bench: Bench, password: str | None, way: str, *, legacy: bool
) -> None:
    client, own = held(origin, password=password)
    certificate = own.certificate
    assert certificate is not None
    above = client.octets.above(certificate).certificates[1:]
    found = hood.export(
        "SantiagoDev", instance="Santiago", manager=client.directory, certificate=certificate, above=above,
        encrypted=password is not None, legacy=legacy, lab=origin.lab.path,
    )  # fmt: skip
    fit_to_show(found)
    bench.password(password or KEY_PASSWORD)
    (bench.folder / "password-pkcs12.txt").write_text(OTHER + "\n")
    asked = {"New password of SantiagoDev.p12: ": OTHER}
    bench.monkeypatch.setattr("getpass.getpass", lambda question: asked.get(question, password))
    (bench.python if way == "Python" else bench.shell)(found[way])
    made = (bench.folder / "SantiagoDev.p12").read_bytes()
    _, leaf, others = container.read(made, OTHER, path=Path("SantiagoDev.p12"))
    assert leaf == certificate
    assert others == above
    assert (bench.folder / "SantiagoDev.p12").stat().st_mode & 0o777 == 0o600
    (bench.folder / "password-pkcs12.txt").unlink()


@WAYS
def test_chain_and_roots_are_the_same_each_way(origin: Origin, bench: Bench, way: str) -> None:
    client, own = held(origin)
    assert own.certificate is not None
    chain, trust = client.octets.chain("SantiagoDev").octets, client.octets.trust().octets
    run = bench.python if way == "Python" else bench.shell
    run(hood.export_chain("SantiagoDev", instance="Santiago", certificates=[own.certificate], lab=origin.lab.path)[way])
    run(hood.export_trust(instance="Santiago", roots=trust.decode(), lab=origin.lab.path)[way])
    assert (bench.folder / "SantiagoDev-chain.pem").read_bytes() == chain
    assert (bench.folder / "trust.pem").read_bytes() == trust


@WAYS
@pytest.mark.parametrize("name", ["script.sh", "-a `touch pwned` $HOME"], ids=["plain", "hostile"])
@pytest.mark.parametrize("algorithm", ["ec-p384", "rsa-2048"])
def test_a_file_is_signed_and_checked_each_way(
    origin: Origin, bench: Bench, name: str, algorithm: str, way: str
) -> None:
    client, own = held(origin, algorithm)
    assert own.certificate is not None
    above = client.octets.above(own.certificate).certificates[1:]
    signing = hood.sign(
        name, "SantiagoDev", instance="Santiago", manager=client.directory, certificate=own.certificate, above=above,
        encrypted=True, lab=origin.lab.path,
    )  # fmt: skip
    checking = hood.check(name, instance="Santiago", roots=client.octets.trust().octets.decode(), lab=origin.lab.path)
    fit_to_show(signing)
    bench.password(KEY_PASSWORD)
    data = b"echo hello\r\n\x00"
    (bench.folder / name).write_bytes(data)
    run = bench.python if way == "Python" else bench.shell
    run(signing[way])
    made = (bench.folder / f"{name}.p7s").read_bytes()
    assert client.octets.verify_signature(name, data, made).certificate == own.certificate
    (bench.folder / f"{name}.p7s").write_bytes(
        client.octets.sign(name, data, root="SantiagoDev", password=KEY_PASSWORD).octets
    )
    run(checking[way])
    (bench.folder / name).write_bytes(data + b"x")
    with pytest.raises(SignatureRefused if way == "Python" else AssertionError):
        run(checking[way])


@pytest.mark.parametrize("way", ["Python", "pkilab"])
def test_xml_is_signed_checked_encrypted_and_opened_each_way(origin: Origin, bench: Bench, way: str) -> None:
    client, own = held(origin, "rsa-2048")
    assert own.certificate is not None
    about: dict[str, Any] = {"instance": "Santiago", "lab": origin.lab.path}
    run = bench.python if way == "Python" else bench.shell
    bench.password(KEY_PASSWORD)
    (bench.folder / "order.xml").write_text("<order><card>42</card></order>")
    key: dict[str, Any] = {"manager": client.directory, "certificate": own.certificate, "encrypted": True}
    signing = hood.sign("order.xml", "SantiagoDev", xml=True, **key, **about)
    assert signing["openssl"].startswith("# Nothing: openssl knows no XML.")
    run(signing[way])
    run(hood.check("order-signed.xml", roots="", xml=True, **about)[way])
    run(hood.encrypt("order.xml", "SantiagoDev", element=".//card", **about)[way])
    run(hood.decrypt("order-encrypted.xml", "SantiagoDev", encrypted=True, **about)[way])
    assert (bench.folder / "order-encrypted-decrypted.xml").read_text().endswith("<order><card>42</card></order>")


@WAYS
@pytest.mark.parametrize("revoked", [False, True], ids=["good", "revoked"])
def test_a_chain_is_judged_the_same_each_way(
    tmp_path: Path, bench: Bench, command: OpenSSL, way: str, *, revoked: bool
) -> None:
    origin = Origin(Lab(tmp_path / "origin"), 0)
    root = configure(origin.lab).certificate
    number = issued(origin)
    if revoked:
        origin.ca.revoke(number, reason="superseded", password=CA_PASSWORD)
    lists = [origin.ca.publish_crl(password=CA_PASSWORD).lists[0].der]
    certificate = origin.ca.certificate(number).certificate
    paths = {"a.pem": certificate.pem, "root.pem": root.pem}
    for name, text in paths.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "list.crl").write_bytes(lists[0])
    done = origin.lab.verify(
        tmp_path / "a.pem", trust=tmp_path / "root.pem", purpose="tls-server", name="santiagodev.lab.test",
        crls=[tmp_path / "list.crl"], at=origin.lab.clock() + timedelta(minutes=1),
    )  # fmt: skip
    done = replace(done, at=done.at.replace(microsecond=0))
    found = hood.verify(done, roots=[root], crls=lists)
    fit_to_show(found)
    if way == "Python":
        judged = bench.python(found[way])["judged"]
        assert replace(judged, at=done.at) == done
    elif revoked:
        with pytest.raises(AssertionError, match="revoked"):
            bench.shell(found[way])
    else:
        assert ("OK" if way == "openssl" else "accepted by") in bench.shell(found[way]).replace(
            "Accepted", "accepted by"
        )
    assert done.accepted is not revoked
    assert shutil.which("openssl")


@WAYS
@pytest.mark.parametrize("password", [KEY_PASSWORD, None], ids=["encrypted", "open"])
def test_server_and_client_meet_each_way(origin: Origin, bench: Bench, password: str | None, way: str) -> None:
    client, own = held(origin, password=password)
    done = client.try_tls("SantiagoDev", password=password)
    found = hood.tls(
        "SantiagoDev", instance="Santiago", manager=client.directory, certificate=done.certificate, name=done.name,
        above=client.octets.above(done.certificate).certificates[1:], encrypted=own.key_encrypted,
        lab=origin.lab.path,
    )  # fmt: skip
    fit_to_show(found)
    if password:
        bench.password(password)
    said = (bench.python if way == "Python" else bench.shell)(found[way])
    if way == "openssl":
        assert done.version in said
        assert "Verify return code: 0 (ok)" in said
