"""Submissions over 64 connections by SOAP and REST, against cfssl, which signs and keeps nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import serialization

from benchmarks import labs, load, peers, service
from benchmarks.measure import Comparison, Row, Side, Sizes
from pkilab.lab import utc_now
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.model.request import Submission
from pkilab.model.settings import DEFAULT_PATH
from pkilab.soap.operations import encode_submit
from pkilab.x509 import issue, keys

_SOAP, _REST, _PEER = "pkilab, SOAP", "pkilab, REST", "cfssl serve"
_JSON = "application/json"


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:
    peers.program("wrk")
    sent = labs.submissions(labs.signing_requests(sizes["requests"] + load.SPARE))
    soap, rest, sign = folder / "soap", folder / "rest", folder / "sign"
    load.write(soap, DEFAULT_PATH, "text/xml; charset=utf-8", map(encode_submit, sent))
    load.write(rest, "/MyCA/api/requests", _JSON, map(_as_json, sent))
    load.write(sign, "/api/v1/cfssl/sign", _JSON, (json.dumps({"certificate_request": s.csr}).encode() for s in sent))
    cfssl = _cfssl(folder)

    def ours(file: Path, status: int) -> float:
        with TemporaryDirectory(dir=folder) as place:
            bench = labs.lab_with_ca(Path(place) / "lab")
            with service.pkilab(bench.lab.path) as server:
                answered = load.rate(server.port, file, sizes["requests"], status=status)
            taken = len(bench.ca.pending())
            bench.close()
        if taken < sizes["requests"]:
            raise RuntimeError(f"only {taken} submissions are in the queue")
        return answered

    def peer() -> float:
        with cfssl:
            return load.rate(cfssl.port, sign, sizes["requests"], status=200)

    yield {_SOAP: lambda: ours(soap, 200), _REST: lambda: ours(rest, 201), _PEER: peer}


def _as_json(submission: Submission) -> bytes:
    name, contact = submission.name, submission.contact
    content = {
        "csr": submission.csr,
        "host": name.host,
        "instance": name.instance,
        "root": name.root,
        "contact": {"name": contact.name, "phone": contact.phone, "email": contact.email},
    }
    return json.dumps(content).encode()


def _cfssl(folder: Path) -> service.Server:
    """Return `cfssl serve` with a P-256 CA of its own, which signs whatever comes."""
    program, port = peers.program("cfssl"), service.free_port()
    key = keys.generate(KeyAlgorithm.EC_P256)
    root = issue.root(key, DN(common_name="Training CA"), days=3650, serial=1, now=utc_now())
    files = {name: folder / name for name in ("ca.pem", "ca-key.pem", "config.json")}
    files["ca.pem"].write_text(root.pem, encoding="ascii")
    files["ca-key.pem"].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    profile = {"usages": ["digital signature", "server auth", "client auth"], "expiry": "8760h"}
    files["config.json"].write_text(json.dumps({"signing": {"default": profile}}), encoding="ascii")
    options = ["-address", "127.0.0.1", "-port", str(port), "-loglevel", "5", "-config", str(files["config.json"])]
    command = [program, "serve", *options, "-ca", str(files["ca.pem"]), "-ca-key", str(files["ca-key.pem"])]
    return service.Server(command, port)


def _versions() -> dict[str, str]:
    return {"cfssl": peers.cfssl_version(), "wrk": peers.wrk_version()}


ROW = Row(
    name="submissions",
    title="Submissions over 64 connections, against cfssl",
    unit="answers a second",
    method=(
        "`wrk` sends requests with P-256 keys of their own over 64 connections, each once. pkilab: "
        "`pkilab serve` over a new lab, by SOAP and by REST; each answer comes when the request and its mail are "
        "durable, and afterwards all are in the queue. cfssl: `cfssl serve` signs each with a P-256 key in memory "
        "and keeps nothing. Client and server share the machine's cores on both sides."
    ),
    sizes={"requests": 5000},
    quick={"requests": 64},
    sides=_sides,
    comparisons=(
        Comparison(what="SOAP", ours=_SOAP, peer=_PEER, bound=0.4, aim=1, at_least=True),
        Comparison(what="REST", ours=_REST, peer=_PEER, bound=0.4, aim=1, at_least=True),
    ),
    versions=_versions,
    tried=(
        "cfssl signs on all cores at once; the service is one process of Python, in which one thread computes at a "
        "time. A SOAP submission took about 540 µs of processor time, and one by REST 200 µs more, most of them "
        "FastAPI's routing. Since then submissions by REST are answered before a route is looked for, keys are judged "
        "by their octets where that is sure, and rows go to the database without SQLAlchemy's look at each value: in "
        "turns with the version before, on a busy machine where all takes longer, a submission by REST went from 980 "
        "µs to 610, one by SOAP from 710 to 670. What is left for SOAP, each part measured alone at its fastest: 135 "
        "to read the request and check its signature (80 of them the signature, which lets other threads run), 80 for "
        "its share of the transaction (a quarter each for the commit and the rows), 30 to read the envelope, 55 for "
        "our doors and their figures, and the rest for uvicorn and the sockets. Tried without a clear gain: other "
        "intervals of thread switching, Python's collector at rest, and one core for all. What should help, and was "
        "not tried, are signatures checked in the thread that writes, and several processes on one port, for which "
        "limits and figures would have to be shared."
    ),
)
