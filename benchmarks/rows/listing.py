"""A page of the list, and what one host polls, with very many certificates against few."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter

from benchmarks import asking, filled, service
from benchmarks.asking import Asking
from benchmarks.measure import Comparison, Row, Side, Sizes

_PAGE_FEW, _PAGE_MANY = "a page of the list, few", "a page of the list, many"
_POLL_FEW, _POLL_MANY = "ListCertificates, few", "ListCertificates, many"
_SHORT = asking.PAGE
"""So far from the end begins the last page."""


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:
    chance = random.Random(1)
    with ExitStack() as stack:
        few, many = sizes["few"], sizes["many"]
        asked = {
            count: stack.enter_context(
                asking.asking(
                    stack.enter_context(service.pkilab(filled.lab_with(folder.parent / "shared", count))).port
                )
            )
            for count in (few, many)
        }

        def timed(question: Callable[[], int], answer: int) -> float:
            began = perf_counter()
            for _ in range(sizes["questions"]):
                if question() != answer:
                    raise RuntimeError("an answer is not complete")
            return (perf_counter() - began) / sizes["questions"] * 1000

        def page(count: int) -> float:
            to: Asking = asked[count]
            return timed(lambda: to.page(chance.randrange(count - _SHORT)), asking.PAGE)

        def poll(count: int) -> float:
            to: Asking = asked[count]
            hosts = count // filled.PER_HOST
            return timed(lambda: to.listed(f"host{chance.randrange(hosts)}"), filled.PER_HOST)

        yield {
            _PAGE_FEW: lambda: page(few),
            _PAGE_MANY: lambda: page(many),
            _POLL_FEW: lambda: poll(few),
            _POLL_MANY: lambda: poll(many),
        }


ROW = Row(
    name="listing",
    title="The list and a host's poll, 1,000,000 certificates against 1,000",
    unit="milliseconds an answer",
    method=(
        "Two `pkilab serve`, one over each lab, are asked over HTTP in turns, one request at a time: a page of fifty "
        "of the list somewhere in its middle (`GET /MyCA/api/certificates?after=…`), and `ListCertificates` by SOAP "
        "for one host of twenty certificates, another page or host each time. A host's certificates lie scattered "
        "over the order of issue. The rows are written to the registry by SQL; nearly all certificates in them "
        "are copies."
    ),
    sizes={"few": 1000, "many": 1_000_000, "questions": 300},
    quick={"few": 200, "many": 1000, "questions": 10},
    sides=_sides,
    comparisons=(
        Comparison(what="a page", ours=_PAGE_MANY, peer=_PAGE_FEW, bound=1.5, aim=1.1, at_least=False),
        Comparison(what="ListCertificates", ours=_POLL_MANY, peer=_POLL_FEW, bound=1.5, aim=1.1, at_least=False),
    ),
    versions=dict,
)
