"""What a client's own files say: a card for a file root, a table of them, and what the CA server told of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pkilab.model.certificate import CertificateState
from pkilab.model.own import OwnFiles, Reported
from pkilab.views import cards, words
from pkilab.views.sheet import Row, Sheet, Table, Tone

COLUMNS = ("File root", "Private key", "Certificate", "Valid until", "State", "Next")

_LIFT = "Ask the CA's operator to lift the hold, or renew the certificate with a new key."
_RENEW = "Renew it with a new key."
_TONES = {CertificateState.VALID: Tone.GOOD, CertificateState.NOT_YET_VALID: Tone.PLAIN}


def own_files(value: OwnFiles) -> Sheet:
    """Return the card of what lies under a file root: its certificate, and whether the CA revoked it."""
    if value.certificate is None:
        return Sheet(title=value.root, lead=told(value))
    sheet = cards.certificate(value.certificate)
    reported = value.reported
    state = reported.state if reported else None
    return replace(
        sheet,
        badge=f"{sheet.badge}, {state.value}" if state else sheet.badge,
        badge_tone=_TONES.get(state, Tone.BAD) if state else Tone.PLAIN,
        lead=(*amiss(value), *told(value)),
        rows=(*state_rows(reported), *sheet.rows),
    )


def own_table(files: Sequence[OwnFiles]) -> Table:
    """Return the table of what lies in a client's manager directory, by file root."""
    return Table(
        caption="Your files",
        columns=COLUMNS,
        rows=tuple(cells(each) for each in files),
        empty="There is nothing yet. Submit a request; its key will lie here.",
    )


def cells(own: OwnFiles) -> tuple[str, ...]:
    """Return what stands in a row of the table."""
    key = ("encrypted" if own.key_encrypted else "lies open") if own.key else "–"
    certificate = own.certificate
    if certificate is None:
        about = "cannot be read" if own.troubles else "not here yet"
    elif own.key:
        about = {True: "of this key", False: "of another key", None: "here"}[own.belongs]
    else:
        about = "a CA's" if certificate.ca else "without its key"
    following = "a renewal waits" if own.renewal else "waits for its certificate" if own.waiting else "–"
    until = words.day(certificate.not_after) if certificate else "–"
    return own.root, key, about, until, _state(own.reported) if certificate else "–", following


def _state(reported: Reported | None) -> str:
    if reported is None:
        return "–"
    if reported.state is None:
        return "not known"
    since = f" since {words.day(reported.revoked_at)}" if reported.revoked_at else ""
    reason = f", {reported.revoked_for}" if reported.revoked_for and reported.state is CertificateState.REVOKED else ""
    return f"{reported.state.value}{since}{reason}"


def told(own: OwnFiles) -> tuple[str, ...]:
    """Return in sentences what stands out of the files under a root."""
    found: list[str] = []
    if own.key:
        found.append(
            "Its private key is encrypted."
            if own.key_encrypted
            else "Its private key lies open: whoever reads the file has it."
        )
    if own.belongs is False:
        found.append("The certificate is not about this key.")
    if own.renewal is not None:
        found.append("A renewal was sent; once it is issued, fetch its certificate under Get certificates.")
    elif own.waiting:
        found.append("The request was made; its certificate is not here yet.")
    return (*found, *own.troubles)


def state_rows(reported: Reported | None) -> tuple[Row, ...]:
    """Return whether a certificate was revoked, as a row: what the CA told, or why that is not known."""
    if reported is None:
        return ()
    if reported.state is None:
        return (Row(label="State", lines=("not known whether it was revoked",), note=reported.why),)
    when = f"since {words.moment(reported.revoked_at)}" if reported.revoked_at else ""
    state = " ".join(filter(None, (reported.state.value, when)))
    lines = (f"{state}: {reported.revoked_for}" if reported.revoked_for else state,)
    return (Row(label="State", lines=lines, note=reported.why or "This is what the CA server says."),)


def amiss(own: OwnFiles) -> tuple[str, ...]:
    """Return what is wrong with a certificate, and what to do about it; nothing where nothing is known to be wrong."""
    certificate, reported = own.certificate, own.reported
    if certificate is None or reported is None:
        return ()
    if not own.key and reported.state is CertificateState.EXPIRED:
        return (f"This certificate expired on {words.day(certificate.not_after)}.",)
    when = f" on {words.day(reported.revoked_at)}" if reported.revoked_at else ""
    match reported.state:
        case CertificateState.REVOKED:
            why = f" ({reported.revoked_for})" if reported.revoked_for else ""
            said = f"The CA revoked this certificate{when}{why}: whoever asks the CA refuses it."
        case CertificateState.HELD:
            said = f"The CA put this certificate on hold{when}: until that is lifted, whoever asks the CA refuses it."
        case CertificateState.EXPIRED:
            said = f"This certificate expired on {words.day(certificate.not_after)}."
        case _:
            return ()
    return said, *advice(reported)


def notable(files: Sequence[OwnFiles]) -> tuple[str, ...]:
    """Return a sentence for each certificate with its key that something is wrong with, and what is not known."""
    found = [f"{each.root}: {' '.join(told)}" for each in files if each.key and (told := amiss(each))]
    unknown = {each.root: each.reported.why for each in files if each.key and each.reported and not each.reported.state}
    if unknown:
        found.append(f"Whether the CA revoked {', '.join(unknown)} is not known. {next(iter(unknown.values()))}")
    return tuple(found)


def advice(reported: Reported) -> tuple[str, ...]:
    """Return what whoever has the key does about a certificate; nothing where nothing has to be done."""
    if reported.state is CertificateState.HELD:
        return (_LIFT,)
    return (_RENEW,) if reported.state in {CertificateState.REVOKED, CertificateState.EXPIRED} else ()
