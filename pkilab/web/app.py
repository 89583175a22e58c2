"""The web service of a lab's CA servers, put together (W1)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pkilab.errors import InvalidField, PkilabError
from pkilab.model.settings import ServiceSettings
from pkilab.web import api, health, metrics, requests, status
from pkilab.web.answers import Answers
from pkilab.web.authorities import Authorities
from pkilab.web.errors import INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, Told, problem, told
from pkilab.web.guard import Guard, Net
from pkilab.web.intake import Intake
from pkilab.web.limits import RateLimit
from pkilab.web.openapi import described
from pkilab.web.quick import QuickDoor
from pkilab.web.soap import SoapDoor

__all__ = ["Authorities", "create"]

OPENAPI = "/api/openapi.json"
_ABOUT = "Certificate authorities for training and test labs, never for production."
_CODES = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}


class _Application(FastAPI):
    """FastAPI behind our own doors, which answer most of what is asked in less time than it takes to find a route."""

    front: ASGIApp
    quick: QuickDoor
    """Before them all, for whoever has a connection's octets."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.front(scope, receive, send)


def create(
    authorities: Authorities, *, settings: ServiceSettings, clock: Callable[[], float] = time.monotonic
) -> FastAPI:
    """Return the ASGI application that serves `authorities`; `clock` gives seconds that only grow."""
    app = _Application(
        title="pkilab",
        description=_ABOUT,
        version="1",
        openapi_url=OPENAPI,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    rate = RateLimit(settings.submissions_a_minute, exempt=settings.exempt, clock=clock)
    intake = Intake(authorities)
    app.include_router(health.router(authorities))
    figures = metrics.Metrics(authorities.figures, lambda: intake.waiting)
    app.include_router(metrics.router(figures))
    app.include_router(api.router(intake.find))
    submissions = requests.Submissions(intake, max_body=settings.max_body, count=rate.submit)
    app.include_router(requests.router(intake.find, submissions))
    answers = Answers(intake.find)
    app.include_router(status.router(intake.find, answers, max_body=settings.max_body))
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # as FastAPI's docs have it
    app.add_exception_handler(PkilabError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(Net)
    rest = requests.RequestsDoor(partial(FastAPI.__call__, app), submissions)
    soap = SoapDoor(rest, intake, max_body=settings.max_body, count=rate.submit)
    app.front = Guard(soap, figures)
    app.quick = QuickDoor(answers, figures)
    return app


async def _refused(request: Request, error: Exception) -> JSONResponse:
    what = told(error, f"{request.method} {request.url.path!r}")
    request.state.outcome = what.code
    return problem(what)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Tell which parameter breaks its rule; the value is not repeated."""
    found = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": ("request",), "msg": ""}
    field = InvalidField(str(found["loc"][-1]), f"{found['msg']}.")
    return await _refused(request, field)


async def _http(request: Request, error: Exception) -> JSONResponse:
    """Tell of a path or method that there is not."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    sentence = f"{HTTPStatus(status).phrase}: check the address and the method."
    what = Told(client=status < 500, status=status, code=_CODES.get(status, INTERNAL), sentence=sentence)
    request.state.outcome = what.code
    return problem(what, headers)
