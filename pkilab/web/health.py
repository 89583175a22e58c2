"""Whether the service works: it does if the registry answers (W6)."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.responses import JSONResponse

from pkilab.web.authorities import Authorities
from pkilab.web.errors import told

PATH = "/healthz"
_SECONDS = 5


def router(authorities: Authorities) -> APIRouter:
    """Return the one route."""
    routes = APIRouter(tags=["health"])

    @routes.get(PATH, summary="Whether the registry answers", responses={503: {"description": "It does not"}})
    async def health() -> JSONResponse:
        try:
            await asyncio.wait_for(asyncio.to_thread(authorities.names), _SECONDS)
        except Exception as error:  # noqa: BLE001 - `told` logs it
            what = told(error, f"GET {PATH}")
            return JSONResponse({"status": "failing", "code": what.code}, 503)
        return JSONResponse({"status": "ok"})

    return routes
