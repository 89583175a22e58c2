"""What the cards of certificates put to use say (C7), and those of verdicts side by side (X5)."""

from __future__ import annotations

from pathlib import Path

from pkilab.model.uses import DocumentMade, Exported, FileSigned, Made, SignatureChecked, TlsTried
from pkilab.model.verdict import Judged, Verdict
from pkilab.views import own, words
from pkilab.views.cards import fingerprint_rows, subject_row
from pkilab.views.sheet import Kind, Row, Sheet, Tone

_SIGNS = {True: "✓", False: "✗", None: "–"}


def judged(value: Judged) -> Sheet:
    """Return the verifiers' verdicts on a certificate, one a row, and why they differ."""
    title = "Accepted" if value.accepted else "Not accepted"
    asked = value.purpose.label + (f", reached at {value.name}" if value.name else "")
    return Sheet(
        title=f"{title} for {value.purpose.label}",
        tone=Tone.GOOD if value.accepted else Tone.BAD,
        lead=value.differences,
        rows=(
            subject_row(value.certificate.subject),
            Row(label="Asked for", lines=(asked,), note=f"as of {words.moment(value.at)}"),
            *map(_verdict, value.verdicts),
        ),
    )


def _verdict(value: Verdict) -> Row:
    return Row(
        label=f"{value.judge} {value.version}".strip(),
        lines=(f"{_SIGNS[value.accepted]} {value.word}: {value.reason}",),
    )


def exported(value: Exported) -> Sheet:
    """Return which files were written for other programs."""
    return _done(
        f"{value.root} was exported" if value.root else "The roots to trust were exported",
        value.message,
        _files("Files", value.paths),
        *_aside(value.set_aside),
    )


def tls_tried(value: TlsTried) -> Sheet:
    """Return how a server and a client with a certificate met, and whether it was revoked."""
    reported = value.reported
    amiss = reported is not None and reported.revoked
    return Sheet(
        title=f"{value.root} serves TLS",
        badge=reported.state.value if reported and reported.state and amiss else "",
        badge_tone=Tone.BAD,
        tone=Tone.PLAIN if amiss else Tone.GOOD,
        lead=(value.message, *(own.advice(reported) if reported and amiss else ())),
        rows=(
            subject_row(value.certificate.subject),
            Row(label="Asked for", lines=(value.name,)),
            Row(label="Agreed on", lines=(f"{value.version}, {value.cipher}",)),
            *own.state_rows(reported),
            *fingerprint_rows(value.fingerprint),
        ),
    )


def file_signed(value: FileSigned) -> Sheet:
    """Return where a file's signature lies, and by whom it is."""
    return _done(
        f"A signature of {value.path.name} was written",
        value.message,
        _files("File", (value.path,)),
        _files("Signature", (value.signature_path,)),
        subject_row(value.certificate.subject),
        *fingerprint_rows(value.fingerprint),
        *_aside(value.set_aside),
    )


def signature_checked(value: SignatureChecked) -> Sheet:
    """Return who signed what was checked, and who vouches for them."""
    rows = []
    for signer in value.signers:
        rows += [subject_row(signer.certificate.subject), *map(_verdict, signer.verdicts)]
    return _done(f"The signature of {value.path.name} holds", value.message, _files("File", (value.path,)), *rows)


def document_made(value: DocumentMade) -> Sheet:
    """Return which document was made from which."""
    return _done(
        f"{value.made_path.name} was written",
        value.message,
        _files("From", (value.path,)),
        _files("File", (value.made_path,)),
        *_aside(value.set_aside),
    )


def made(value: Made) -> Sheet:
    """Return what was made for somebody to save."""
    return _done(f"{value.name} is ready", value.message)


def _done(title: str, message: str, *rows: Row) -> Sheet:
    return Sheet(title=title, tone=Tone.GOOD, lead=(message,), rows=rows)


def _files(label: str, paths: tuple[Path, ...]) -> Row:
    return Row(label=label, lines=tuple(map(str, paths)), kind=Kind.PLACE)


def _aside(paths: tuple[Path, ...]) -> tuple[Row, ...]:
    return (_files("Kept aside", paths),) if paths else ()
