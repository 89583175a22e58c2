"""The API's requests (W3): sending a CSR, and asking later what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pkilab.errors import UnknownRequest
from pkilab.model.record import record
from pkilab.model.request import Receipt, RequestState, Submission
from pkilab.model.request import Request as Pending
from pkilab.web import submission
from pkilab.web.addresses import service_link
from pkilab.web.authorities import CA
from pkilab.web.errors import UNSUPPORTED, Told, problem
from pkilab.web.intake import Intake
from pkilab.web.limits import read_body
from pkilab.web.shapes import Fingerprints, RequestLinks, RequestShown, problems

_ADDRESS = re.compile(r"/([^/]+)/api/requests")
_TICKET = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LINKS = {
    "state": {
        "operationId": "state",
        "parameters": {"instance": "$request.path.instance", "ticket": "$response.body#/ticket"},
    }
}
_TAKEN = {
    201: {"model": RequestShown, "description": "It is in the operator's queue", "links": _LINKS},
    200: {"model": RequestShown, "description": "The same CSR came before; this is where it stands", "links": _LINKS},
    **problems(400, 404, 413, 415, 422, 429, 503),
}
_SENTENCES = {
    RequestState.PENDING: "Certificate Signing Request {root} is pending.",
    RequestState.ISSUED: "The certificate of Certificate Signing Request {root} was issued as number {number}.",
    RequestState.DELETED: "Certificate Signing Request {root} was deleted by the CA's operator{reason}.",
}


class Submissions:
    """Takes submissions that come to the API. `count` counts one of an address, or refuses it (W4)."""

    def __init__(self, intake: Intake, *, max_body: int, count: Callable[[str], None]) -> None:
        self._intake = intake
        self._max_body = max_body
        self._count = count

    async def answer(self, instance: str, request: Request) -> Response:
        """Return the answer to a submission, once it is durable.

        Raises:
            PkilabError: it is refused.
        """
        try:
            asked = await _asked(request, max_body=self._max_body, count=self._count)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to be told
        if isinstance(asked, Exception):
            # As with SOAP, an instance that is no CA weighs more than a wrong body.
            await run_in_threadpool(self._intake.find, instance)
            return _refused(request, asked)
        return _taken(request, *await self._intake.submit(instance, asked))


class RequestsDoor:
    """An ASGI middleware that takes submissions by itself. Errors are left to the `Net` round it."""

    def __init__(self, app: ASGIApp, submissions: Submissions) -> None:
        self._app = app
        self._submissions = submissions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on what is for another address."""
        named = _ADDRESS.fullmatch(scope["path"]) if scope["method"] == "POST" else None
        if named is None:
            await self._app(scope, receive, send)
            return
        response = await self._submissions.answer(named[1], Request(scope, receive))
        await response(scope, receive, send)


def router(ca_of: Callable[[str], CA], submissions: Submissions) -> APIRouter:
    """Return the routes. That of a submission is what OpenAPI tells of; `RequestsDoor` stands before it."""
    routes = APIRouter(tags=["requests"])

    @routes.post(
        "/{instance}/api/requests",
        summary="Send a certificate signing request",
        status_code=201,
        response_model=None,
        responses=_TAKEN,
        openapi_extra={"requestBody": submission.BODY, "parameters": submission.PARAMETERS},
    )
    async def submit(instance: str, request: Request) -> Response:
        return await submissions.answer(instance, request)

    @routes.get(
        "/{instance}/api/requests/{ticket}",
        summary="What became of a request",
        responses=problems(404, 503),
    )
    def state(instance: str, ticket: str) -> RequestShown:
        ca = ca_of(instance)
        if not _TICKET.fullmatch(ticket):
            raise UnknownRequest(ticket[:64])
        found = ca.request_by_ticket(ticket)
        return _shown(ca, found, _sentence(found))

    return routes


async def _asked(request: Request, *, max_body: int, count: Callable[[str], None]) -> Submission | Exception:
    """Return what a client submits, or why it is refused; it is counted before it waits for its turn."""
    try:
        body = await read_body(request, max_body)
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        asked = submission.decode(body, media, request.query_params)
        count(request.client.host if request.client else "")
    except ClientDisconnect:
        raise
    except Exception as error:  # noqa: BLE001 - it is told where the errors of the CA are
        return error
    return asked


def _refused(request: Request, asked: Exception) -> Response:
    if isinstance(asked, submission.UnsupportedMediaType):
        return _unsupported(request)
    raise asked


def _taken(request: Request, ca: CA, receipt: Receipt) -> Response:
    request.state.outcome = "new" if receipt.new else "known"
    shown = _shown(ca, receipt.request, receipt.message)
    headers = service_link(ca.instance)
    if receipt.new:
        headers["Location"] = shown.links.state
    return JSONResponse(record(shown), 201 if receipt.new else 200, headers)


def _shown(ca: CA, request: Pending, message: str) -> RequestShown:
    api = f"/{ca.instance}/api"
    issued = None if request.number is None else str(request.number)
    return RequestShown(
        ticket=request.ticket,
        state=request.state.value,
        message=message,
        host=request.name.host,
        instance=request.name.instance,
        root=request.root,
        subject=request.subject,
        names=list(request.names),
        fingerprint=Fingerprints(sha1=request.fingerprint.sha1, sha256=request.fingerprint.sha256),
        received_at=request.received_at,
        decided_at=request.decided_at,
        number=issued,
        reason=request.reason,
        links=RequestLinks(
            state=f"{api}/requests/{request.ticket}",
            certificate=None if issued is None else f"{api}/certificates/{issued}",
        ),
    )


def _sentence(request: Pending) -> str:
    reason = f": {request.reason}" if request.reason else ""
    words: dict[str, Any] = {"root": request.root, "number": request.number, "reason": reason.rstrip(".")}
    return _SENTENCES[request.state].format(**words)


def _unsupported(request: Request) -> Response:
    request.state.outcome = UNSUPPORTED
    accepted = ", ".join((submission.JSON, *submission.CSR_TYPES))
    sentence = f"A body of this media type is not read here; send one of {accepted}."
    what = Told(client=True, status=415, code=UNSUPPORTED, sentence=sentence)
    return problem(what, {"Accept-Post": accepted})
