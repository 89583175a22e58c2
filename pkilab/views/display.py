"""Let IPython draw the model's nouns: as cards in a notebook, as text in a terminal."""

from __future__ import annotations

from typing import Any

_DRAWN = {
    "pkilab.model.acts": (
        "Batch",
        "ClientConfigured",
        "Configured",
        "Found",
        "Imported",
        "Issued",
        "KeyEncrypted",
        "Reached",
        "Reinitialized",
        "Saved",
        "ServerCertificate",
        "Submitted",
    ),
    "pkilab.model.aftercare": ("Adopted", "Published", "ResponderRenewed", "Revoked", "SettingsChanged"),
    "pkilab.model.certificate": ("Certificate", "Chain", "IssuedCertificate", "ListedPage", "Listing"),
    "pkilab.model.message": ("ReceivedMessage",),
    "pkilab.model.own": ("OwnFiles",),
    "pkilab.model.request": ("Receipt", "Request", "SigningRequest"),
    "pkilab.model.uses": ("DocumentMade", "Exported", "FileSigned", "SignatureChecked", "TlsTried"),
    "pkilab.model.verdict": ("Judged",),
}
_PRINTED = {
    "pkilab.explain.reading": ("Explained",),
    "pkilab.model.alert": ("Alert",),
    "pkilab.model.certificate": ("ListedCertificate",),
    "pkilab.model.crl": ("RevocationList",),
    "pkilab.model.journal": ("JournalEntry",),
    "pkilab.model.message": ("Delivered", "OutgoingMessage"),
    "pkilab.model.verdict": ("Verdict",),
}
"""These are lines of text only; of an explanation there is a list too."""


def register(ipython: Any) -> None:
    """Register what draws the nouns with an IPython shell. They are named, not imported: it costs nothing.

    A request's card shows no fingerprints (S10): its operator is to hear one from the contact.
    """
    formatters = ipython.display_formatter.formatters
    for module, names in _DRAWN.items():
        for name in names:
            formatters["text/html"].for_type_by_name(module, name, _html)
            formatters["text/plain"].for_type_by_name(module, name, _plain)
    for module, names in _PRINTED.items():
        for name in names:
            formatters["text/plain"].for_type_by_name(module, name, _line)
    formatters["text/html"].for_type_by_name("pkilab.explain.reading", "Explained", _explained)


def _html(value: object) -> str:
    from pkilab.views import html, style

    return style.tag() + html.draw(value)


def _explained(value: Any) -> str:
    from pkilab.views import explained, style

    return style.tag() + explained.html(value)


def _plain(value: object, printer: Any, cycle: bool) -> None:  # noqa: FBT001 - IPython calls it so
    """Print the card; within a list or tuple, where many stand behind one another, one line."""
    from pkilab.views import text

    if len(printer.stack) > 1 or cycle:
        _line(value, printer, cycle)
        return
    for at, line in enumerate(text.draw(value).split("\n")):
        if at:
            printer.break_()
        printer.text(line)


def _line(value: object, printer: Any, cycle: bool) -> None:  # noqa: ARG001, FBT001 - IPython calls it so
    # Chain, Listing, SigningRequest and Found have no line of their own, and their repr holds raw bytes.
    own = type(value).__str__ is not object.__str__
    printer.text(str(value) if own else f"<{type(value).__name__}>")
