"""What the cards of acts on issued certificates say: revoking, publishing, the responder, taking over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pkilab.model.aftercare import Adopted, Published, ResponderRenewed, Revoked, SettingsChanged
from pkilab.model.crl import RevocationList
from pkilab.model.settings import CASettings
from pkilab.views import words
from pkilab.views.cards import fingerprint_rows, subject_row
from pkilab.views.sheet import Kind, Row, Sheet, Table, Tone


def revoked(value: Revoked) -> Sheet:
    """Return what revoking, holding or lifting a hold did (X2)."""
    certificate = value.certificate
    revocation = certificate.revocation
    why: tuple[Row, ...] = ()
    if revocation is not None:
        since = revocation.invalid_since
        note = f"The key may be in wrong hands since {words.moment(since)}." if since else ""
        said = f"{revocation.reason.value}, {words.moment(revocation.at)}, by {revocation.by}"
        why = (Row(label="On hold" if revocation.held else "Revoked", lines=(said,), note=note),)
    return _done(
        f"Certificate {value.number} is {certificate.state.value}",
        value.message,
        subject_row(certificate.certificate.subject),
        *why,
        _lists(value.lists),
    )


def published(value: Published) -> Sheet:
    """Return which revocation lists were signed (X2)."""
    return _done("Revocation lists are published", value.message, _lists(value.lists))


def responder_renewed(value: ResponderRenewed) -> Sheet:
    """Return what the OCSP responder has now."""
    return _done(
        "The OCSP responder is ready",
        value.message,
        Row(label="Valid until", lines=(words.moment(value.certificate.not_after),)),
        *fingerprint_rows(value.fingerprint),
        Row(label="File", lines=(str(value.path),), kind=Kind.PLACE),
    )


def adopted(value: Adopted) -> Sheet:
    """Return which certificates are on record now."""
    lines = tuple(str(each) for each in value.certificates)
    return _done(
        "Certificates are adopted",
        value.message,
        *((Row(label="Adopted", lines=lines),) if lines else ()),
    )


def settings_changed(value: SettingsChanged) -> Sheet:
    """Return the settings as they are now."""
    return _done("The settings are changed", value.message, *settings_rows(value.settings))


def settings_rows(value: CASettings) -> tuple[Row, ...]:
    """Return the settings that can be changed at any time."""
    days = ", ".join(map(str, value.remind_days)) or "never"
    return (
        Row(label="Public address", lines=(value.public_url or "not set",)),
        Row(label="Revocation lists", lines=(f"valid for {words.counted(value.crl_days, 'day', 'days')}",)),
        Row(label="OCSP responder", lines=(f"valid for {words.counted(value.responder_days, 'day', 'days')}",)),
        Row(label="Reminders", lines=(days if days == "never" else f"{days} days before a certificate expires",)),
    )


def settings(value: CASettings) -> Sheet:
    """Return the card of the settings that can be changed at any time."""
    return Sheet(title=f"Settings of {value.instance}", rows=settings_rows(value))


def lists(value: Sequence[RevocationList], *, now: datetime) -> Table:
    """Return the table of the revocation lists of a CA: those whose time is over, the current one and those ahead."""
    return Table(
        caption="Revocation lists",
        columns=("Number", "Counts from", "Until", "Entries", "Now"),
        rows=tuple(
            (
                str(each.number),
                words.moment(each.this_update),
                words.moment(each.next_update),
                str(each.revoked),
                stands,
            )
            for each, stands in zip(value, standing(value, now=now), strict=True)
        ),
        empty="No revocation list was published yet.",
    )


def series(value: Sequence[RevocationList], *, now: datetime) -> tuple[str, ...]:
    """Return in sentences which list of a series counts at `now`, and how many are ahead of their time."""
    if not value:
        return ("No revocation list was published yet.",)
    stands = standing(value, now=now)
    current = next(each for each, what in zip(value, stands, strict=True) if what in {"counts", "ran out"})
    entries = words.counted(current.revoked, "entry", "entries")
    until = words.moment(current.next_update)
    told = [
        f"List {current.number} counts until {until}, with {entries}."
        if now <= current.next_update
        else f"List {current.number} ran out on {until}: whoever checks refuses all that this CA issued."
    ]
    ahead = [each for each, what in zip(value, stands, strict=True) if what == "ahead"]
    if ahead:
        lists = words.counted(len(ahead), "list is", "lists are")
        told.append(f"{lists} ahead of time, the last until {words.moment(ahead[-1].next_update)}.")
    return tuple(told)


def standing(value: Sequence[RevocationList], *, now: datetime) -> tuple[str, ...]:
    """Return for each list of a series, in their order, what it is worth at `now`, in a word or two."""
    current = max(sum(each.this_update <= now for each in value), 1) - 1
    counts = ["counts" if now <= each.next_update else "ran out" for each in value[current : current + 1]]
    return (*["replaced"] * current, *counts, *["ahead"] * (len(value) - current - 1))


def _lists(value: Sequence[RevocationList]) -> Row:
    first, *others = value
    lines = [f"number {first.number}, {words.counted(first.revoked, 'entry', 'entries')}"]
    if others:
        lines.append(f"and ahead of their time number {others[0].number} to {others[-1].number}")
    return Row(label="Revocation list", lines=tuple(lines))


def _done(title: str, message: str, *rows: Row) -> Sheet:
    return Sheet(title=title, tone=Tone.GOOD, lead=(message,), rows=rows)
