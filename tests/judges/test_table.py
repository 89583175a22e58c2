"""docs/verify.md tells each verifier's verdict on each way in which a chain can be wrong, as it is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pkilab.judges import bench
from tests.judges.cases import CASES, now

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "verify.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## Verdicts")[2]
ROWS = {
    cells[0]: cells[1:]
    for line in TABLE.splitlines()
    if line.startswith("| ") and (cells := [cell.strip(" `") for cell in line.strip("|").split("|")])
}
WHY = {
    "good": "a trusted root leads to it",
    "expired": "expired|not valid at that time",
    "not yet valid": "not valid yet|not valid at that time",
    "wrong name": "name is not one of the certificate's",
    "wrong usage": "extended key usage.* is for something else",
    "path length exceeded": "path length allows|path's length",
    "missing CA flag": "an issuer in the chain is no CA",
    "unknown root": "no trusted root leads to it",
    "revoked": "it is revoked|it looks at no revocation list",
    "bad signature": "a signature in the chain does not hold",
    "name constraints broken": "a name.* is outside of what a CA above it",
}
"""What each reason has to say, so that nothing is refused for something else than what is wrong with it."""


def test_the_table_has_a_row_for_each_case() -> None:
    assert set(ROWS) - {"chain", "---"} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_every_verifier_says_what_the_table_tells(name: str, tool: Callable[[str], str]) -> None:
    tool("openssl"), tool("certtool")
    case = CASES[name]()
    judged = bench.verify(
        case.leaf, case.between, case.roots, purpose=case.purpose, name=case.name, at=now(), crls=case.crls
    )
    found = {verdict.judge: verdict.word for verdict in judged.verdicts}
    assert found == dict(zip(ROWS["chain"], ROWS[name], strict=True))
    assert judged.accepted is (name == "good")
    assert bool(judged.differences) is (len(set(ROWS[name])) > 1)
    assert not [verdict for verdict in judged.verdicts if not re.search(WHY[name], verdict.reason)]
    assert not [verdict.reason for verdict in judged.verdicts if "says" in verdict.reason or "NOT" in verdict.reason]
