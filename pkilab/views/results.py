"""What the cards of finished acts say: what happened, which files were written, what to do next."""

from __future__ import annotations

from pathlib import Path

from pkilab.model.acts import (
    Batch,
    ClientConfigured,
    Configured,
    Found,
    Imported,
    Issued,
    KeyEncrypted,
    Reached,
    Reinitialized,
    Saved,
    ServerCertificate,
    Submitted,
)
from pkilab.model.certificate import Certificate, Chain, IssuedCertificate
from pkilab.model.dn import comma_form
from pkilab.views import words
from pkilab.views.cards import also_for_row, fingerprint_rows, subject_row
from pkilab.views.sheet import Closed, Kind, Row, Sheet, Tone

_TITLE = 300
"""Characters of a server's answer that can be a title."""


def found(value: Found) -> Sheet:
    """Return what step one of configuring found, and which of the two cases follows (S1)."""
    return Sheet(
        title="Existing key and certificate" if value.existing else "New key and certificate",
        lead=(value.reason,),
        rows=(
            _there("Key", value.key, "encrypted" if value.key_encrypted else "not encrypted"),
            _there("Certificate", value.certificate),
            _there("Serial file", value.serial),
        ),
    )


def configured(value: Configured) -> Sheet:
    """Return what configuring a CA server did (S6)."""
    files = [str(path) for path in (value.key_path, value.certificate_path, value.serial_path) if path]
    return _done(
        f"CA server {value.settings.instance} is configured",
        value.message,
        subject_row(value.certificate.subject),
        Row(label="Valid until", lines=(words.day(value.certificate.not_after),)),
        *fingerprint_rows(value.fingerprint),
        Row(label="Files used" if value.existing else "Files made", lines=tuple(files), kind=Kind.PLACE),
        *_set_aside(value.set_aside),
        Row(label="Mail goes to", lines=(value.settings.mail.administrator,)),
        warnings=value.warnings,
    )


def issued(value: Issued) -> Sheet:
    """Return what issuing did (S11)."""
    certificate = value.certificate
    note = "Cut, so as not to outlive the CA's own certificate." if certificate.shortened else ""
    return _done(
        f"Certificate number {value.number} was issued for {certificate.name}",
        value.message,
        subject_row(certificate.certificate.subject),
        Row(label="Also for", lines=words.alternative_names(certificate.names)),
        Row(label="Use", lines=(certificate.usage.label if certificate.usage else "the CA's own",)),
        Row(label="Valid until", lines=(words.moment(certificate.not_after),), note=note),
        *fingerprint_rows(value.fingerprint),
        closed=(Closed(summary="The certificate itself", text=value.pem, copy=True),),
    )


def batch(value: Batch) -> Sheet:
    """Return what became of each of several requests (S11)."""
    issued = tuple(_one_of_several(one.certificate) for one in value.issued)
    refused = tuple(refusal.sentence for refusal in value.refused)
    rows = (Row(label="Issued", lines=issued), Row(label="Not issued", lines=refused))
    return Sheet(
        title=f"{words.counted(len(value.issued), 'certificate was', 'certificates were')} issued".capitalize(),
        tone=Tone.BAD if value.refused else Tone.GOOD,
        lead=("Remove the medium with the CA's private key now, and lock it away.",) if issued else (),
        rows=tuple(row for row in rows if row.lines),
    )


def _one_of_several(value: IssuedCertificate) -> str:
    cut = ", cut so as not to outlive the CA's own certificate" if value.shortened else ""
    return f"number {value.number} for {value.name}, until {words.day(value.not_after)}{cut}"


def key_encrypted(value: KeyEncrypted) -> Sheet:
    """Return that a private key is encrypted now."""
    return _done(
        f"The private key {value.path.name} is encrypted now",
        value.message,
        Row(label="Key", lines=(str(value.path),), kind=Kind.PLACE),
    )


def imported(value: Imported) -> Sheet:
    """Return which files a PKCS#12 file was laid out as."""
    return _done(
        f"{value.root} is ready to be configured",
        value.message,
        Row(label="Files made", lines=tuple(map(str, value.paths)), kind=Kind.PLACE),
        *_set_aside(value.set_aside),
    )


def reinitialized(value: Reinitialized) -> Sheet:
    """Return what was dropped, and where its copy lies (S8)."""
    dropped = (
        words.counted(value.requests, "record of a request", "records of requests"),
        words.counted(value.certificates, "record of a certificate", "records of certificates"),
    )
    return _done(
        f"CA server {value.instance} starts over",
        value.message,
        Row(label="Dropped", lines=dropped),
        Row(label="A copy is in", lines=(str(value.archive),), kind=Kind.PLACE),
    )


def client_configured(value: ClientConfigured) -> Sheet:
    """Return what a CA client is configured with (C1)."""
    contact = value.settings.contact
    # The address has a row of its own.
    who, at, next_step = value.message.partition(f" at {value.settings.url}. ")
    return _done(
        who if at else "CA client is configured",
        next_step or value.message,
        Row(label="CA server", lines=(value.settings.url,), kind=Kind.PLACE),
        Row(label="Contact", lines=tuple(line for line in (contact.name, contact.phone, contact.email) if line)),
    )


def reached(value: Reached) -> Sheet:
    """Return what a test of the connection reached (C1)."""
    return _done(
        f"Reached {value.instance or 'a CA server'} on {value.host or 'a host that it does not tell'}",
        "",
        Row(label="Address", lines=(value.url,), kind=Kind.PLACE),
        Row(label="File root", lines=(value.root or "not told",)),
        subject_row(value.certificate.subject),
        Row(label="Valid until", lines=(words.moment(value.certificate.not_after),)),
        *fingerprint_rows(value.certificate.fingerprint),
        *_over_https(value.shown),
    )


def server_certificate(value: ServerCertificate) -> Sheet:
    """Return what a server shows over HTTPS, for its fingerprint to be compared (C1)."""
    shown = value.certificate
    return Sheet(
        title="The server shows this certificate",
        lead=("Nobody has checked it yet: ask the server's operator for its fingerprint, over another way.",),
        rows=(
            Row(label="Address", lines=(value.url,), kind=Kind.PLACE),
            subject_row(shown.subject),
            Row(label="Issued by", lines=(comma_form(shown.issuer),)),
            Row(label="Also for", lines=words.alternative_names(shown.names)),
            Row(label="Valid from", lines=(words.moment(shown.not_before),)),
            Row(label="Valid until", lines=(words.moment(shown.not_after),)),
            *fingerprint_rows(shown.fingerprint),
        ),
    )


def _over_https(shown: Certificate | None) -> tuple[Row, ...]:
    if shown is None:
        return ()
    until = f"until {words.moment(shown.not_after)}"
    return (Row(label="Over HTTPS", lines=(comma_form(shown.subject), until, f"SHA-256 {shown.fingerprint.sha256}")),)


def submitted(value: Submitted) -> Sheet:
    """Return what submitting a request did, the fingerprints foremost (C2)."""
    files = [str(path) for path in (value.key_path, value.csr_path) if path]
    said = value.answer.strip()
    whole = 0 < len(said) <= _TITLE and value.message.startswith(value.answer) and "\n" not in said
    return _done(
        said.rstrip(".") if whole else f"Request {value.root} was sent",
        value.message.removeprefix(value.answer) if whole else value.message,
        *fingerprint_rows(value.fingerprint),
        subject_row(value.content.subject),
        also_for_row(value.content),
        Row(label="Files", lines=tuple(files), kind=Kind.PLACE),
        *_set_aside(value.set_aside),
        closed=(Closed(summary="The request itself", text=value.content.pem, copy=True),),
    )


def saved(value: Saved) -> Sheet:
    """Return where a fetched certificate lies, and whether it belongs to a key here (C4, C5)."""
    what = f"Certificate number {value.number}" if value.number else "The CA's certificate"
    files = [str(path) for path in (value.path, value.chain_path) if path]
    key = (Row(label="Belongs to", lines=(str(value.key_path),), kind=Kind.PLACE),) if value.key_path else ()
    return _done(
        f"{what} was there already, unchanged" if value.unchanged else f"{what} was saved",
        value.message.replace(f" Its file is {value.path}.", ""),  # which has a row of its own
        subject_row(value.certificate.subject),
        Row(label="Valid until", lines=(words.moment(value.certificate.not_after),)),
        *fingerprint_rows(value.fingerprint),
        Row(label="Files", lines=tuple(files), kind=Kind.PLACE),
        *key,
        *_set_aside(value.set_aside),
        warnings=value.warnings,
        chain=value.chain,
    )


def _there(label: str, path: Path | None, how: str = "") -> Row:
    if path is None:
        return Row(label=label, lines=("not there",))
    return Row(label=label, lines=(str(path),), kind=Kind.PLACE, note=how)


def _set_aside(paths: tuple[Path, ...]) -> tuple[Row, ...]:
    return (Row(label="Kept aside", lines=tuple(map(str, paths)), kind=Kind.PLACE),) if paths else ()


def _done(
    title: str,
    message: str,
    *rows: Row,
    warnings: tuple[str, ...] = (),
    closed: tuple[Closed, ...] = (),
    chain: Chain | None = None,
) -> Sheet:
    """Return the card of what was done; a message that begins with its title goes on below it."""
    return Sheet(
        title=title,
        tone=Tone.GOOD,
        lead=tuple(line.strip() for line in message.removeprefix(f"{title}.").splitlines() if line.strip()),
        rows=rows,
        warnings=warnings,
        chain=chain,
        closed=closed,
    )
