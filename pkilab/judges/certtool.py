"""The verdict of GnuTLS's `certtool`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pkilab.judges import process
from pkilab.judges.evidence import Evidence
from pkilab.model.verdict import Purpose, Verdict

JUDGE = "certtool"

_PURPOSES = {
    Purpose.TLS_SERVER: "1.3.6.1.5.5.7.3.1",
    Purpose.TLS_CLIENT: "1.3.6.1.5.5.7.3.2",
    Purpose.CODE_SIGNING: "1.3.6.1.5.5.7.3.3",
}
_VERDICT = re.compile(r"^Chain verification output: (Verified|Not verified)\. (.*)$", re.MULTILINE)
_WORDS: tuple[tuple[str, str], ...] = (
    ("name in the certificate does not match", "the name is not one of the certificate's"),
    ("intended purpose", "its extended key usage is for something else"),
    ("not yet valid", "a certificate of the chain is not valid yet at that time"),
    ("not yet activated", "a certificate of the chain is not valid yet at that time"),
    ("expired", "a certificate of the chain has expired at that time"),
    ("revoked", "it is revoked"),
    ("issuer is not a CA", "an issuer in the chain is no CA: its certificate does not say so"),
    ("issuer is unknown", "no trusted root leads to it"),
    ("insecure algorithm", "an algorithm in the chain is too weak"),
    ("signature in the certificate is invalid", "a signature in the chain does not hold"),
    (
        "violates the signer's constraints",
        "a name, the path's length, or the use of a CA's key, is outside of what a CA above it allows",
    ),
)
_NOW = timedelta(minutes=2)
"""A time that is no further away counts as the present."""


def judge(evidence: Evidence) -> Verdict:
    """Return what `certtool --verify` says, trusting the roots alone."""
    path = process.found("certtool")
    if path is None:
        return Verdict(judge=JUDGE, version="", accepted=None, reason="it is not installed here")
    version, any_time, ml_dsa = _abilities(path)
    accepted, reason = _judged(evidence, path, any_time=any_time, ml_dsa=ml_dsa)
    return Verdict(judge=JUDGE, version=version, accepted=accepted, reason=reason)


def _judged(evidence: Evidence, path: str, *, any_time: bool, ml_dsa: bool) -> tuple[bool | None, str]:
    if evidence.uses("ML-DSA") and not ml_dsa:
        return None, "this version does not know ML-DSA"
    present = abs(evidence.at - datetime.now(UTC)) <= _NOW  # its own present, whatever the lab's clock says
    if not (present or any_time):
        return None, "this version judges the present alone"
    options = ["--verify", "--infile", "chain.pem", "--load-ca-certificate", "roots.pem"]
    if evidence.purpose in _PURPOSES:
        options += ["--verify-purpose", _PURPOSES[evidence.purpose]]
    if evidence.name:
        options += ["--verify-hostname", evidence.name]
    if not present:
        options += ["--attime", f"{evidence.at:%Y-%m-%d %H:%M:%S} UTC"]
    if evidence.crls:
        options += ["--load-crl", "crls.pem"]
    with TemporaryDirectory(prefix="pkilab-judge-") as name:
        folder = Path(name)
        evidence.write(folder)
        said = process.run(path, options, folder=folder)
    return _read(said)


def _read(said: process.Said) -> tuple[bool | None, str]:
    if said.code is None:
        return None, "it was stopped, as it took too long or too much memory"
    found = _VERDICT.search(said.text)
    if found is None:
        return None, f"it cannot read it: {' '.join(said.text.split())[-300:]}"
    if found[1] == "Verified":
        return True, "a trusted root leads to it"
    words = [told for pattern, told in _WORDS if pattern in found[2]]
    return False, words[0] if words else found[2].strip()[:300]


@lru_cache(maxsize=4)
def _abilities(path: str) -> tuple[str, bool, bool]:
    """Return its version, whether it judges other times than the present, and whether it knows ML-DSA."""
    with TemporaryDirectory(prefix="pkilab-judge-") as name:
        version, helped = (process.run(path, [option], folder=Path(name)).text for option in ("--version", "--help"))
    return (version.splitlines() or [""])[0].rpartition(" ")[2], "--attime" in helped, "mldsa" in helped.lower()
