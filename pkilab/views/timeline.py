"""When certificates expire: a picture on one line of time, and the words that say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from pkilab.model.certificate import Certificate, CertificateState, IssuedCertificate, ListedCertificate
from pkilab.views import words
from pkilab.views.drawn import LETTERS, cut
from pkilab.views.escape import escape

MOST = 40
"""Certificates that are shown; the rest is counted."""

EMPTY = "There is no certificate to show. Issue one from a pending request: its life is drawn here then."

_ROW, _TOP, _BAR, _SMALL = 40, 26, 12, 12
_FITS = 54
"""Columns of text in a row: they have room where the page is narrow."""
_THINNEST = 0.8
"""The narrowest bar, in hundredths of the width, so that a short life is seen."""
_ENDED = {CertificateState.EXPIRED, CertificateState.REVOKED}
_DASHES = {CertificateState.REVOKED: "3 3", CertificateState.HELD: "12 4"}
_HOLLOW = {CertificateState.EXPIRED: "", CertificateState.NOT_YET_VALID: ' stroke-dasharray="4 3"'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The life of one certificate, with what it is worth now and why."""

    name: str
    begin: datetime
    end: datetime
    state: CertificateState
    label: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Lives of certificates, those that expire next first; `ca` is their issuer's, above them all."""

    now: datetime
    ca: Span | None
    spans: tuple[Span, ...]
    count: int
    """How many there are, also those that are not shown."""
    rest: str
    """A sentence on those that are not shown; empty where all are."""

    @property
    def summary(self) -> str:
        """Return one sentence: how many there are, and which one expires next."""
        told = words.counted(self.count, "certificate", "certificates")
        coming = [span for span in self.spans if span.state not in _ENDED]
        if not coming:
            return f"{told}, none of them valid any more."
        return f"{told}; the next to expire is {coming[0].name}, on {words.day(coming[0].end)}."


def timeline(
    certificates: Sequence[IssuedCertificate | ListedCertificate], *, now: datetime, ca: Certificate | None = None
) -> Timeline:
    """Return the lives of certificates as they are at `now`, at most `MOST` of them, below that of their `ca`."""
    dated = [span for each in certificates if (span := _span(each, now)) is not None]
    alive = sorted((span for span in dated if span.state not in _ENDED), key=lambda span: span.end)
    ended = sorted((span for span in dated if span.state in _ENDED), key=lambda span: span.end, reverse=True)
    ordered = [*alive, *ended]
    return Timeline(
        now=now,
        ca=_own(ca, now) if ca else None,
        spans=tuple(ordered[:MOST]),
        count=len(certificates),
        rest=_rest(ordered[MOST:], len(certificates) - len(dated)),
    )


def sentences(value: Timeline) -> tuple[str, ...]:
    """Return a sentence for each certificate, the CA's first, and what is not shown last."""
    spans = [*([value.ca] if value.ca else []), *value.spans]
    return (*(span.sentence for span in spans), *([value.rest] if value.rest else []))


def svg(value: Timeline) -> str:
    """Return an SVG element as wide as its place, its letters of one size whatever the width.

    What a certificate is worth stands in words above its bar, and is its pattern: filled while it is valid, hollow
    before and after, striped when it was revoked, in long dashes while it is on hold.
    """
    first, last = _range(value)
    spans = [*([value.ca] if value.ca else []), *value.spans]
    rows = "".join(_row(span, at, first, last) for at, span in enumerate(spans))
    bottom = _TOP + len(spans) * _ROW
    key = sha256(repr((value.now, [(s.name, s.begin, s.end, s.state) for s in spans])).encode()).hexdigest()[:12]
    return (
        f'<svg class="pkilab-timeline" role="img" width="100%" height="{bottom + 24}" fill="none" '
        f'stroke="currentColor" aria-labelledby="pkilab-t{key} pkilab-d{key}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="pkilab-t{key}">When certificates expire</title>'
        f'<desc id="pkilab-d{key}">{escape(value.summary)} The list beside it says the same in words.</desc>'
        f"{_moments(value.now, first, last, bottom)}{rows}</svg>"
    )


def _span(each: IssuedCertificate | ListedCertificate, now: datetime) -> Span | None:
    """Return a certificate's life; None where the server did not tell it."""
    begin, end = each.not_before, each.not_after
    if begin is None or end is None:
        return None
    state, why = _state(each, begin, end, now)
    found = _life(f"{each.root} ({each.number})", begin, end, state, why, now)
    newer = each.renewed_by
    return found if newer is None else replace(found, sentence=f"{found.sentence[:-1]}; certificate {newer} renews it.")


def _own(ca: Certificate, now: datetime) -> Span:
    state = _by_dates(ca.not_before, ca.not_after, now)
    return _life(f"CA {words.short_name(ca.subject)}", ca.not_before, ca.not_after, state, "", now)


def _state(
    each: IssuedCertificate | ListedCertificate, begin: datetime, end: datetime, now: datetime
) -> tuple[CertificateState, str]:
    """Return what it is worth, and since when if it was revoked."""
    dated = _by_dates(begin, end, now)
    if isinstance(each, ListedCertificate):
        known = {state.value: state for state in (CertificateState.REVOKED, CertificateState.HELD)}
        since = f" since {words.day(each.revoked_at)}" if each.revoked_at else ""
        why = f"{since} ({each.revoked_for})" if each.revoked_for else since
        return (known[each.state], why) if each.state in known else (dated, "")
    if each.revocation is None or each.state not in {CertificateState.REVOKED, CertificateState.HELD}:
        return dated, ""
    return each.state, f" since {words.day(each.revocation.at)} ({each.revocation.reason.value})"


def _by_dates(begin: datetime, end: datetime, now: datetime) -> CertificateState:
    if now < begin:
        return CertificateState.NOT_YET_VALID
    return CertificateState.EXPIRED if now > end else CertificateState.VALID


def _life(  # noqa: PLR0917 - the parts of one sentence
    name: str, begin: datetime, end: datetime, state: CertificateState, why: str, now: datetime
) -> Span:
    """Return a life with its sentence, and with the shorter words that stand above its bar."""
    first, last = words.day(begin), words.day(end)
    match state:
        case CertificateState.NOT_YET_VALID:
            label, told = f"not yet valid, from {first}", f"is not yet valid: from {first} until {last}"
        case CertificateState.EXPIRED:
            label = f"expired {last}"
            told = f"expired on {last}, {words.ago(end, now)}"
        case CertificateState.REVOKED:
            label, told = f"revoked, would end {last}", f"is revoked{why}; it would end on {last}"
        case CertificateState.HELD:
            label, told = f"on hold, ends {last}", f"is on hold{why}; it ends on {last}"
        case _:
            label, told = f"valid until {last}", f"is valid until {last}, {words.ahead(end, now)}"
    return Span(name=name, begin=begin, end=end, state=state, label=f"{label}: {name}", sentence=f"{name} {told}.")


def _rest(left: Sequence[Span], undated: int) -> str:
    told = []
    if left:
        counts = Counter(span.state for span in left)
        states = ", ".join(f"{counts[state]} {state.value}" for state in CertificateState if counts[state])
        told.append(f"{len(left)} more are not shown: {states}.")
    if undated:
        told.append(f"The server tells no dates of {words.counted(undated, 'certificate', 'certificates')}.")
    return " ".join(told)


def _range(value: Timeline) -> tuple[datetime, datetime]:
    """Return the first and last moment of the picture: those of the certificates, or of the CA alone, and now."""
    spans = value.spans or ([value.ca] if value.ca else [])
    first = min([value.now, *(span.begin for span in spans)])
    last = max([value.now, *(span.end for span in spans)])
    return first, max(last, first + timedelta(days=1))


def _at(moment: datetime, first: datetime, last: datetime) -> float:
    """Return where a moment lies, in hundredths of the width; what lies outside is at the edge."""
    return min(max((moment - first) / (last - first), 0.0), 1.0) * 100


def _row(span: Span, at: int, first: datetime, last: datetime) -> str:
    top = _TOP + at * _ROW
    left, right = _at(span.begin, first, last), _at(span.end, first, last)
    if right - left < _THINNEST:
        left, right = (max(right - _THINNEST, 0.0), right) if right > _THINNEST else (left, left + _THINNEST)
    return (
        f'<text x="0" y="{top + _SMALL}" font-size="{_SMALL}" {LETTERS}>{escape(cut(span.label, _FITS))}</text>'
        f'<g class="pkilab-life-{span.state.name.lower().replace("_", "-")}">{_bar(span.state, top, left, right)}</g>'
    )


def _bar(state: CertificateState, top: int, left: float, right: float) -> str:
    y = top + _SMALL + 6
    if state in _HOLLOW:
        return (
            f'<rect x="{left:.2f}%" y="{y + 0.75}" width="{right - left:.2f}%" height="{_BAR - 1.5}" '
            f'stroke-width="1.5"{_HOLLOW[state]}/>'
        )
    dashes = f' stroke-dasharray="{_DASHES[state]}"' if state in _DASHES else ""
    middle = y + _BAR // 2
    return f'<line x1="{left:.2f}%" y1="{middle}" x2="{right:.2f}%" y2="{middle}" stroke-width="{_BAR}"{dashes}/>'


def _moments(now: datetime, first: datetime, last: datetime, bottom: int) -> str:
    """Return the line of now, and the first and last day below the bars."""
    at = _at(now, first, last)
    anchor, shift = ("start", 4) if at < 50 else ("end", -4)
    return (
        f'<line class="pkilab-now" x1="{at:.2f}%" y1="4" x2="{at:.2f}%" y2="{bottom}" stroke-dasharray="2 3"/>'
        f'<text x="{at:.2f}%" dx="{shift}" y="{_SMALL}" text-anchor="{anchor}" font-size="{_SMALL}" font-weight="bold" '
        f"{LETTERS}>now, {words.day(now)}</text>"
        f'<text x="0" y="{bottom + 16}" font-size="{_SMALL}" {LETTERS}>{words.day(first)}</text>'
        f'<text x="100%" y="{bottom + 16}" text-anchor="end" font-size="{_SMALL}" {LETTERS}>{words.day(last)}</text>'
    )
