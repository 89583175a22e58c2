"""A TLS server and a TLS client of one file root meet, without a network: is this certificate fit for TLS (C7)?"""

from __future__ import annotations

import ssl
from pathlib import Path

from pkilab.client import contexts
from pkilab.client.site import ClientSite
from pkilab.errors import CannotDo
from pkilab.model.certificate import Certificate
from pkilab.model.uses import TlsTried
from pkilab.store import tls

_ROUNDS = 20
"""A handshake needs three; whoever is not through by then never will be."""


def tried(site: ClientSite, root: str, *, password: str | None, trust: str | Path | None) -> TlsTried:
    """Let a server and a client meet, both with the certificate of a file root, each checking the other's.

    Raises:
        CannotDo: it names no host, or one of the two refuses the other; the sentence says why.
        PkilabError: as `contexts.server` and `contexts.client`.
    """
    found = tls.from_files(site.manager, root, password, known=(), now=site.clock())
    name = _host(found.certificate, found.path)
    server = contexts.server(site, root, password=password, mutual=True, trust=trust)
    visitor = contexts.client(site, root, password=password, trust=trust)
    version, cipher = _meet(server, visitor, name, found.path)
    return TlsTried(
        root=root,
        certificate=found.certificate,
        name=name,
        version=version,
        cipher=cipher,
        message=f"A server and a client with {found.path.name} met as {name}, and each accepted the other.",
    )


def _host(certificate: Certificate, path: Path) -> str:
    """Return the first host that a certificate names; a wildcard stands for a host called any."""
    hosts = [name.partition(":")[2] for name in certificate.names if name.startswith(("DNS:", "IP:"))]
    if not hosts:
        raise CannotDo(f"{path.name} names no host, so no client accepts a server with it.", _INSTEAD)
    return hosts[0].replace("*", "any", 1)


_INSTEAD = "A certificate for TLS/SSL and XML security with a DNS name or an IP address would do."


def _meet(server: ssl.SSLContext, visitor: ssl.SSLContext, name: str, path: Path) -> tuple[str, str]:
    """Let both talk through memory, and return the protocol's version and the cipher that they agreed on."""
    to_server, to_visitor = ssl.MemoryBIO(), ssl.MemoryBIO()
    one = visitor.wrap_bio(to_visitor, to_server, server_hostname=name)
    other = server.wrap_bio(to_server, to_visitor, server_side=True)
    waiting = [one, other]
    for _ in range(_ROUNDS):
        for side in tuple(waiting):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError as error:
                who = "The client refuses the server" if side is one else "The server refuses the client"
                raise CannotDo(f"{who}: {_why(error)} ({path.name}).", _INSTEAD) from error
            waiting.remove(side)
        if not waiting:
            cipher = one.cipher()
            return one.version() or "", cipher[0] if cipher else ""
    raise CannotDo(f"Server and client with {path.name} do not come together.", _INSTEAD)


def _why(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (error.reason or str(error)).replace("_", " ").lower()
