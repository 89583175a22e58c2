"""Addresses as they stand in answers: the one under which the service was asked, and the API's."""

from __future__ import annotations

import re

from starlette.requests import Request

from pkilab.model.settings import DEFAULT_PATH

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
_INSTANCE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def base(request: Request) -> str:
    """Return scheme and host under which the service was asked.

    The Host header counts if it has the characters of a host name; else the address at which we listen.
    """
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        name, port = request.scope.get("server") or ("localhost", None)
        bracketed = f"[{name}]" if ":" in name else name
        host = f"{bracketed}:{port}" if port else bracketed
    return f"{request.url.scheme}://{host}"


def soap_path(instance: str) -> str:
    """Return the path of a CA's SOAP service that does not depend on which CA is the main one."""
    return f"/{instance}{DEFAULT_PATH}"


def service_link(instance: str) -> dict[str, str]:
    """Return the header that announces the API of a CA (W2); none for what cannot be an instance's name."""
    return {"Link": f'</{instance}/api>; rel="service"'} if _INSTANCE.fullmatch(instance) else {}
