"""All verifiers' verdicts side by side, and why they differ where they do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pkilab.errors import InvalidField
from pkilab.judges import certtool, openssl
from pkilab.judges.evidence import Evidence, check_name
from pkilab.model.certificate import Certificate
from pkilab.model.verdict import Judged, Purpose, Verdict
from pkilab.x509 import path


def verify(
    certificate: Certificate,
    between: Sequence[Certificate],
    roots: Sequence[Certificate],
    *,
    purpose: Purpose | str = Purpose.ANY,
    name: str = "",
    at: datetime,
    crls: Sequence[bytes] = (),
) -> Judged:
    """Return what each verifier says of a certificate; `between` came with it, `roots` alone are trusted.

    `name` is what a server is reached at; `at` the time to judge for; `crls` in DER.

    Raises:
        InvalidField: purpose, name or time break their rules, or there is nobody to trust.
    """
    chosen = Purpose.parse(purpose)
    if not roots:
        raise InvalidField("Trust", "name at least one root certificate to trust.")
    if at.tzinfo is None:
        raise InvalidField("At", "give a time with its zone.")
    evidence = Evidence(
        certificate=certificate,
        between=tuple(between),
        roots=tuple(roots),
        crls=tuple(crls),
        purpose=chosen,
        name=check_name(name, chosen),
        at=at,
    )
    first = path.judge(
        certificate,
        evidence.between,
        evidence.roots,
        purpose=chosen,
        name=evidence.name,
        at=evidence.at,
        revocation=bool(crls),
    )
    verdicts = (first, openssl.judge(evidence), certtool.judge(evidence))
    return Judged(
        certificate=certificate,
        purpose=chosen,
        name=evidence.name,
        at=evidence.at,
        verdicts=verdicts,
        differences=differences(verdicts, revocation=bool(crls)),
    )


def differences(verdicts: Sequence[Verdict], *, revocation: bool) -> tuple[str, ...]:
    """Return sentences on why verdicts differ; none where those that can say agree and all can."""
    yes = [each for each in verdicts if each.accepted]
    no = [each for each in verdicts if each.accepted is False]
    unable = [each for each in verdicts if each.accepted is None and each.version and (yes or no)]
    told = [f"{each.judge} is no part of it: {each.reason}." for each in unable]
    if yes and no:
        told += [f"{each.judge} refuses, as {each.reason}." for each in no]
        told += [_lenient(each, revocation=revocation) for each in yes]
    return tuple(told)


def _lenient(verdict: Verdict, *, revocation: bool) -> str:
    if verdict.judge == path.JUDGE and revocation:
        return f"{verdict.judge} accepts, as it looks at no revocation list."
    return f"{verdict.judge} accepts, as it does not hold to that rule."
