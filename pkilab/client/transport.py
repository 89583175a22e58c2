"""HTTP to a CA server. Every failure becomes a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from pkilab.client.trust import Trust, refusal
from pkilab.errors import NotACAServer, Unreachable

MAX_ANSWER = 256 * 1024 * 1024
"""Octets of an answer that are read; a list of a million certificates has about 200 MB."""

NO_FILE = Trust()
"""What the system trusts."""

LONG = 60.0
"""Seconds that an answer may take."""
_CONNECT = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `api` is the absolute address of the CA's API, empty where none is announced.

    `certificate` is what the server showed over HTTPS, in DER; empty without.
    """

    status: int
    content_type: str
    body: bytes
    api: str = ""
    certificate: bytes = b""


def post(url: str, body: bytes, *, action: str, trust: Trust = NO_FILE, seconds: float = LONG) -> Answer:
    """Return the answer to a SOAP request; nobody waits longer than `seconds` for a part of it.

    Raises:
        Unreachable: nobody answered, or not in time; `Untrusted`, if it was the server's certificate.
        NotACAServer: the answer is longer than any list.
    """
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
    return _exchange("POST", url, body=body, headers=headers, trust=trust, seconds=seconds)


def get(
    url: str, *, trust: Trust = NO_FILE, parameters: Mapping[str, str] | None = None, seconds: float = LONG
) -> Answer:
    """Return the answer of the API at an address; raises as `post` does."""
    address = str(httpx.URL(url, params=parameters)) if parameters else url
    return _exchange("GET", address, body=None, headers={"Accept": "*/*"}, trust=trust, seconds=seconds)


def _exchange(
    method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], trust: Trust, seconds: float
) -> Answer:
    timeout = httpx.Timeout(seconds, connect=min(seconds, _CONNECT))
    check = trust.context(url) if url.startswith("https:") else False
    try:
        # Proxies of the environment are not for a lab's own hosts, and the environment is read in one place only.
        with (
            httpx.Client(verify=check, timeout=timeout, trust_env=False) as client,
            client.stream(method, url, content=body, headers=dict(headers)) as response,
        ):
            return Answer(
                status=response.status_code,
                content_type=response.headers.get("content-type", ""),
                body=_bounded(response, url),
                api=_api(url, response),
                certificate=_shown(response),
            )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        if isinstance(error, httpx.TimeoutException):
            raise Unreachable(url, "it took too long") from error
        if isinstance(error, httpx.RemoteProtocolError):
            raise Unreachable(url, _no_http(url, error)) from error
        raise refusal(url, error, pinned=bool(trust.pin), named=bool(trust.file)) from error


def _no_http(url: str, error: httpx.RemoteProtocolError) -> str:
    if "disconnected" not in str(error) and "closed" not in str(error):
        return "something answered, but it speaks no HTTP"
    gone = "it ended the connection without answering in HTTP"
    hint = "" if url.startswith("https:") else "; perhaps it speaks HTTPS: configure the client with HTTPS then"
    return gone + hint


def _shown(response: httpx.Response) -> bytes:
    """Return the certificate that the server showed, in DER."""
    stream = response.extensions.get("network_stream")
    connection = stream.get_extra_info("ssl_object") if stream is not None else None
    # Of `ssl`'s two classes of connections one takes no name for this argument: DER.
    return connection.getpeercert(True) or b"" if connection is not None else b""  # noqa: FBT003


def _bounded(response: httpx.Response, url: str) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MAX_ANSWER:
            raise NotACAServer(url, "its answer does not end")
        parts.append(part)
    return b"".join(parts)


def _api(url: str, response: httpx.Response) -> str:
    """Return the API that a `Link: <…>; rel="service"` header announces (RFC 8288, RFC 8631).

    It has to be at the same place: what another server says would not be this CA's word.
    """
    link = urljoin(url, response.links.get("service", {}).get("url", "") or url)
    same = urlsplit(link)[:2] == urlsplit(url)[:2]
    return link if same and link != url else ""
