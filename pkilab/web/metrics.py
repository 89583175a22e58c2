"""Figures for Prometheus (W6): what the doors did since the start, and how much waits right now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from pkilab.errors import PkilabError
from pkilab.model.figures import Figures
from pkilab.model.settings import DEFAULT_PATH

PATH = "/metrics"
_MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_log = logging.getLogger(__name__)


class Metrics:
    """Counters of one service, in a registry of their own: several services may run in one process."""

    def __init__(self, figures: Callable[[], Figures], waiting: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "pkilab_requests",
            "Requests answered, by door and outcome: ok, new, known, or the code of a refusal",
            ("door", "outcome"),
            registry=self.registry,
        )
        self._submissions = Counter(
            "pkilab_submissions",
            "Certificate signing requests taken, by door; known: the same came before",
            ("door", "outcome"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "pkilab_request_duration_seconds",
            "Seconds from a request's head to the end of its answer, by door",
            ("door",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.under_way = Gauge("pkilab_requests_under_way", "Requests that are being answered", registry=self.registry)
        line = Gauge("pkilab_submissions_waiting", "Submissions that wait to become durable", registry=self.registry)
        line.set_function(waiting)
        self.registry.register(_Waiting(figures))
        ProcessCollector(registry=self.registry)
        self._series = cache(self._of)  # their number is bounded, and to find them takes longer than to count

    def answered(self, path: str, outcome: str, seconds: float) -> None:
        """Count a request. `outcome` comes from a fixed set, so that the number of series is bounded."""
        requests, duration, submissions = self._series(_door(path), outcome)
        requests.inc()
        duration.observe(seconds)
        if submissions is not None:
            submissions.inc()

    def _of(self, door: str, outcome: str) -> tuple[Counter, Histogram, Counter | None]:
        """Return the counters that a request of this outcome moves; the last one is for submissions taken."""
        taken = self._submissions.labels(door, outcome) if outcome in {"new", "known"} else None
        return self._requests.labels(door, outcome), self._seconds.labels(door), taken

    def text(self) -> bytes:
        """Return all figures in the text format of Prometheus."""
        return generate_latest(self.registry)


@dataclass(frozen=True, slots=True)
class _Waiting(Collector):
    """Reads from the lab's registry what waits, whenever somebody asks."""

    figures: Callable[[], Figures]

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("pkilab_registry_up", "Whether the registry answers: 1 or 0")
        try:
            found = self.figures()
        except PkilabError as error:
            _log.warning("The figures cannot be read: %s", error)
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        pending = GaugeMetricFamily("pkilab_pending_requests", "Requests that wait for the operator", labels=["ca"])
        issued = GaugeMetricFamily("pkilab_issued_certificates", "Certificates issued by the CA", labels=["ca"])
        for ca in found.workloads:
            pending.add_metric([ca.instance], ca.pending)
            issued.add_metric([ca.instance], ca.issued)
        yield pending
        yield issued
        yield from _ends(found)
        mail = GaugeMetricFamily("pkilab_mail_waiting", "Mails that wait to be sent")
        mail.add_metric([], found.mail_waiting)
        yield mail

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: the registry is not to be read for being registered."""
        return iter(())


def _ends(found: Figures) -> Iterator[Metric]:
    """Yield when something runs out, in Unix time, so that who asks compares it with the clock they go by."""
    list_ = GaugeMetricFamily(
        "pkilab_crl_next_update_seconds",
        "When the revocation list that counts now runs out, in Unix time",
        labels=["ca"],
    )
    last = GaugeMetricFamily(
        "pkilab_crl_series_end_seconds",
        "When the last revocation list signed ahead runs out, in Unix time",
        labels=["ca"],
    )
    responder = GaugeMetricFamily(
        "pkilab_responder_expiry_seconds", "When the OCSP responder's certificate expires, in Unix time", labels=["ca"]
    )
    for ca in found.workloads:
        for gauge, end in ((list_, ca.crl_until), (last, ca.crls_until), (responder, ca.responder_until)):
            if end is not None:
                gauge.add_metric([ca.instance], end.timestamp())
    yield from (list_, last, responder)


def router(metrics: Metrics) -> APIRouter:
    """Return the one route."""
    routes = APIRouter(tags=["health"])

    @routes.get(
        PATH,
        summary="Figures for Prometheus",
        response_class=Response,
        responses={200: {"description": "Figures", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    def figures() -> Response:
        return Response(metrics.text(), headers={"Content-Type": _MEDIA})

    return routes


def _door(path: str) -> str:
    if path.endswith(DEFAULT_PATH):
        return "soap"
    if path == "/healthz":
        return "health"
    if path == PATH:
        return "metrics"
    if path.endswith("/crl"):
        return "crl"
    if path.endswith("/ocsp") or "/ocsp/" in path:
        return "ocsp"
    return "rest" if "/api" in path else "other"
