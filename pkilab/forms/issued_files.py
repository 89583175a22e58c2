"""What a CA issued, for the browser to save."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from pkilab.errors import InvalidField
from pkilab.forms.guard import Guard
from pkilab.forms.parts.download import Download, Handed
from pkilab.forms.view import bar
from pkilab.model.certificate import Chain, IssuedCertificate
from pkilab.model.names import check_root

_PEM, _DER = "application/x-pem-file", "application/pkix-cert"


def downloads(certificate: IssuedCertificate, chain: Callable[[], Chain], guard: Guard) -> widgets.Box:
    """Return buttons for a certificate, as PEM and as DER, and for its chain."""
    name = file_name(certificate)

    def pem() -> Handed:
        return Handed(name=f"{name}.cer", data=certificate.pem.encode(), media=_PEM)

    def der() -> Handed:
        return Handed(name=f"{name}.der", data=certificate.certificate.der, media=_DER)

    def above() -> Handed:
        return Handed(name=f"{name}-chain.cer", data=chain().pem.encode(), media=_PEM)

    return bar(
        Download("Download it as PEM", pem, guard=guard),
        Download("Download it as DER", der, guard=guard),
        Download("Download its chain", above, guard=guard),
    )


def file_name(certificate: IssuedCertificate) -> str:
    """Return the file root; the number where the root, which came from elsewhere, is none that a file can have."""
    try:
        return check_root(certificate.root)
    except InvalidField:
        return f"certificate-{certificate.number}"
