"""Cards, tables and chains as HTML: no script, no outside resource, every value through `escape`.

The elements carry classes only; a page includes `style.tag()` once. Copy buttons and tabs need a script: they show
where an ancestor has the class `pkilab-live`, which a page's script sets that serves them (`forms`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from pkilab.model.certificate import Certificate, Chain, IssuedCertificate, ListedCertificate, Listing
from pkilab.model.journal import JournalEntry
from pkilab.model.request import Request
from pkilab.views import cards, tables
from pkilab.views import chain as chains
from pkilab.views import timeline as timelines
from pkilab.views.drawing import drawing
from pkilab.views.escape import escape
from pkilab.views.hood.way import Hood
from pkilab.views.sheet import Closed, Kind, Row, Sheet, Table, Tone

_ENDS = re.compile(r"(?<=[/_])(?=\S)|(?<=:)(?=[^\d\s])|(?<=[^\d\s])(?=[.@]\S)|(?<=\S)(?=[.@][^\d\s])")
_LONG = re.compile(r"([^\s-]{25,})")


def draw(value: object, *, under: Hood | None = None) -> str:
    """Return a noun of the model as a card or table; a card with what lies `under` its hood, if that is given.

    Raises:
        TypeError: it is none that can be drawn.
    """
    drawn = drawing(value)
    return table(drawn) if isinstance(drawn, Table) else sheet(drawn, under=under)


def request(
    value: Request, *, warnings: tuple[str, ...] = (), fingerprints: bool = False, now: datetime | None = None
) -> str:
    """Return the card of a request (S10): fingerprints only when asked for, and then not for copying."""
    return sheet(cards.request(value, warnings=warnings, fingerprints=fingerprints, now=now))


def requests(rows: Sequence[Request]) -> str:
    """Return the table of pending requests."""
    return table(tables.requests(rows))


def certificates(listing: Listing) -> str:
    """Return the table of a page of issued certificates."""
    return table(tables.certificates(listing))


def listed(rows: Sequence[ListedCertificate]) -> str:
    """Return the table of certificates as a client sees them."""
    return table(tables.listed(rows))


def journal(entries: Sequence[JournalEntry]) -> str:
    """Return the table of entries of the journal."""
    return table(tables.journal(entries))


def timeline(
    certificates: Sequence[IssuedCertificate | ListedCertificate], *, now: datetime, ca: Certificate | None = None
) -> str:
    """Return when certificates expire, seen from `now`, below the life of their `ca`: a picture, and a list."""
    found = timelines.timeline(certificates, now=now, ca=ca)
    told = "".join(f"<li><bdi>{escape(sentence)}</bdi></li>" for sentence in timelines.sentences(found))
    if not found.spans:
        rest = f"<ol>{told}</ol>" if told else ""
        return (
            '<div class="pkilab"><section class="pkilab-card pkilab-empty"><h3>When certificates expire</h3>'
            f"<p>{timelines.EMPTY}</p>{rest}</section></div>"
        )
    return (
        '<div class="pkilab"><section class="pkilab-card"><h3>When certificates expire</h3>'
        f"<p>{escape(found.summary)}</p>{timelines.svg(found)}"
        f'<details class="pkilab-lives"><summary>The same in words</summary><ol>{told}</ol></details></section></div>'
    )


def hood(value: Hood, *, name: str = "") -> str:
    """Return *Under the hood* as a section that is closed at first, with a tab for each way.

    Without a script all ways stand below one another. A script that serves the tabs (class `pkilab-tab`) sets
    `aria-selected` on them, and the class `pkilab-on` on the panel that is to be seen. Two of the same content on one
    page need a `name` each, so that no identifier is there twice.
    """
    return f'<div class="pkilab">{_hood(value, name)}</div>'


def sheet(value: Sheet, *, under: Hood | None = None) -> str:
    """Return a card, with what lies `under` its hood at its end."""
    tick = "✓ " if value.tone is Tone.GOOD else ""
    badge = f' <span class="pkilab-badge pkilab-{value.badge_tone}">{escape(value.badge)}</span>' if value.badge else ""
    content = [f"<h3><bdi>{tick}{escape(value.title)}</bdi>{badge}</h3>"]
    content += [f"<p>{escape(sentence)}</p>" for sentence in value.lead]
    if value.rows:
        content += ["<dl>", *map(_row, value.rows), "</dl>"]
    content += map(_warning, value.warnings)
    if value.chain is not None:
        content.append(_chain(value.chain))
    content += map(_closed, value.closed)
    if under is not None:
        content.append(_hood(under, ""))
    return f'<div class="pkilab"><article class="pkilab-card pkilab-{value.tone}">{"".join(content)}</article></div>'


def table(value: Table) -> str:
    """Return a table with a caption, or a card that says what to do when it is empty.

    Where room is short the style sheet stacks each row's cells under their columns' names. That takes the table's
    meaning from some screen readers, so it is also written as roles.
    """
    caption = escape(value.caption)
    if not value.rows:
        return (
            f'<div class="pkilab"><section class="pkilab-card pkilab-empty"><h3>{caption}</h3>'
            f"<p>{escape(value.empty)}</p></section></div>"
        )
    heads = "".join(f'<th scope="col" role="columnheader">{escape(column)}</th>' for column in value.columns)
    body = "".join(f'<tr role="row">{_cells(value.columns, row)}</tr>' for row in value.rows)
    more = f'<p class="pkilab-note">{escape(value.more)}</p>' if value.more else ""
    return (
        f'<div class="pkilab"><table class="pkilab-table" role="table"><caption>{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
        f"{more}</div>"
    )


def _cells(columns: tuple[str, ...], row: tuple[str, ...]) -> str:
    return "".join(
        f'<td role="cell" data-label="{escape(column)}"><bdi>{_wrapping(cell)}</bdi></td>'
        for column, cell in zip(columns, row, strict=True)
    )


def _wrapping(text: str) -> str:
    """Return a cell's text with places where a line may end: at a name's dots and slashes, and in no shorter word.

    A word of more than 24 letters may end after each dozen. `forms/js/table.js` does the same.
    """
    pieces: list[str] = []
    for part in _ENDS.split(text):
        for at, words in enumerate(_LONG.split(part)):
            pieces += [words[begin : begin + 12] for begin in range(0, len(words), 12)] if at % 2 else [words]
    return "<wbr>".join(escape(piece) for piece in pieces if piece)


def _row(row: Row) -> str:
    note = f'<p class="pkilab-note">{escape(row.note)}</p>' if row.note else ""
    content = _fingerprint(row) if row.kind is Kind.FINGERPRINT else _LINES[row.kind](row.lines)
    return f"<dt>{escape(row.label)}</dt><dd>{content}{note}</dd>"


def _text_lines(lines: tuple[str, ...]) -> str:
    return "<br>".join(f"<bdi>{escape(line)}</bdi>" for line in lines)


def _name_parts(lines: tuple[str, ...]) -> str:
    """Let a line end between the parts; each goes its own way, should its letters run from right to left."""
    commas = [","] * (len(lines) - 1) + [""]
    parts = zip(lines, commas, strict=True)
    return " ".join(f'<span class="pkilab-part"><bdi>{escape(line)}</bdi>{comma}</span>' for line, comma in parts)


def _code_lines(lines: tuple[str, ...]) -> str:
    return "<br>".join(f"<code>{escape(line).replace('/', '/<wbr>')}</code>" for line in lines)


def _place_lines(lines: tuple[str, ...]) -> str:
    return "".join(
        f'<div class="pkilab-copied"><code>{escape(line).replace("/", "/<wbr>")}</code>{_copy(line, line)}</div>'
        for line in lines
    )


def _answer(lines: tuple[str, ...]) -> str:
    return "".join(f'<code class="pkilab-fp pkilab-read-only">{_breakable(line)}</code>' for line in lines)


def _fingerprint(row: Row) -> str:
    what = f"{row.label} fingerprint"
    return "".join(
        f'<div class="pkilab-copied"><code class="pkilab-fp">{_breakable(line)}</code>{_copy(line, what)}</div>'
        for line in row.lines
    )


def _breakable(fingerprint: str) -> str:
    """Let a line end after a colon, and nothing come along when it is copied."""
    return escape(fingerprint).replace(":", ":<wbr>")


_LINES = {
    Kind.TEXT: _text_lines,
    Kind.NAME: _name_parts,
    Kind.CODE: _code_lines,
    Kind.PLACE: _place_lines,
    Kind.ANSWER: _answer,
}


def _copy(text: str, what: str) -> str:
    """Return a button that copies `text`, each of its lines as it is shown."""
    content = "&#10;".join(map(escape, text.split("\n")))
    named = f'aria-label="Copy {escape(what)}"'
    return f'<button type="button" class="pkilab-copy" data-copy="{content}" {named}>Copy</button>'


def _warning(sentence: str) -> str:
    return f'<p class="pkilab-warning"><strong>Look twice.</strong> {escape(sentence)}</p>'


def _chain(value: Chain) -> str:
    told = "".join(f"<li><bdi>{escape(sentence)}</bdi></li>" for sentence in chains.sentences(value))
    picture = chains.svg(value) if value.certificates else ""
    return f'<div class="pkilab-trust">{picture}<ol>{told}</ol></div>'


def _closed(section: Closed) -> str:
    copy = _copy(section.text, section.summary[:1].lower() + section.summary[1:]) if section.copy else ""
    return (
        f"<details><summary>{escape(section.summary)}</summary>"
        f'<div class="pkilab-block">{copy}<pre>{_pre(section.text)}</pre></div></details>'
    )


def _pre(text: str) -> str:
    return "\n".join(escape(line) for line in text.splitlines())


def _hood(value: Hood, name: str) -> str:
    content = "\0".join([name, *(part for way in value.ways for part in (way.label, way.text))])
    # The identifiers depend on what is drawn alone: views draw no random numbers.
    key = f"pkilab-h{sha256(content.encode(errors='surrogatepass')).hexdigest()[:12]}"
    tabs, panels = [], []
    for at, way in enumerate(value.ways):
        tab, panel, label, text = f"{key}-t{at}", f"{key}-p{at}", escape(way.label), way.text.rstrip("\n")
        selected, order, on = ("false", "-1", "") if at else ("true", "0", " pkilab-on")
        tabs.append(
            f'<button type="button" role="tab" class="pkilab-tab" id="{tab}" aria-selected="{selected}" '
            f'aria-controls="{panel}" data-tab="{panel}" tabindex="{order}">{label}</button>'
        )
        panels.append(
            f'<div role="tabpanel" class="pkilab-panel{on}" id="{panel}" aria-labelledby="{tab}">'
            f'<p class="pkilab-way">{label}</p><div class="pkilab-block">{_copy(text, f"the text of {way.label}")}'
            f'<pre tabindex="0">{_pre(text)}</pre></div></div>'
        )
    return (
        '<details class="pkilab-hood"><summary>Under the hood</summary>'
        f'<div class="pkilab-tabs" role="tablist" aria-label="Ways to do the same">{"".join(tabs)}</div>'
        f"{''.join(panels)}</details>"
    )
