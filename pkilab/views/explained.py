"""An explanation in a notebook: the same fields as in a terminal, set in as a list, each of which opens.

No script, and `details` are reached and opened by keyboard and told by screen readers as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pkilab.explain import lines, summary, wording
from pkilab.explain.node import Node
from pkilab.explain.reading import Explained, Part
from pkilab.explain.tell import Told, tell
from pkilab.views.escape import escape

PARTS = 20
"""Objects of a file that are drawn; a trust store has a hundred and more."""
_OCTETS = 64
_MORE = "Every octet: <code>desk.explain()</code>, or <code>pkilab explain FILE --bytes</code>."


def html(value: Explained) -> str:
    """Return a card for each object, with what a password opened in it below it; secrets stay hidden."""
    cards = "".join(_card(part) for part in islice(_flat(value.parts), PARTS))
    count = sum(1 for _ in islice(_flat(value.parts), PARTS, None))
    rest = f'<p class="pkilab-note">And {wording.counted(count, "more object")}.</p>' if count else ""
    return f'<div class="pkilab">{cards}{rest}</div>'


def _flat(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _flat(part.opened)


def _card(part: Part) -> str:
    heading, *rest = lines.heading(part)
    troubles, more = lines.troubles(part)
    wrong = [f"At octet {each.offset}: {each.says}" for each in troubles]
    wrong += ["There is more that is wrong."] if more else []
    return (
        f'<article class="pkilab-card pkilab-explained"><h3><bdi>{escape(heading)}</bdi></h3>'
        + "".join(f"<p>{escape(sentence.strip().removeprefix('! '))}</p>" for sentence in rest)
        + _list(part)
        + "".join(f'<p class="pkilab-warning"><strong>Not right.</strong> {escape(each)}</p>' for each in wrong)
        + f'<p class="pkilab-note">{_MORE}</p></article>'
    )


def _list(part: Part) -> str:
    """Return the fields as lists in lists, as deep as they lie in one another."""
    found: list[str] = []
    before = -1
    for node, deep in lines.chosen(part.tree):
        # One step down opens a list in the last item; steps up close items with their lists.
        found.append("<ul>" if deep > before else "</li>" + "</ul></li>" * (before - deep))
        found.append(f"<li>{_item(node, tell(node))}")
        before = deep
    return "".join(found) + "</li></ul>" * (before + 1)


def _item(node: Node, told: Told) -> str:
    def sentence(lead: str, words: str) -> str:
        return f"<p><strong>{lead}</strong> {escape(words)}</p>" if words else ""

    size = f"{wording.counted(node.header + node.length, 'octet')} from {node.offset} on"
    notes = " · ".join((*told.clauses, size))
    return (
        f"<details><summary><strong>{escape(told.title)}:</strong> <bdi>{escape(told.here)}</bdi></summary>"
        + sentence("What for:", told.purpose)
        + sentence("Without:", told.without)
        + "".join(sentence("Not right:", each.says) for each in told.troubles)
        + f'<p class="pkilab-note">{escape(notes)}</p>{_octets(node)}</details>'
    )


def _octets(node: Node) -> str:
    """Return the octets of something short, unless a secret is in it."""
    size = node.header + node.length
    if not 0 < size <= _OCTETS or any(summary.secret(each) for each in node.walk()):
        return ""
    return f"<p><code>{node.raw.hex(' ').upper()}</code></p>"
