"""Reading what is to be verified, and asking the verifiers (X5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.errors import InvalidField
from pkilab.judges import bench
from pkilab.judges.evidence import read_crls
from pkilab.model.verdict import Judged, Purpose
from pkilab.store import files
from pkilab.x509 import certificate as certificates

if TYPE_CHECKING:
    from pkilab.lab.lab import Lab
    from pkilab.model.certificate import Certificate


def verify(
    lab: Lab,
    paths: Sequence[str | Path],
    *,
    trust: Iterable[str | Path],
    purpose: Purpose | str,
    name: str,
    at: datetime | None,
    crls: Iterable[str | Path],
) -> Judged:
    """Return the verdicts on the first certificate in files; see `Lab.verify`."""
    if not paths:
        raise InvalidField("File", "name at least one file, with the certificate to verify first.")
    certificate, *between = _read(paths)
    roots = _read(trust) or _roots(lab)
    if not roots:
        raise InvalidField("Trust", "this lab has no root of its own; name a file with the certificates to trust.")
    lists = [each for path in map(Path, crls) for each in read_crls(files.read(path), path=path)]
    return bench.verify(certificate, between, roots, purpose=purpose, name=name, at=at or lab.clock(), crls=lists)


def _read(paths: Iterable[str | Path]) -> list[Certificate]:
    return [each for path in map(Path, paths) for each in certificates.read_all(files.read(path), path=path)]


def _roots(lab: Lab) -> list[Certificate]:
    """Return the roots of the lab's own CA servers."""
    if not lab.instances():
        return []
    chains = [lab.instance(name).server.chain().certificates for name in lab.authorities.names()]
    return [each for chain in chains for each in chain if each.self_issued]
