"""Cards, tables and chains as HTML: no script, no outside resource, every value through `escape`.

The elements carry classes only; a page includes `style.tag()` once.
"""

from __future__ import annotations

from collections.abc import Sequence

from pkilab.model.certificate import Chain, ListedCertificate, Listing
from pkilab.model.journal import JournalEntry
from pkilab.model.request import Request
from pkilab.views import cards, tables
from pkilab.views import chain as chains
from pkilab.views.drawing import drawing
from pkilab.views.escape import escape
from pkilab.views.sheet import Closed, Kind, Row, Sheet, Table, Tone


def draw(value: object) -> str:
    """Return a noun of the model as a card or table.

    Raises:
        TypeError: it is none that can be drawn.
    """
    drawn = drawing(value)
    return table(drawn) if isinstance(drawn, Table) else sheet(drawn)


def request(value: Request, *, warnings: tuple[str, ...] = (), fingerprints: bool = False) -> str:
    """Return the card of a request (S10): fingerprints only when asked for, and then not for copying."""
    return sheet(cards.request(value, warnings=warnings, fingerprints=fingerprints))


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


def sheet(value: Sheet) -> str:
    """Return a card."""
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
        f'<td role="cell" data-label="{escape(column)}"><bdi>{escape(cell)}</bdi></td>'
        for column, cell in zip(columns, row, strict=True)
    )


def _row(row: Row) -> str:
    note = f'<p class="pkilab-note">{escape(row.note)}</p>' if row.note else ""
    return f"<dt>{escape(row.label)}</dt><dd>{_LINES[row.kind](row.lines)}{note}</dd>"


def _text_lines(lines: tuple[str, ...]) -> str:
    return "<br>".join(f"<bdi>{escape(line)}</bdi>" for line in lines)


def _name_parts(lines: tuple[str, ...]) -> str:
    """Let a line end between the parts; each goes its own way, should its letters run from right to left."""
    commas = [","] * (len(lines) - 1) + [""]
    parts = zip(lines, commas, strict=True)
    return " ".join(f'<span class="pkilab-part"><bdi>{escape(line)}</bdi>{comma}</span>' for line, comma in parts)


def _code_lines(lines: tuple[str, ...]) -> str:
    return "<br>".join(f"<code>{escape(line).replace('/', '/<wbr>')}</code>" for line in lines)


def _fingerprint(lines: tuple[str, ...]) -> str:
    return "".join(f'<code class="pkilab-fp">{_breakable(line)}</code>' for line in lines)


def _answer(lines: tuple[str, ...]) -> str:
    return "".join(f'<code class="pkilab-fp pkilab-read-only">{_breakable(line)}</code>' for line in lines)


def _breakable(fingerprint: str) -> str:
    """Let a line end after a colon, and nothing come along when it is copied."""
    return escape(fingerprint).replace(":", ":<wbr>")


_LINES = {
    Kind.TEXT: _text_lines,
    Kind.NAME: _name_parts,
    Kind.CODE: _code_lines,
    Kind.FINGERPRINT: _fingerprint,
    Kind.ANSWER: _answer,
}


def _warning(sentence: str) -> str:
    return f'<p class="pkilab-warning"><strong>Look twice.</strong> {escape(sentence)}</p>'


def _chain(value: Chain) -> str:
    told = "".join(f"<li><bdi>{escape(sentence)}</bdi></li>" for sentence in chains.sentences(value))
    picture = chains.svg(value) if value.certificates else ""
    return f'<div class="pkilab-trust">{picture}<ol>{told}</ol></div>'


def _closed(section: Closed) -> str:
    lines = "\n".join(escape(line) for line in section.text.splitlines())
    return f"<details><summary>{escape(section.summary)}</summary><pre>{lines}</pre></details>"
