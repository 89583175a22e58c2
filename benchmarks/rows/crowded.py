"""How long a submission takes while three hundred clients submit and poll, and the service dies twice."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import crowd, labs, service
from benchmarks.measure import Comparison, Row, Side, Sizes

_P99, _MEDIAN = "99 of 100 submissions", "half of the submissions"
_POLL = 3.0
_RESTARTS = 2


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:
    contents = labs.signing_requests(sizes["clients"])
    sent = labs.submissions(contents)
    took: list[float] = []

    def run() -> None:
        with TemporaryDirectory(dir=folder) as place:
            bench = labs.lab_with_ca(Path(place) / "lab")
            with service.pkilab(bench.lab.path) as server:
                seen = crowd.gather(
                    server,
                    list(zip(sent, contents, strict=True)),
                    seconds=float(sizes["seconds"]),
                    poll=_POLL,
                    restarts=_RESTARTS,
                )
            waiting = {request.fingerprint.sha256 for request in bench.ca.pending()}
            bench.close()
        if waiting != set(seen.acknowledged) or len(waiting) != len(contents):
            raise RuntimeError("what was acknowledged is not what waits")
        took[:] = seen.undisturbed

    def below(share: float) -> float:
        return took[math.ceil(len(took) * share) - 1] * 1000

    def p99() -> float:
        run()
        return below(0.99)

    yield {_P99: p99, _MEDIAN: lambda: below(0.5)}


ROW = Row(
    name="crowd",
    title="A submission among 300 clients, while the service is killed twice",
    unit="milliseconds",
    method=(
        "300 clients, each with a request of its own, submit by SOAP within a minute and poll every three seconds; "
        "meanwhile the service is killed by SIGKILL and started again twice. Afterwards every acknowledged request is "
        "in the queue exactly once. Told is how long submissions took that were sent outside the restarts and the two "
        "seconds round them. It is one run, as it takes a minute."
    ),
    sizes={"clients": 300, "seconds": 60},
    quick={"clients": 40, "seconds": 10},
    sides=_sides,
    comparisons=(
        Comparison(what="99 of 100 within", ours=_P99, peer="", bound=500, at_least=False),
        Comparison(what="half of them within", ours=_MEDIAN, peer="", bound=None, at_least=False),
    ),
    versions=dict,
    runs=1,
    warm_up=False,
)
