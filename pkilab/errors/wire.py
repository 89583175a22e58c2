"""Errors between client and server, and of the registry behind it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pkilab.errors.base import PkilabError


@dataclass(eq=False)
class TooLarge(PkilabError):
    """A message is longer than the service reads. `limit` is in octets."""

    limit: int

    says = "The message is too large; at most {limit} octets are read."


@dataclass(eq=False)
class TooOften(PkilabError):
    """An address sends faster than the limit. `limit` is in submissions a minute."""

    limit: int

    says = "More than {limit} submissions in a minute came from this address; wait a minute."


@dataclass(eq=False)
class InvalidMessage(PkilabError):
    """A message is not the SOAP or JSON that was expected."""

    why: str

    says = "The message cannot be read: {why}."


@dataclass(eq=False)
class UnknownOperation(PkilabError):
    """The service has no operation of this name."""

    name: str

    says = "There is no operation {name}; there are SubmitCSR, GetCertificate and ListCertificates."


@dataclass(eq=False)
class Unreachable(PkilabError):
    """Nobody answered at the CA server's address."""

    url: str
    why: str

    says = "No answer from {url}: {why}. Check host, port and path, and that the CA's web service runs."


@dataclass(eq=False)
class Untrusted(Unreachable):
    """The server's certificate is not one that this client trusts over HTTPS; nothing was sent."""

    url: str
    why: str

    says = "The certificate that {url} shows is not trusted: {why}."


@dataclass(eq=False)
class NotACAServer(PkilabError):
    """Somebody answered, but not as a CA server would."""

    url: str
    why: str

    says = "What answered at {url} is no CA server: {why}. Check host, port and path."


@dataclass(eq=False)
class Refused(PkilabError):
    """The CA server answered with a fault; `fault` is its code (or its SOAP faultcode), `reason` its sentence."""

    fault: str
    reason: str

    says = "The CA server refused: {reason}"


@dataclass(eq=False)
class NothingToSend(PkilabError):
    """There is no CSR under this file root to send again."""

    path: Path

    says = "There is no {path.name} to send again; submit a request first."


@dataclass(eq=False)
class FileInUse(PkilabError):
    """A fetched file would displace one of the instance's own CA."""

    path: Path

    says = "{path.name} belongs to this instance's own CA and is not replaced; save under another file root."


@dataclass(eq=False)
class PortBusy(PkilabError):
    """A port is taken. `option` is what chooses another."""

    host: str
    port: int
    option: str = "--port"

    says = (
        "Port {port} on {host} is taken by another program; end that one (the original product may "
        "hold 52773), or choose another with {option}."
    )


@dataclass(eq=False)
class MailNotSent(PkilabError):
    """A mail server did not take a mail, or was not reached; `permanent` where it said that it never will."""

    server: str
    why: str
    permanent: bool = False

    says = "{server} did not take the mail: {why}."


@dataclass(eq=False)
class RegistryError(PkilabError):
    """The lab's registry cannot be used as it is."""

    where: str
    why: str

    says = "The lab's registry {where} cannot be used: {why}."


@dataclass(eq=False)
class DoesNotStart(PkilabError):
    """A program of the lab ended again and again before it answered; `why` is the last that it said."""

    program: str
    log: Path
    why: str

    says = "{program} does not start: {why}. Its log {log} says more."
