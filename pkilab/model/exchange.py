"""What went over the wire: a SOAP message and its answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A message of SOAP 1.1 over HTTP and its answer, the bodies byte for byte. No secret is ever in one.

    `action` is the SOAPAction without its quotes; `api` the address that the answer's `Link` header gave, or empty.
    """

    url: str
    action: str
    request: bytes
    status: int
    response: bytes
    api: str = ""
