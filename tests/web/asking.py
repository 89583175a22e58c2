"""Asking the web service without a socket, and a CA that fails on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NoReturn

import httpx
from lxml import etree

from pkilab.errors import NotConfigured
from pkilab.model.figures import Figures
from pkilab.web.authorities import CA

MAIN = "/isc/pki/PKI.CAServer.cls"


def ask(
    app: Any,
    method: str,
    path: str,
    *,
    content: bytes | AsyncIterator[bytes] | None = None,
    headers: dict[str, str] | None = None,
    client: str = "192.0.2.7",
) -> httpx.Response:
    """Send one request as `client` and return the answer."""

    async def exchange() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(client, 40000))
        async with httpx.AsyncClient(transport=transport, base_url="http://ca.lab.test:52773") as session:
            return await session.request(method, path, content=content, headers=headers)

    return asyncio.run(exchange())


def fault(response: httpx.Response) -> tuple[str, str, str]:
    """Return faultcode, code and sentence of a SOAP fault, after checking what every fault has."""
    assert response.status_code == 500
    assert response.headers["content-type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(response.content)
    return (
        root.findtext(".//faultcode") or "",
        root.findtext(".//detail//{http://pki.intersystems.com}code") or "",
        root.findtext(".//faultstring") or "",
    )


class Only:
    """Authorities of one CA, which is the main one; or of none."""

    def __init__(self, ca: CA | None = None) -> None:
        self._ca = ca

    def get(self, instance: str) -> CA | None:
        return self._ca if self._ca is not None and self._ca.instance == instance else None

    def main(self) -> CA | None:
        return self._ca

    def names(self) -> tuple[str, ...]:
        return (self._ca.instance,) if self._ca else ()

    def figures(self) -> Figures:
        return Figures()


class FailingCA:
    """A CA whose every verb raises one error."""

    instance = "MyCA"

    def __init__(self, error: Exception) -> None:
        self._error = error

    def _fail(self, *_given: Any, **_named: Any) -> NoReturn:
        raise self._error

    take = request_by_ticket = ca_certificate = chain = certificate = certificates = listed = now = crl = ocsp = _fail
    answering = _fail

    @property
    def settings(self) -> NoReturn:
        raise NotConfigured(self.instance, "server")
