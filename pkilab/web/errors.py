"""The one table from errors to what a client is told: a SOAP fault, or a problem (RFC 9457)."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import JSONResponse

from pkilab import errors
from pkilab.errors import PkilabError
from pkilab.web.submission import MEMBERS

INTERNAL = "InternalError"
"""The code of everything that nobody foresaw."""
NOT_FOUND = "NotFound"
"""The code of a path that there is not."""
METHOD_NOT_ALLOWED = "MethodNotAllowed"
"""The code of a method that a path does not take."""
UNSUPPORTED = "UnsupportedMediaType"
"""The code of a body that is of no media type that is read."""

_log = logging.getLogger(__name__)

_MENDABLE: dict[type[PkilabError], HTTPStatus] = {
    errors.InvalidCSR: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidField: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidMessage: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.TooOften: HTTPStatus.TOO_MANY_REQUESTS,
    errors.UnknownNumber: HTTPStatus.NOT_FOUND,
    errors.UnknownOperation: HTTPStatus.BAD_REQUEST,
    errors.UnknownRequest: HTTPStatus.NOT_FOUND,
    errors.WeakKey: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""What the caller can mend: `soap:Client`."""

_OURS: dict[type[PkilabError], HTTPStatus] = {
    errors.NoRevocationList: HTTPStatus.NOT_FOUND,
    errors.NotConfigured: HTTPStatus.NOT_FOUND,
    errors.TooManyPending: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What only the server's side can mend, and may be told as it is: `soap:Server`."""

_UNTOLD: dict[type[PkilabError], HTTPStatus] = {
    errors.CannotRead: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.CannotWrite: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.RegistryError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What names files of the server: `soap:Server`, and only the code is told."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a client is told: whether it can mend it, the HTTP status (of a problem), a stable code, a sentence.

    `field` names the field that an `InvalidField` is about, as SOAP calls it.
    """

    client: bool
    status: int
    code: str
    sentence: str
    field: str = ""


def told(error: Exception, where: str) -> Told:
    """Return what a client is told of `error`.

    What nobody foresaw, or what tells of the server's inside, is logged with its traceback and `where` under an id,
    and the client gets the id alone.
    """
    if isinstance(error, PkilabError):
        if (mendable := _MENDABLE.get(type(error))) is not None:
            field = error.field if isinstance(error, errors.InvalidField) else ""
            return Told(client=True, status=mendable, code=error.code, sentence=str(error), field=field)
        if (ours := _OURS.get(type(error))) is not None:
            return Told(client=False, status=ours, code=error.code, sentence=str(error))
    incident = secrets.token_hex(6)
    _log.error("Unexpected error %s at %s", incident, where, exc_info=error)
    untold = _UNTOLD.get(type(error)) if isinstance(error, PkilabError) else None
    return Told(
        client=False,
        status=untold or HTTPStatus.INTERNAL_SERVER_ERROR,
        code=type(error).__name__ if untold else INTERNAL,
        sentence=f"The CA server cannot do this now; its operator finds the reason in the log, under {incident}.",
    )


def problem(what: Told, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return `what` as a problem (RFC 9457) with the extension members `code` and, for a field, `field`."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(what.status).phrase,
        "status": int(what.status),
        "detail": what.sentence,
        "code": what.code,
    }
    if what.field:
        content["field"] = MEMBERS.get(what.field, what.field)
    if what.status == HTTPStatus.TOO_MANY_REQUESTS:
        headers = {"Retry-After": "60"} | (headers or {})
    return JSONResponse(content, what.status, headers, media_type="application/problem+json")
