"""Answers to OCSP questions, against `openssl ocsp` as responder and `cfssl ocspserve`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from benchmarks import labs, load, peers, service
from benchmarks.measure import Comparison, Row, Side, Sizes
from pkilab.model.addresses import ocsp_path
from pkilab.model.certificate import IssuedCertificate

_OURS, _OPENSSL, _CFSSL = "pkilab", "openssl ocsp", "cfssl ocspserve"
_OURS_KEPT, _CFSSL_KEPT = "pkilab, connections kept", "cfssl, connections kept"
_OURS_NONCE, _OPENSSL_NONCE = "pkilab, with nonces", "openssl ocsp, with nonces"
_MEDIA = "application/ocsp-request"
_REVOKED_EACH = 20
"""One certificate in so many is revoked."""


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:
    peers.program("wrk")
    bench = labs.lab_with_ca(folder / "lab")
    ids = labs.verified(bench, labs.submissions(labs.signing_requests(sizes["certificates"])))
    bench.ca.issue_many(ids, password=labs.PASSWORD)
    responder = bench.ca.renew_responder(password=labs.PASSWORD).path
    for number in range(1, sizes["certificates"] + 1, _REVOKED_EACH):
        bench.ca.revoke(number, reason="superseded", password=labs.PASSWORD)
    issued = [bench.ca.certificate(number) for number in range(1, sizes["certificates"] + 1)]
    ca = bench.ca.ca_certificate().certificate
    (folder / "ca.pem").write_text(ca.pem, encoding="ascii")
    path, count = ocsp_path(bench.ca.instance), sizes["answers"]
    asked = [_question(each.certificate.der, ca.der) for each in issued]
    other = [_question(issued[at % len(issued)].certificate.der, ca.der, nonce=at) for at in range(count + load.SPARE)]
    for name, questions, close in (("one", asked, True), ("kept", asked, False), ("nonces", other, True)):
        load.write(folder / name, path, _MEDIA, questions, close=close)
    ours = service.pkilab(bench.lab.path)
    openssl, cfssl = _openssl(folder, issued, responder, asked[0]), _cfssl(folder, issued, responder)
    bench.close()

    def side(server: service.Server, file: str) -> Side:
        def measured() -> float:
            with server:
                return load.rate(server.port, folder / file, count, status=200)

        return measured

    yield {
        _OURS: side(ours, "one"),
        _OPENSSL: side(openssl, "one"),
        _CFSSL: side(cfssl, "one"),
        _OURS_KEPT: side(ours, "kept"),
        _CFSSL_KEPT: side(cfssl, "kept"),
        _OURS_NONCE: side(ours, "nonces"),
        _OPENSSL_NONCE: side(openssl, "nonces"),
    }


def _question(certificate: bytes, issuer: bytes, *, nonce: int | None = None) -> bytes:
    read = x509.load_der_x509_certificate
    builder = ocsp.OCSPRequestBuilder().add_certificate(read(certificate), read(issuer), hashes.SHA1())  # noqa: S303
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce.to_bytes(16)), critical=False)
    return builder.build().public_bytes(serialization.Encoding.DER)


def _openssl(folder: Path, issued: Sequence[IssuedCertificate], responder: Path, probe: bytes) -> service.Server:
    """Return `openssl ocsp` over the index of a CA that issued and revoked the same."""
    lines = []
    for each in issued:
        state = f"V\t{_utc(each.certificate.not_after)}\t"
        if each.revocation is not None:
            state = f"R\t{_utc(each.certificate.not_after)}\t{_utc(each.revocation.at)},superseded"
        lines.append(f"{state}\t{each.number:02X}\tunknown\t/CN={each.name.host}.lab.test\n")
    index, port = folder / "index.txt", service.free_port()
    index.write_text("".join(lines), encoding="ascii")
    index.with_name("index.txt.attr").write_text("unique_subject = no\n", encoding="ascii")
    files = ["-CA", str(folder / "ca.pem"), "-rsigner", str(responder), "-rkey", str(responder)]
    command = [peers.program("openssl"), "ocsp", "-port", str(port), "-index", str(index), "-nmin", "10", *files]
    return service.Server(command, port, probe=probe, quiet=True)


def _cfssl(folder: Path, issued: Sequence[IssuedCertificate], responder: Path) -> service.Server:
    """Return `cfssl ocspserve` over answers that `cfssl ocspsign` made beforehand."""
    program, port = peers.program("cfssl"), service.free_port()
    key = serialization.load_pem_private_key(responder.read_bytes(), None)
    private = folder / "responder-key.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    public = folder / "responder.pem"
    loaded = x509.load_pem_x509_certificate(responder.read_bytes())
    public.write_bytes(loaded.public_bytes(serialization.Encoding.PEM))
    answers = []
    leaf = folder / "leaf.pem"
    for each in issued:
        leaf.write_text(each.certificate.pem, encoding="ascii")
        state = ["-status", "good"]
        if each.revocation is not None:
            state = ["-status", "revoked", "-reason", "4", "-revoked-at", f"{each.revocation.at:%Y-%m-%d}"]
        files = ["-ca", str(folder / "ca.pem"), "-responder", str(public), "-responder-key", str(private)]
        said = subprocess.run(
            [program, "ocspsign", *files, "-cert", str(leaf), *state, "-loglevel", "5"],
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(said.stdout)
    place = folder / "answers"
    place.write_text("".join(answers), encoding="ascii")
    options = ["-address", "127.0.0.1", "-port", str(port), "-loglevel", "5", "-responses", str(place)]
    return service.Server([program, "ocspserve", *options], port, quiet=True)


def _utc(at: datetime) -> str:
    return f"{at:%y%m%d%H%M%SZ}"


def _versions() -> dict[str, str]:
    said = subprocess.run([peers.program("openssl"), "version"], capture_output=True, text=True, check=True).stdout
    return {"cfssl": peers.cfssl_version(), "openssl": said.split()[1], "wrk": peers.wrk_version()}


ROW = Row(
    name="ocsp",
    title="Answers of the OCSP responder, against `openssl ocsp` and `cfssl ocspserve`",
    unit="answers a second",
    method=(
        "`wrk` asks over 64 connections for the states of 200 certificates of a P-256 CA, one in twenty of them "
        "revoked. A connection carries one question, as most verifiers have it, or all of them where connections are "
        "kept (which `openssl ocsp` cannot). Responders sign with P-256 keys. pkilab: `pkilab serve`, which gives an "
        "answer without a nonce again for a minute while nothing is written. `openssl ocsp` signs each and has an "
        "index of the same certificates. `cfssl ocspserve` signs nothing: it has answers that `cfssl ocspsign` made "
        "before, so it knows no nonce, and no revocation after its start. Client and server share the machine's cores."
    ),
    sizes={"certificates": 200, "answers": 30_000},
    quick={"certificates": 20, "answers": 100},
    sides=_sides,
    comparisons=(
        Comparison(what="against `openssl ocsp`", ours=_OURS, peer=_OPENSSL, bound=1, aim=5, at_least=True),
        Comparison(what="against `cfssl ocspserve`", ours=_OURS, peer=_CFSSL, bound=1, aim=5, at_least=True),
        Comparison(what="connections kept, cfssl", ours=_OURS_KEPT, peer=_CFSSL_KEPT, bound=None, at_least=True),
        Comparison(what="with nonces, openssl", ours=_OURS_NONCE, peer=_OPENSSL_NONCE, bound=None, at_least=True),
    ),
    versions=_versions,
    tried=(
        "At first questions went through FastAPI and a thread, 450 to 2,500 a second on the same machine. Now the "
        "plainest requests are answered from a connection's octets, before a parser is made for it; states are "
        "remembered until somebody writes, and the files that tell so are looked at once in a turn of the event loop. "
        "A question that comes with its connection is answered while that is accepted: to make a transport for it took "
        "longer than to answer. A question that was asked before then costs 10 µs of Python; most of the rest is the "
        "kernel's, for a connection's begin and end. cfssl is a program of Go that uses both cores."
    ),
)
