"""Errors of files: keys, certificates, serial numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pkilab.errors.base import PkilabError


@dataclass(eq=False)
class CannotWrite(PkilabError):
    """A file or folder could not be written; nothing was left half done."""

    field: str
    path: Path
    why: str

    says = "{field}: {path} cannot be written ({why}). Choose another place, or make room or grant access there."


@dataclass(eq=False)
class CannotRead(PkilabError):
    """A file is there but could not be read."""

    path: Path
    why: str

    says = "{path} cannot be read ({why}). Check that it is the right file and that you may read it."


@dataclass(eq=False)
class KeyMissing(PkilabError):
    """The private key is not where it was configured."""

    path: Path

    says = "The private key {path} is not there. Mount the medium that holds it, then try again."


@dataclass(eq=False)
class KeyUnreadable(PkilabError):
    """A file that should hold a private key does not, or not one of our algorithms."""

    path: Path
    why: str

    says = "{path.name} holds no private key that can be used here: {why}."


@dataclass(eq=False)
class CertificateUnreadable(PkilabError):
    """A file that should hold a certificate does not."""

    path: Path
    why: str

    says = "{path.name} holds no certificate that can be used here: {why}."


@dataclass(eq=False)
class ContainerUnreadable(PkilabError):
    """A PKCS#12 file cannot be opened or lacks a part."""

    path: Path
    why: str

    says = "{path.name} cannot be used as a PKCS#12 file: {why}."


@dataclass(eq=False)
class KeyMismatch(PkilabError):
    """Private key and certificate do not belong together; `wrong` names the file at fault, as far as can be told."""

    key: Path
    certificate: Path
    wrong: str

    says = "{key.name} and {certificate.name} do not belong together: {wrong}"


@dataclass(eq=False)
class NotACA(PkilabError):
    """A certificate may not issue others."""

    path: Path
    why: str

    says = "{path.name} is not the certificate of a certificate authority: {why}. Choose a CA's certificate."


@dataclass(eq=False)
class Expired(PkilabError):
    """A CA certificate's time is over."""

    subject: str
    not_after: datetime

    says = (
        "The CA certificate of {subject} expired on {not_after:%Y-%m-%d %H:%M} UTC and can issue nothing; "
        "configure a CA with a certificate that is still valid."
    )


@dataclass(eq=False)
class NotYetValid(PkilabError):
    """A CA certificate's time has not come."""

    subject: str
    not_before: datetime

    says = (
        "The CA certificate of {subject} is valid only from {not_before:%Y-%m-%d %H:%M} UTC on; "
        "check the clock of this machine, or wait."
    )


@dataclass(eq=False)
class ChainBroken(PkilabError):
    """A chain file does not lead from the CA's certificate upwards."""

    path: Path
    why: str

    says = "Chain: {path.name} does not fit: {why}. Name a PEM file with the issuers' certificates."


@dataclass(eq=False)
class LastSerialNeeded(PkilabError):
    """An existing CA has no serial file, and nobody said which number was used last."""

    path: Path

    says = (
        "Serial numbers: there is no {path.name}. Say which number this CA used last, "
        "or choose random numbers; starting at 1 again would repeat numbers."
    )


@dataclass(eq=False)
class SerialFileMissing(PkilabError):
    """The serial file of a configured CA is not there."""

    path: Path

    says = "The serial file {path} is not there. Mount the medium, or put the file back with the last number used."


@dataclass(eq=False)
class SerialFileBroken(PkilabError):
    """The serial file's content is not a number in hex, or the number cannot be used."""

    path: Path
    why: str

    says = "The serial file {path} has to be repaired: {why}. Write the last number used into it, in hex."


@dataclass(eq=False)
class SerialExhausted(PkilabError):
    """The counter reached the largest number of 20 octets."""

    path: Path

    says = "The counter in {path.name} is at its end (20 octets, RFC 5280 §4.1.2.2); use random numbers."


@dataclass(eq=False)
class WouldBeServed(PkilabError):
    """JupyterLab would serve the lab's own files; `way` is the folder, or a link in it, that leads to them."""

    private: Path
    way: Path

    says = (
        "Notebooks: through {way} JupyterLab would serve the lab's own files in {private}, keys too. "
        "Choose a folder for the notebooks apart from the lab's, or another lab with --lab."
    )
