"""Errors of certificates put to use: signatures, encryption, trust."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pkilab.errors.base import PkilabError


@dataclass(eq=False)
class SignatureRefused(PkilabError):
    """A file's or a document's signature does not hold, or is not by whom it should be."""

    path: Path
    why: str

    says = "The signature of {path.name} is refused: {why}. Do not use the file; ask the sender for it again."


@dataclass(eq=False)
class SignatureUnreadable(PkilabError):
    """What should be a signature is none that can be read here."""

    path: Path
    why: str

    says = "{path.name} holds no signature that can be used here: {why}."


@dataclass(eq=False)
class DocumentUnreadable(PkilabError):
    """An XML document cannot be read, or does not hold what is to be worked on."""

    path: Path
    why: str

    says = "{path.name} is no XML document that can be used here: {why}."


@dataclass(eq=False)
class CannotDecrypt(PkilabError):
    """A document was encrypted for another key, or in a way that is not known here."""

    path: Path
    why: str

    says = "{path.name} cannot be decrypted: {why}."


@dataclass(eq=False)
class NothingToTrust(PkilabError):
    """There is no root certificate to trust."""

    directory: Path

    says = (
        "Trust: there is no root certificate in {directory}. Get the CA certificate and its chain first, "
        "or name a file with the certificates to trust."
    )
