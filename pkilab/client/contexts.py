"""Contexts for TLS servers and clients, from the key pairs and roots that a client holds (C7)."""

from __future__ import annotations

import ssl
from pathlib import Path

from pkilab.client import holding
from pkilab.client.site import ClientSite
from pkilab.store import pairs, tls


def server(
    site: ClientSite, root: str, *, password: str | None, mutual: bool, trust: str | Path | None
) -> ssl.SSLContext:
    """Return a server's context; with `mutual` clients have to show a certificate that a root vouches for."""
    context = tls.from_files(site.manager, root, password, known=(), now=site.clock()).context
    if mutual or trust is not None:
        _trust(context, site, trust)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def client(site: ClientSite, root: str, *, password: str | None, trust: str | Path | None) -> ssl.SSLContext:
    """Return a client's context that trusts the roots alone, and shows a certificate if a file root is named."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _trust(context, site, trust)
    if root:
        found = pairs.pair(site.manager, root, password, check=tls.check_algorithms)
        tls.show(context, found.path, found.key, found.shown)
    return context


def _trust(context: ssl.SSLContext, site: ClientSite, trust: str | Path | None) -> None:
    roots = holding.roots(site, trust)
    tls.check_algorithms(Path(trust) if trust is not None else site.manager, roots)
    context.load_verify_locations(cadata="".join(each.pem for each in roots))
    if trust is not None:  # an intermediate CA in a file that was named is trusted too
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
