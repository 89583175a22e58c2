"""The SOAP service (W2): three operations by POST, the WSDL and a word for people by GET."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from pkilab.errors import NotConfigured
from pkilab.model.request import Submission
from pkilab.model.settings import DEFAULT_PATH
from pkilab.soap import responses
from pkilab.soap.operations import GetCertificate, ListCertificates, decode
from pkilab.soap.responses import WireCertificate
from pkilab.soap.wsdl import wsdl
from pkilab.web.addresses import base, service_link, soap_path
from pkilab.web.authorities import CA, Authorities
from pkilab.web.errors import METHOD_NOT_ALLOWED, Told, problem, told
from pkilab.web.limits import read_body

PATHS = (DEFAULT_PATH, soap_path("{instance}"))
"""The main CA's path, and every CA's own."""

Operation = Submission | GetCertificate | ListCertificates

_ALLOWED = "GET, HEAD, POST"
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_XML = "text/xml; charset=utf-8"


class SoapDoor:
    """The ASGI application at `PATHS`. What a body holds decides: SOAPAction, cookies and media type do not count."""

    def __init__(self, authorities: Authorities, *, max_body: int, count: Callable[[str], None]) -> None:
        self._authorities = authorities
        self._max_body = max_body
        self._count = count
        # The registry has one writer at a time: submissions queue here, and do not take all threads from the readers.
        self._submissions = ThreadPoolExecutor(1, thread_name_prefix="pkilab-submissions")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        name = scope.get("path_params", {}).get("instance")
        try:
            response = await self._respond(request, name)
        except ClientDisconnect:
            return  # nobody is there to be told
        await response(scope, receive, send)

    async def _respond(self, request: Request, name: str | None) -> Response:
        if request.method == "POST":
            asked = await self._asked(request)
            if isinstance(asked, Submission):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._submissions, self._answer, request, name, asked)
            return await run_in_threadpool(self._answer, request, name, asked)
        if request.method in {"GET", "HEAD"}:
            return await run_in_threadpool(self._show, request, name)
        sentence = f"{request.method} is not for this address; it takes {_ALLOWED}."
        what = Told(client=True, status=405, code=METHOD_NOT_ALLOWED, sentence=sentence)
        return problem(what, {"Allow": _ALLOWED} | service_link(name or ""))

    async def _asked(self, request: Request) -> Operation | Exception:
        """Return what a message asks, or why it is refused; a submission is counted before it waits for its turn."""
        charset = _CHARSET.search(request.headers.get("content-type", ""))
        try:
            body = await read_body(request, self._max_body)
            asked = await run_in_threadpool(decode, body, charset[1] if charset else "")
            if isinstance(asked, Submission):
                self._count(request.client.host if request.client else "")
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - it becomes a fault like those of the CA
            return error
        return asked

    def _answer(self, request: Request, name: str | None, asked: Operation | Exception) -> Response:
        """Return the answer to a message; any error becomes a fault with HTTP status 500 (SOAP 1.1 §6.2)."""
        instance = name or ""
        try:
            ca = self._ca(name)
            instance = ca.instance
            (content, request.state.outcome), status = _done(ca, asked), 200
        except Exception as error:  # noqa: BLE001 - `told` logs what nobody foresaw
            what = told(error, f"POST {request.url.path!r}")
            content = responses.encode_fault(client=what.client, code=what.code, sentence=what.sentence)
            request.state.outcome, status = what.code, 500
        return Response(content, status, service_link(instance), media_type=_XML)

    def _show(self, request: Request, name: str | None) -> Response:
        """Return the WSDL for the query `WSDL` in any letter case, else a word for people."""
        try:
            ca = self._ca(name)
        except Exception as error:  # noqa: BLE001 - `told` logs what nobody foresaw
            return problem(told(error, f"GET {request.url.path!r}"), service_link(name or ""))
        url = base(request) + (DEFAULT_PATH if name is None else soap_path(ca.instance))
        headers = service_link(ca.instance)
        if any(key.lower() == "wsdl" for key in request.query_params):
            return Response(wsdl(url), 200, headers, media_type=_XML)
        return PlainTextResponse(
            f"This is the web service of the certificate authority {ca.instance}, made by pkilab for training and\n"
            f"test labs, never for production. It is for programs: SOAP by POST, described at {url}?WSDL;\n"
            f"and JSON at {base(request)}/{ca.instance}/api.\n",
            headers=headers,
        )

    def _ca(self, name: str | None) -> CA:
        ca = self._authorities.main() if name is None else self._authorities.get(name)
        if ca is None:
            raise NotConfigured("This lab" if name is None else name[:64], "server")
        return ca


def _done(ca: CA, asked: Operation | Exception) -> tuple[bytes, str]:
    """Return the answer, and for the figures how it went: `ok`, or whether a submission is `new` or `known`."""
    match asked:
        case Exception():
            raise asked
        case Submission():
            receipt = ca.submit(asked)
            return responses.encode_submitted(receipt.message), "new" if receipt.new else "known"
        case GetCertificate(number=number):
            found = ca.certificate(int(number))
            name = found.name
            wire = WireCertificate(found.number, name.host, name.instance, name.root, found.pem)
            return responses.encode_certificate(wire), "ok"
        case ListCertificates(host=host, instance=instance):
            return responses.encode_list(ca.listed(host=host, instance=instance)), "ok"
