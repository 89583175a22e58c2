"""The memory of the web service with very many certificates, against an empty lab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks import asking, filled, service
from benchmarks.measure import Comparison, Row, Side, Sizes

_MANY, _NONE = "pkilab serve, many", "pkilab serve, empty lab"


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:
    def peak(count: int) -> float:
        with service.pkilab(filled.lab_with(folder.parent / "shared", count)) as server:
            with asking.asking(server.port) as asked:
                step = max(1, count // sizes["questions"])
                for at in range(sizes["questions"]):
                    asked.page(at * step)
                    asked.listed(f"host{at}")
            return server.peak_memory / 2**20

    yield {_MANY: lambda: peak(sizes["many"]), _NONE: lambda: peak(0)}


ROW = Row(
    name="memory",
    title="Memory of `pkilab serve`, 1,000,000 certificates against none",
    unit="MiB",
    method=(
        "The service is started, asked for pages of the whole list and for what several hosts poll, and then Linux "
        "says how much main memory it took at most (`VmHWM`). The labs are those of the row above, and one in which "
        "nothing was issued."
    ),
    sizes={"many": 1_000_000, "questions": 100},
    quick={"many": 1000, "questions": 5},
    sides=_sides,
    comparisons=(Comparison(what="many against none", ours=_MANY, peer=_NONE, bound=1.5, aim=1.1, at_least=False),),
    versions=dict,
)
