"""The OpenAPI document: as FastAPI makes it, with the one shape that no route names as its model."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from pkilab.web.shapes import Problem


def described(app: FastAPI) -> dict[str, Any]:
    """Return the document; it is made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        made["components"]["schemas"]["Problem"] = TypeAdapter(Problem).json_schema()
        app.openapi_schema = made
    return app.openapi_schema
