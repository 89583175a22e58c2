"""What stands under the hood of issuing does what it says: see `test_hood`."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509

from pkilab import Lab, Usage
from pkilab.soap import operations
from pkilab.views import hood
from tests.contract.bench import Bench, Origin, configure, content, fit_to_show, read, same_issuer
from tests.contract.commands import OpenSSL
from tests.scene import CA_PASSWORD, verified


def foreign(command: OpenSSL, folder: Path, names: str = "", *, subject: str = "/CN=x") -> str:
    """A CSR of `openssl`, in PEM, that asks for alternative names and for more than it will get."""
    wanted = [f"subjectAltName={names}"] if names else []
    asked = [
        word for value in (*wanted, "keyUsage=keyCertSign", "basicConstraints=CA:TRUE") for word in ("-addext", value)
    ]
    command("req", "-new", "-newkey", "rsa:2048", "-noenc", "-keyout", folder / "k", "-subj", subject, "-utf8",
            "-multivalue-rdn", *asked, "-out", folder / "theirs.csr")  # fmt: skip
    return (folder / "theirs.csr").read_text()


NAMES = {
    "names": ("/C=CL/O=Läb/CN=santiago.lab.test", "DNS:santiago.lab.test,IP:10.0.0.7,email:a@lab.test"),
    "common name": ("/CN=santiago.lab.test", ""),
    "none": ("/CN=Ana Rojas", ""),
    "no subject": ("/", "DNS:santiago.lab.test"),
    "rare": ("/CN=a+OU=b/emailAddress=a@lab.test", "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:ana@lab.test,DNS:a.lab.test"),
}
USES = {
    "tls": (Usage.TLS, None),
    "intermediate": (Usage.INTERMEDIATE, 0),
    "deep intermediate": (Usage.INTERMEDIATE, 3),
    "code signing": (Usage.CODE_SIGNING, None),
}
ISSUED = [(use, names) for use in USES for names in NAMES if names == "names" or use == "tls"]


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
@pytest.mark.parametrize(("use", "names"), ISSUED)
def test_a_certificate_is_the_same_each_way(
    tmp_path: Path, bench: Bench, command: OpenSSL, use: str, names: str, way: str
) -> None:
    subject, wanted = NAMES[names]
    asked = foreign(command, tmp_path, wanted, subject=subject)
    origin, usage, length = Origin(Lab(tmp_path / "origin"), 0), *USES[use]
    done = configure(origin.lab, public_url="http://ca.lab.test:8080")
    waiting = origin.ca.request(origin.submission(asked))
    issued = origin.ca.issue(
        waiting.id, usage=usage, path_length=length, verified=verified(waiting), password=CA_PASSWORD
    ).certificate
    found = hood.issue(
        [(origin.ca.request(waiting.id), issued)],
        settings=origin.ca.settings,
        issuer=done.certificate,
        asked_for=operations.encode_get(issued.number),
    )
    fit_to_show(found)
    bench.password(CA_PASSWORD)
    original = x509.load_pem_x509_certificate(issued.pem.encode())
    if way == "openssl":
        before = (done.certificate_path.with_suffix(".srl")).read_text()
        bench.shell(found[way])
        made = read(bench.folder / "SantiagoDev.cer")
        assert made.serial_number == int(before, 16) + 1  # type: ignore[union-attr]
    else:
        configure(bench.lab, public_url="http://ca.lab.test:8080")
        there = Origin(bench.lab, 0)
        assert there.submission(asked) == waiting.id
        (bench.python if way == "Python" else bench.shell)(found[way])
        made = x509.load_pem_x509_certificate(there.ca.certificate(1).pem.encode())
        assert there.ca.request(waiting.id).verification.usage is usage
    assert content(made) == content(original)
    issuer = done.certificate.pem if way == "openssl" else bench.lab.instance("MyCA").server.ca_certificate().pem
    assert isinstance(made, x509.Certificate)
    same_issuer(made, x509.load_pem_x509_certificate(issuer.encode()))
    assert "<number>1</number>" in found["On the wire"]


@pytest.mark.parametrize("algorithm", ["rsa-2048", "ec-p384", "ec-p521", "ed25519"])
def test_openssl_signs_with_the_hash_that_pkilab_takes(
    tmp_path: Path, bench: Bench, command: OpenSSL, algorithm: str
) -> None:
    origin = Origin(Lab(tmp_path / "origin"), 0)
    done = configure(origin.lab, key_algorithm=algorithm, serials="random", ca_days=30)
    waiting = origin.ca.request(origin.submission(foreign(command, tmp_path)))
    issued = origin.ca.issue(waiting.id, usage=Usage.TLS, verified=verified(waiting), password=CA_PASSWORD).certificate
    assert issued.shortened
    pair = (origin.ca.request(waiting.id), issued)
    bench.password(CA_PASSWORD)
    bench.shell(hood.issue([pair], settings=origin.ca.settings, issuer=done.certificate)["openssl"])
    made = read(bench.folder / "SantiagoDev.cer")
    assert content(made) == content(x509.load_pem_x509_certificate(issued.pem.encode()))
    assert isinstance(made, x509.Certificate)
    assert made.not_valid_after_utc <= done.certificate.not_after
    assert made.serial_number.bit_length() > 64


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
def test_several_are_issued_together_each_way(tmp_path: Path, bench: Bench, command: OpenSSL, way: str) -> None:
    origin = Origin(Lab(tmp_path / "origin"), 0)
    done = configure(origin.lab)
    asked = {root: foreign(command, tmp_path, f"DNS:{root.lower()}.lab.test") for root in ("Quito", "Lima")}
    uses = dict(zip(asked, (USES["tls"], USES["deep intermediate"]), strict=True))
    ids = {root: origin.submission(csr, root) for root, csr in asked.items()}
    for root, id_ in ids.items():
        usage, length = uses[root]
        origin.ca.verify(id_, usage=usage, path_length=length, verified=verified(origin.ca.request(id_)))
    batch = origin.ca.issue_many(list(ids.values()), password=CA_PASSWORD)
    pairs = [(origin.ca.request(one.certificate.request_id), one.certificate) for one in batch.issued]
    found = hood.issue(pairs, settings=origin.ca.settings, issuer=done.certificate)
    fit_to_show(found)
    bench.password(CA_PASSWORD)
    there = Origin(bench.lab, 0)
    if way != "openssl":
        configure(bench.lab)
        assert [there.submission(csr, root) for root, csr in asked.items()] == list(ids.values())
    (bench.python if way == "Python" else bench.shell)(found[way])
    for number, root in enumerate(asked, start=1):
        original = x509.load_pem_x509_certificate(origin.ca.certificate(number).pem.encode())
        if way == "openssl":
            made = read(bench.folder / f"{root}.cer")
        else:
            made = x509.load_pem_x509_certificate(there.ca.certificate(number).pem.encode())
        assert content(made) == content(original)


def test_of_many_only_some_are_written_out_and_a_hostile_root_is_no_file(
    tmp_path: Path, bench: Bench, command: OpenSSL
) -> None:
    origin = Origin(Lab(tmp_path / "origin"), 0)
    done = configure(origin.lab)
    roots = ["$(touch pwned)", "Same", "Same", *(f"Root{number}" for number in range(4))]
    for root in roots:
        asked = foreign(command, tmp_path, f"DNS:{root.strip('$() ').replace(' ', '-')}.lab.test")
        id_ = origin.submission(asked, root)
        origin.ca.verify(id_, usage=Usage.TLS, verified=verified(origin.ca.request(id_)))
    batch = origin.ca.issue_many(list(range(1, 8)), password=CA_PASSWORD)
    pairs = [(origin.ca.request(one.certificate.request_id), one.certificate) for one in batch.issued]
    found = hood.issue(pairs, settings=origin.ca.settings, issuer=done.certificate)
    assert found["Python"].count("ca.verify(") == found["pkilab"].count("server verify") == 5
    assert "[1, 2, 3, 4, 5, 6, 7]" in found["Python"]
    assert "server issue 1 2 3 4 5 6 7 " in found["pkilab"]
    assert "# Each of 2 more is certified in the same way." in found["openssl"]
    bench.password(CA_PASSWORD)
    bench.shell(found["openssl"])
    made = sorted(path.stem for path in bench.folder.glob("*.cer"))
    assert made == ["Root0", "Root1", "request-1", "request-2", "request-3"]


@pytest.mark.parametrize("way", ["Python", "pkilab", "openssl"])
@pytest.mark.parametrize("reason", ["", "-- `touch pwned` \u202e"], ids=["no reason", "hostile"])
def test_deleting_and_starting_over_are_the_same_each_way(
    tmp_path: Path, bench: Bench, command: OpenSSL, way: str, reason: str
) -> None:
    asked = foreign(command, tmp_path)
    origin, there = Origin(Lab(tmp_path / "origin"), 0), Origin(bench.lab, 0)
    for one in (origin, there):
        configure(one.lab)
        assert one.submission(asked) == 1
    run = bench.python if way == "Python" else bench.shell
    deleted = hood.delete(origin.ca.delete(1, confirmed=True, reason=reason))
    over = hood.reinitialize(origin.ca.reinitialize(confirmed=True))
    fit_to_show(deleted)
    run(deleted[way])
    if way == "openssl":
        assert there.ca.request(1).state == "pending"
        return
    assert (there.ca.request(1).state, there.ca.request(1).reason) == ("deleted", reason)
    run(over[way])
    assert not there.ca.configured
