"""The verdict of the `openssl` command."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pkilab.judges import process
from pkilab.judges.evidence import Evidence
from pkilab.model.verdict import Purpose, Verdict

JUDGE = "openssl"

_PURPOSES = {Purpose.TLS_SERVER: "sslserver", Purpose.TLS_CLIENT: "sslclient", Purpose.CODE_SIGNING: "codesign"}
_ERROR = re.compile(r"^error (\d+) at (\d+) depth lookup: (.*)$", re.MULTILINE)
_NO_CA = "an issuer in the chain is no CA by its certificate, or its key usage lets it sign none"
_WORDS = {
    2: "no trusted root leads to it",
    3: "there is no revocation list of an issuer",
    7: "a signature in the chain does not hold",
    8: "the signature of a revocation list does not hold",
    9: "a certificate of the chain is not valid yet at that time",
    10: "a certificate of the chain has expired at that time",
    11: "a revocation list is not valid yet at that time",
    12: "a revocation list is out of date at that time",
    18: "it is self-signed, and not among those to trust",
    19: "its root is not among those to trust",
    20: "no trusted root leads to it",
    21: "no trusted root leads to it",
    23: "it is revoked",
    24: _NO_CA,
    25: "more CAs stand below one than its path length allows",
    26: "its key usage, or extended key usage, is for something else",
    32: "an issuer in the chain may not sign certificates",
    47: "a name is outside of what a CA above it may issue for",
    48: "a name is among those that a CA above it may not issue for",
    62: "the name is not one of the certificate's",
    64: "the address is not one of the certificate's",
    66: "a key in the chain is too weak",
    67: "a CA's key in the chain is too weak",
    68: "a signature in the chain uses a hash that is too weak",
    79: _NO_CA,
}
"""X509_V_ERR_… in words; for the others the command's own are given."""


def judge(evidence: Evidence) -> Verdict:
    """Return what `openssl verify` says, strictly, trusting the roots alone."""
    path = process.found("openssl")
    if path is None:
        return Verdict(judge=JUDGE, version="", accepted=None, reason="it is not installed here")
    version, purposes, ml_dsa = _abilities(path)
    accepted, reason = _judged(evidence, path, purposes, ml_dsa=ml_dsa)
    return Verdict(judge=JUDGE, version=version, accepted=accepted, reason=reason)


def _judged(evidence: Evidence, path: str, purposes: frozenset[str], *, ml_dsa: bool) -> tuple[bool | None, str]:
    if evidence.uses("ML-DSA") and not ml_dsa:
        return None, "this version does not know ML-DSA, which OpenSSL has from 3.5 on"
    wanted = _PURPOSES.get(evidence.purpose)
    options: list[str | Path] = ["verify", "-x509_strict", "-auth_level", "2", "-check_ss_sig"]
    options += ["-attime", str(int(evidence.at.timestamp()))]
    if wanted in purposes:
        options += ["-purpose", wanted]
    if evidence.name:
        options += ["-verify_ip" if evidence.address else "-verify_hostname", evidence.name]
    if evidence.crls:
        options += ["-crl_check_all" if evidence.covered else "-crl_check", "-CRLfile", "crls.pem"]
    if evidence.between:
        options += ["-untrusted", "between.pem"]
    # Nothing of the machine's own; and what is trusted is trusted, also if it is an intermediate CA.
    trust = ["-no-CAfile", "-no-CApath", "-no-CAstore", "-partial_chain", "-trusted", "roots.pem"]
    with TemporaryDirectory(prefix="pkilab-judge-") as name:
        folder = Path(name)
        evidence.write(folder)
        said = process.run(path, [*options, *trust, "leaf.pem"], folder=folder)
    return _read(said, lacks="" if wanted is None or wanted in purposes else wanted)


def _read(said: process.Said, *, lacks: str) -> tuple[bool | None, str]:
    if said.code is None:
        return None, "it was stopped, as it took too long or too much memory"
    error = _ERROR.search(said.text)
    if error:
        number, _, words = error.groups()
        return False, _WORDS.get(int(number), words)
    if said.code != 0:
        return None, f"it cannot read it: {' '.join(said.text.split())[:300]}"
    if lacks:
        return None, "this version has no purpose of code signing, which OpenSSL has from 3.2 on; the chain holds"
    return True, "a trusted root leads to it"


@lru_cache(maxsize=4)
def _abilities(path: str) -> tuple[str, frozenset[str], bool]:
    """Return its version, the purposes that it knows, and whether it knows ML-DSA."""
    with TemporaryDirectory(prefix="pkilab-judge-") as name:
        version, helped, algorithms = (
            process.run(path, arguments, folder=Path(name)).text
            for arguments in (["version"], ["verify", "-help"], ["list", "-public-key-algorithms"])
        )
    known = frozenset(re.findall(r"^\s+(\w+)\s{2,}\S", helped.partition("purposes:")[2], re.MULTILINE))
    return [*version.split(), "", ""][1], known, "ML-DSA" in algorithms.upper()
