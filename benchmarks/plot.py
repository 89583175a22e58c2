"""Figures as SVG: every run a dot, the median a mark; and all ratios on one line each."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LEFT, _RIGHT, _STEP, _TOP = 760, 270, 110, 34, 56
_SPOKEN = 'role="img" aria-labelledby="title words"'
_STYLE = """  <style>
    .card { fill: #ffffff; stroke: #d0d7de; }
    .head { fill: #1f2328; font: 600 15px system-ui, sans-serif; }
    .name { fill: #1f2328; font: 13px system-ui, sans-serif; }
    .says { fill: #4b545e; font: 12px system-ui, sans-serif; }
    .line { stroke: #d0d7de; }
    .limit { stroke: #9a4a2f; stroke-width: 1.5; stroke-dasharray: 5 3; }
    .dot { fill: #57606a; fill-opacity: 0.55; }
    .ours { fill: #2f6f8f; fill-opacity: 0.55; }
    .mark { stroke: #57606a; stroke-width: 3; }
    .mine { stroke: #2f6f8f; stroke-width: 3; }
    .aim { fill: none; stroke: #57606a; stroke-width: 1.5; }
    @media (prefers-color-scheme: dark) {
      .card { fill: #0d1117; stroke: #30363d; }
      .head, .name { fill: #f0f3f6; }
      .says { fill: #b7bfc8; }
      .line { stroke: #30363d; }
      .limit { stroke: #e08a6a; }
      .dot { fill: #9aa4ae; }
      .ours { fill: #6cb6d9; }
      .mark { stroke: #9aa4ae; }
      .mine { stroke: #6cb6d9; }
      .aim { stroke: #9aa4ae; }
    }
  </style>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a ratio stands: 1 is what is demanded, more is better; `aim` on the same scale."""

    what: str
    value: float
    told: str
    aim: float | None


def number(value: float) -> str:
    """Return a figure with three digits that count."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def runs(title: str, unit: str, figures: Mapping[str, Sequence[float]]) -> str:
    """Return the figures of each side as dots from zero, with the median's mark."""
    top = max(max(values) for values in figures.values()) or 1.0
    lines = []
    for at, (name, values) in enumerate(figures.items()):
        y = _TOP + _STEP * at + 18
        middle = _across(statistics.median(values) / top)
        mine = name.startswith("pkilab") or name.endswith(("many", "submissions"))
        lines += [
            f'  <text class="name" x="{_LEFT - 14}" y="{y + 4}" text-anchor="end">{escape(name)}</text>',
            f'  <path class="line" d="M {_LEFT} {y} H {_WIDTH - _RIGHT}"/>',
            *(
                f'  <circle class="{"ours" if mine else "dot"}" cx="{_across(value / top)}" cy="{y}" r="4.5"/>'
                for value in values
            ),
            f'  <path class="{"mine" if mine else "mark"}" d="M {middle} {y - 9} v 18"/>',
            f'  <text class="says" x="{_WIDTH - _RIGHT + 14}" y="{y + 4}">{number(statistics.median(values))}</text>',
        ]
    words = "; ".join(f"{name}: {number(statistics.median(values))}" for name, values in figures.items())
    return _card(
        title, f"{unit}, from zero; dots are runs, marks medians", f"Medians in {unit}. {words}.", lines, len(figures)
    )


def standings(title: str, found: Sequence[Standing]) -> str:
    """Return all ratios on a scale on which each step doubles, with a line at what is demanded."""
    span = max(
        [1.0, *(abs(math.log2(each.value)) for each in found), *(math.log2(each.aim) for each in found if each.aim)]
    )

    def across(value: float) -> float:
        return _across((math.log2(value) / span + 1) / 2)

    bottom = _TOP + _STEP * len(found) + 4
    lines = [f'  <path class="limit" d="M {across(1)} {_TOP - 2} V {bottom}"/>']
    for at, each in enumerate(found):
        y = _TOP + _STEP * at + 18
        lines += [
            f'  <text class="name" x="{_LEFT - 14}" y="{y + 4}" text-anchor="end">{escape(each.what)}</text>',
            f'  <path class="line" d="M {_LEFT} {y} H {_WIDTH - _RIGHT}"/>',
            f'  <circle class="ours" cx="{across(each.value)}" cy="{y}" r="6"/>',
            f'  <text class="says" x="{_WIDTH - _RIGHT + 14}" y="{y + 4}">{escape(each.told)}</text>',
        ]
        if each.aim:
            lines.append(f'  <circle class="aim" cx="{across(each.aim)}" cy="{y}" r="8"/>')
    words = "; ".join(f"{each.what}: {each.told}" for each in found)
    says = "dashed: what is demanded; rings: the aim; right of it is better, each way in doublings"
    return _card(title, says, words, lines, len(found))


def _across(share: float) -> float:
    return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)


def _card(title: str, says: str, words: str, lines: Sequence[str], count: int) -> str:
    height = _TOP + _STEP * count + 16
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {_SPOKEN}>',
            f'  <title id="title">{escape(title)}</title>',
            f'  <desc id="words">{escape(words)}</desc>',
            _STYLE,
            f'  <rect class="card" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
            f'  <text class="head" x="20" y="26">{escape(title)}</text>',
            f'  <text class="says" x="20" y="45">{escape(says)}</text>',
            *lines,
            "</svg>",
            "",
        ]
    )
