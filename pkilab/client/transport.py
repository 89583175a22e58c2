"""HTTP to a CA server. Every failure becomes a sentence that says what to do."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from pkilab.errors import NotACAServer, Unreachable

MAX_ANSWER = 256 * 1024 * 1024
"""Octets of an answer that are read; a list of a million certificates has about 200 MB."""

_TIMEOUT = httpx.Timeout(60, connect=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `api` is the absolute address of the CA's API, empty where none is announced."""

    status: int
    content_type: str
    body: bytes
    api: str = ""


def post(url: str, body: bytes, *, action: str, trust: str = "") -> Answer:
    """Return the answer to a SOAP request.

    Raises:
        Unreachable: nobody answered, or not in time.
        NotACAServer: the answer is longer than any list.
    """
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
    return _exchange("POST", url, body=body, headers=headers, trust=trust)


def get(url: str, *, trust: str = "", parameters: Mapping[str, str] | None = None) -> Answer:
    """Return the answer of the API at an address; raises as `post` does."""
    address = str(httpx.URL(url, params=parameters)) if parameters else url
    return _exchange("GET", address, body=None, headers={"Accept": "*/*"}, trust=trust)


def _exchange(method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], trust: str) -> Answer:
    try:
        # Proxies of the environment are not for a lab's own hosts, and the environment is read in one place only.
        with (
            httpx.Client(verify=_trusted(url, trust), timeout=_TIMEOUT, trust_env=False) as client,
            client.stream(method, url, content=body, headers=dict(headers)) as response,
        ):
            return Answer(
                status=response.status_code,
                content_type=response.headers.get("content-type", ""),
                body=_bounded(response, url),
                api=_api(url, response),
            )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(url, _words(error)) from error


def _trusted(url: str, trust: str) -> ssl.SSLContext | bool:
    if not url.startswith("https:"):
        return False
    try:
        return ssl.create_default_context(cafile=trust or None)
    except (OSError, ssl.SSLError) as error:
        raise Unreachable(url, f"the trust file {trust} cannot be used ({error})") from error


def _bounded(response: httpx.Response, url: str) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MAX_ANSWER:
            raise NotACAServer(url, "its answer does not end")
        parts.append(part)
    return b"".join(parts)


def _api(url: str, response: httpx.Response) -> str:
    """Return the API that a `Link: <…>; rel="service"` header announces (RFC 8288, RFC 8631)."""
    link = response.links.get("service", {}).get("url", "")
    return urljoin(url, link) if link else ""


def _words(error: Exception) -> str:
    """Return in words why nobody answered."""
    reason = str(error.__cause__ or error)
    if isinstance(error, httpx.TimeoutException):
        return "it took too long"
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return "its certificate is not trusted; name the file of the CA that issued it as trust file"
    if "Connection refused" in str(error):
        return "nothing listens there"
    if "Name or service not known" in str(error) or "getaddrinfo" in str(error) or "name resolution" in str(error):
        return "the host name is not known"
    return reason or type(error).__name__
