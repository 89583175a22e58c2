"""A chain of trust as a picture, and the words that say the same."""

from __future__ import annotations

from hashlib import sha256

from pkilab.model.certificate import Certificate, CertificateState, Chain, Worth
from pkilab.views import words
from pkilab.views.drawn import LETTERS, cut
from pkilab.views.escape import escape

_WIDTH, _BOX, _GAP, _INSET = 360, 76, 44, 16
_SMALL, _LARGE = 12, 15
_FITS = {_SMALL: 46, _LARGE: 31}
"""Columns of text that fit into a box, by the size of the letters; wide characters take two."""


def sentences(chain: Chain) -> tuple[str, ...]:
    """Return who vouches for whom, from the end entity up, one sentence for each certificate; then what is amiss."""
    if not chain.certificates:
        return ("There is no certificate in this chain.",)
    pairs = zip(chain.certificates, chain.certificates[1:], strict=False)
    told = [f"{_name(one)} was signed by {_name(above)}." for one, above in pairs]
    top = chain.certificates[-1]
    if top.self_issued:
        last = f"{_name(top)} signed itself: it is the root, and who trusts it trusts all that is below."
    else:
        last = f"{_name(top)} was signed by {words.short_name(top.issuer)}, whose certificate is not here."
    pairs_of_worth = zip(chain.certificates, chain.worth, strict=False)
    amiss = [_amiss(one, worth) for one, worth in pairs_of_worth if worth and worth.state is not CertificateState.VALID]
    return (*told, last, *amiss)


def _amiss(certificate: Certificate, worth: Worth) -> str:
    """Return what is wrong with a certificate of a chain, and what that means for those below it."""
    who = _name(certificate)
    below = f" With it fall all that {who} vouches for." if certificate.ca else ""
    since = f" since {words.day(worth.since)}" if worth.since else ""
    match worth.state:
        case CertificateState.REVOKED:
            why = f" ({worth.reason})" if worth.reason else ""
            return f"{who} is revoked{since}{why}: whoever asks for revocations refuses it.{below}"
        case CertificateState.HELD:
            return f"{who} is on hold{since}: until that is lifted, whoever asks for revocations refuses it.{below}"
        case CertificateState.EXPIRED:
            return f"{who} expired on {words.day(certificate.not_after)}: nobody accepts it any more.{below}"
        case _:
            return f"{who} is not valid before {words.day(certificate.not_before)}: nobody accepts it yet.{below}"


def svg(chain: Chain) -> str:
    """Return the chain as an SVG element, the root on top, with a title and a description for those who hear it.

    It takes its colours from the text around it, so that it is right on light and on dark.
    """
    certificates = tuple(reversed(chain.certificates))
    missing = bool(certificates) and not certificates[0].self_issued
    boxes = [_missing(certificates[0])] if missing else []
    worth = [*chain.worth, *[None] * (len(certificates) - len(chain.worth))][::-1]
    pairs = zip(certificates, worth, strict=False)
    boxes += [_box(one, each, (at + missing) * (_BOX + _GAP)) for at, (one, each) in enumerate(pairs)]
    arrows = [_arrow(at * (_BOX + _GAP) + _BOX) for at in range(len(boxes) - 1)]
    height = max(len(boxes) * (_BOX + _GAP) - _GAP, 1)
    # The identifiers depend on what is drawn alone: views draw no random numbers.
    content = repr(
        [(certificate.fingerprint.sha256, each) for certificate, each in zip(certificates, worth, strict=False)]
    )
    key = sha256(content.encode()).hexdigest()[:12]
    return (
        f'<svg class="pkilab-chain" role="img" viewBox="-1 -1 {_WIDTH + 2} {height + 2}" width="{_WIDTH + 2}" '
        f'aria-labelledby="pkilab-t{key} pkilab-d{key}" xmlns="http://www.w3.org/2000/svg" '
        'fill="none" stroke="currentColor" style="max-width:100%;height:auto">'
        f'<title id="pkilab-t{key}">Chain of trust</title>'
        f'<desc id="pkilab-d{key}">{escape(" ".join(sentences(chain)))}</desc>'
        f"{''.join(boxes)}{''.join(arrows)}</svg>"
    )


def _name(certificate: Certificate) -> str:
    return words.short_name(certificate.subject)


def _box(certificate: Certificate, worth: Worth | None, top: int) -> str:
    root = certificate.ca and certificate.self_issued
    state = worth.state if worth and worth.state is not CertificateState.VALID else None
    since = f" since {words.day(worth.since)}" if worth and worth.since else ""
    until = words.day(certificate.not_after)
    frame = f'<rect x="0" y="{top}" width="{_WIDTH}" height="{_BOX}" rx="10" stroke-width="{2 if root else 1}"/>'
    lines = (
        (words.role(certificate), _SMALL, 22),
        (_name(certificate), _LARGE, 43),
        (f"{state.value}{since or f', until {until}'}" if state else f"until {until}", _SMALL, 63),
    )
    told = _texts(lines, top)
    return frame + (f'<g class="pkilab-life-{state.name.lower().replace("_", "-")}">{told}</g>' if state else told)


def _missing(lowest: Certificate) -> str:
    frame = f'<rect x="0" y="0" width="{_WIDTH}" height="{_BOX}" rx="10" stroke-dasharray="6 5"/>'
    lines = (
        ("not here", _SMALL, 22),
        (words.short_name(lowest.issuer), _LARGE, 43),
        ("its certificate is missing from this chain", _SMALL, 63),
    )
    return frame + _texts(lines, 0)


def _texts(lines: tuple[tuple[str, int, int], ...], top: int) -> str:
    """Set lines of (text, size, baseline), clipped to the box by an SVG of their own."""
    inside = "".join(
        f'<text x="0" y="{baseline}" font-size="{size}" font-weight="{"bold" if size == _LARGE else "normal"}" '
        f"{LETTERS}>{escape(cut(text, _FITS[size]))}</text>"
        for text, size, baseline in lines
    )
    return f'<svg x="{_INSET}" y="{top}" width="{_WIDTH - 2 * _INSET}" height="{_BOX}">{inside}</svg>'


def _arrow(top: int) -> str:
    """Point from the issuer down to what it signed."""
    x, end = _INSET + 10, top + _GAP
    return (
        f'<path d="M{x} {top + 4}V{end - 5}m-5 -7l5 7l5 -7" stroke-width="1.5"/>'
        f'<text x="{x + 14}" y="{top + _GAP // 2 + 4}" font-size="{_SMALL}" {LETTERS}>signed</text>'
    )
