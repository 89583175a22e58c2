"""What the web service may ask of CA servers: the tasks of clients, and none of the administrator's (W1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pkilab.authority.answering import Answering
from pkilab.authority.queue import Acceptable
from pkilab.errors import PkilabError
from pkilab.model.certificate import Chain, IssuedCertificate, ListedCertificate, Listing
from pkilab.model.crl import RevocationList
from pkilab.model.figures import Figures
from pkilab.model.request import Receipt, Request
from pkilab.model.settings import CASettings


class CA(Protocol):
    """A configured CA server, as its clients see it; `authority.CAServer` is one."""

    @property
    def instance(self) -> str:
        """Return the instance's name."""

    @property
    def settings(self) -> CASettings:
        """Return its settings, or raise `NotConfigured`."""

    def take(self, checked: Sequence[Acceptable | PkilabError]) -> list[Receipt | PkilabError]:
        """Take requests into the queue, all in one durable transaction; a refused one gets its error."""

    def request_by_ticket(self, ticket: str) -> Request:
        """Return the request that its sender knows by a ticket, or raise `UnknownRequest`."""

    def ca_certificate(self) -> IssuedCertificate:
        """Return the CA's own certificate, number 0."""

    def chain(self) -> Chain:
        """Return the CA's certificate and those above it."""

    def certificate(self, number: int) -> IssuedCertificate:
        """Return a certificate, or raise `UnknownNumber`."""

    def certificates(
        self, *, search: str = "", host: str = "", instance: str = "", after: int = 0, limit: int = 50
    ) -> Listing:
        """Return a page of issued certificates."""

    def now(self) -> datetime:
        """Return the time by which this CA lives."""

    def crl(self) -> RevocationList:
        """Return the revocation list that counts now, or raise `NoRevocationList`."""

    def answering(self) -> Answering:
        """Return what answers OCSP requests."""

    def listed(self, *, host: str = "", instance: str = "") -> list[ListedCertificate]:
        """Return numbers and names of all issued certificates of a host and an instance, in the order of issue."""


class Authorities(Protocol):
    """The configured CA servers of a lab."""

    def get(self, instance: str) -> CA | None:
        """Return the CA of exactly this name."""

    def main(self) -> CA | None:
        """Return the CA that is reached at the default path."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all of them."""

    def figures(self) -> Figures:
        """Return how much waits at each of them, and how much mail."""
