"""The SOAP service (W2): three operations by POST, the WSDL and a word for people by GET."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pkilab.model.request import Submission
from pkilab.model.settings import DEFAULT_PATH
from pkilab.soap import responses
from pkilab.soap.operations import GetCertificate, ListCertificates, decode
from pkilab.soap.responses import WireCertificate
from pkilab.soap.wsdl import wsdl
from pkilab.web.addresses import base, service_link, soap_path
from pkilab.web.authorities import CA
from pkilab.web.errors import METHOD_NOT_ALLOWED, Told, problem, told
from pkilab.web.intake import Intake
from pkilab.web.limits import read_body

# The main CA's path is `DEFAULT_PATH`; this is every CA's own.
_NAMED = re.compile(f"/([^/]+){re.escape(DEFAULT_PATH)}")

Question = GetCertificate | ListCertificates

_SMALL = 16 * 1024
_ALLOWED = "GET, HEAD, POST"
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_XML = "text/xml; charset=utf-8"


class SoapDoor:
    """An ASGI middleware that answers at the SOAP service's addresses by itself: most requests come there, and many.

    What a body holds decides: SOAPAction, cookies and media type do not count.
    """

    def __init__(self, app: ASGIApp, intake: Intake, *, max_body: int, count: Callable[[str], None]) -> None:
        self._app = app
        self._intake = intake
        self._max_body = max_body
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on what is for another address."""
        path = scope["path"]
        named = _NAMED.fullmatch(path)
        if path != DEFAULT_PATH and named is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        name = named[1] if named else None
        try:
            response = await self._respond(request, name)
        except ClientDisconnect:
            return  # nobody is there to be told
        await response(scope, receive, send)

    async def _respond(self, request: Request, name: str | None) -> Response:
        if request.method == "POST":
            asked = await self._asked(request)
            if isinstance(asked, Submission):
                return await self._submit(request, name, asked)
            return await run_in_threadpool(self._answer, request, name, asked)
        if request.method in {"GET", "HEAD"}:
            return await run_in_threadpool(self._show, request, name)
        sentence = f"{request.method} is not for this address; it takes {_ALLOWED}."
        what = Told(client=True, status=405, code=METHOD_NOT_ALLOWED, sentence=sentence)
        return problem(what, {"Allow": _ALLOWED} | service_link(name or ""))

    async def _asked(self, request: Request) -> Submission | Question | Exception:
        """Return what a message asks, or why it is refused; a submission is counted before it waits for its turn."""
        charset = _CHARSET.search(request.headers.get("content-type", ""))
        try:
            body = await read_body(request, self._max_body)
            named = charset[1] if charset else ""
            # A thread costs more than reading a small message does.
            asked = decode(body, named) if len(body) <= _SMALL else await run_in_threadpool(decode, body, named)
            if isinstance(asked, Submission):
                self._count(request.client.host if request.client else "")
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - it becomes a fault like those of the CA
            return error
        return asked

    async def _submit(self, request: Request, name: str | None, asked: Submission) -> Response:
        """Return the answer to a submission, once it is durable."""
        try:
            ca, receipt = await self._intake.submit(name, asked)
        except Exception as error:  # noqa: BLE001 - `told` logs what nobody foresaw
            return await run_in_threadpool(self._answer, request, name, error)
        request.state.outcome = "new" if receipt.new else "known"
        content = responses.encode_submitted(receipt.message)
        return Response(content, 200, service_link(ca.instance), media_type=_XML)

    def _answer(self, request: Request, name: str | None, asked: Question | Exception) -> Response:
        """Return the answer to a message; any error becomes a fault with HTTP status 500 (SOAP 1.1 §6.2)."""
        instance = name or ""
        try:
            ca = self._intake.find(name)
            instance = ca.instance
            content, status = _done(ca, asked), 200
            request.state.outcome = "ok"
        except Exception as error:  # noqa: BLE001 - `told` logs what nobody foresaw
            what = told(error, f"POST {request.url.path!r}")
            content = responses.encode_fault(client=what.client, code=what.code, sentence=what.sentence)
            request.state.outcome, status = what.code, 500
        return Response(content, status, service_link(instance), media_type=_XML)

    def _show(self, request: Request, name: str | None) -> Response:
        """Return the WSDL for the query `WSDL` in any letter case, else a word for people."""
        try:
            ca = self._intake.find(name)
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


def _done(ca: CA, asked: Question | Exception) -> bytes:
    match asked:
        case Exception():
            raise asked
        case GetCertificate(number=number):
            found = ca.certificate(int(number))
            name = found.name
            wire = WireCertificate(found.number, name.host, name.instance, name.root, found.pem)
            return responses.encode_certificate(wire)
        case ListCertificates(host=host, instance=instance):
            return responses.encode_list(ca.listed(host=host, instance=instance))
