"""The doors of revocation: the current list, the OCSP responder, the CA's certificate (RFC 5280 §4.2.1.13, RFC 6960).

What was signed comes as it is, over plain HTTP too: whoever reads it checks the signature. What may be kept says how
long (RFC 5019 §6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from pkilab.authority.answering import OcspAnswer
from pkilab.web.answers import Answers, headers, http_date
from pkilab.web.authorities import CA
from pkilab.web.limits import read_body
from pkilab.web.quick import decoded
from pkilab.web.shapes import problems

CRL, OCSP, OCSP_REQUEST, CERTIFICATE = (
    "application/pkix-crl",
    "application/ocsp-response",
    "application/ocsp-request",
    "application/pkix-cert",
)
KEEP_CRL = timedelta(minutes=5)
"""How long a list may be kept: a revocation puts another in its place before its time is over."""

_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_PROBLEMS = problems(404, 422)
_SOME_CRL: dict[int | str, dict[str, Any]] = {
    200: {"description": "The list that counts now, in DER", "content": {CRL: _BINARY}},
    304: {"description": "It is the one that you have"},
    **_PROBLEMS,
}
_CA: dict[int | str, dict[str, Any]] = {
    200: {"description": "The certificate in DER", "content": {CERTIFICATE: _BINARY}},
    **_PROBLEMS,
}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer in DER; also why there is none", "content": {OCSP: _BINARY}},
    **_PROBLEMS,
}
_BODY = {
    "requestBody": {
        "description": "An OCSPRequest in DER; its media type is not looked at. None at all is malformed as others are",
        "required": False,
        "content": {OCSP_REQUEST: _BINARY},
    }
}

Encoded = Annotated[str, Path(description="the OCSPRequest in DER, in Base64, percent-encoded (RFC 6960 A.1)")]


def router(ca_of: Callable[[str], CA], answers: Answers, *, max_body: int) -> APIRouter:
    """Return the routes; each takes the CA's instance from its path."""
    routes = APIRouter(tags=["revocation"])

    @routes.get("/{instance}/crl", summary="What is revoked", responses=_SOME_CRL, response_class=Response)
    def crl(instance: str, if_none_match: Annotated[str, Header()] = "") -> Response:
        return _crl(ca_of(instance), if_none_match)

    @routes.get("/{instance}/ca.cer", summary="The CA's certificate", responses=_CA, response_class=Response)
    def issuer(instance: str) -> Response:
        return Response(ca_of(instance).ca_certificate().certificate.der, media_type=CERTIFICATE)

    @routes.get("/{instance}/ocsp/{encoded:path}", summary="Ask by GET", responses=_ANSWER, response_class=Response)
    async def ask(instance: str, encoded: Encoded, request: Request) -> Response:
        given = await answers.to(instance, decoded(encoded))
        return _told(request, given.answer, kept=headers(given))

    @routes.post(
        "/{instance}/ocsp",
        summary="Ask for states of certificates",
        responses=_ANSWER | problems(400, 413),
        response_class=Response,
        openapi_extra=_BODY,
    )
    async def post(instance: str, request: Request) -> Response:
        try:
            body = await read_body(request, max_body)
        except ClientDisconnect:
            return Response(status_code=400)
        given = await answers.to(instance, body)
        return _told(request, given.answer, kept={})

    return routes


def _crl(ca: CA, known: str) -> Response:
    found = ca.crl()
    tag = f'"{hashlib.sha256(found.der).hexdigest()}"'
    keep = max(0, min(KEEP_CRL, found.next_update - ca.now()) // timedelta(seconds=1))
    headers = {
        "ETag": tag,
        "Last-Modified": http_date(found.this_update),
        "Expires": http_date(found.next_update),
        "Cache-Control": f"max-age={keep}, public, no-transform, must-revalidate",
    }
    if tag in (each.strip() for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(found.der, headers=headers, media_type=CRL)


def _told(request: Request, answer: OcspAnswer, *, kept: dict[str, str]) -> Response:
    request.state.outcome = answer.outcome
    return Response(answer.der, headers=kept, media_type=OCSP)
