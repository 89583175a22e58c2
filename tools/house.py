"""Draw docs/house.svg: the rooms of the package that exist, on the floors that import-linter holds them to."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "house.svg"

CAPTIONS = {
    "cli": "the command line",
    "course": "scenarios of the lessons",
    "desk": "forms and views over a lab",
    "forms": "one form for each task",
    "lab": "Lab and Instance: put the parts together",
    "web": "the doors: SOAP, REST, health, figures",
    "authority": "the CA server: queue, verify, issue",
    "client": "the CA client: submit, list, fetch",
    "store": "files, registry",
    "running": "processes",
    "mail": "sending, inbox",
    "soap": "envelopes, WSDL",
    "views": "text, HTML, SVG",
    "documents": "XML: signatures, encryption",
    "judges": "verifiers side by side",
    "explain": "every octet in words: trees, explanations, comparisons",
    "x509": "keys, requests, certificates, chains: bytes to nouns and back",
    "model": "the nouns, frozen, with the rules that their values keep",
    "errors": "one tree of errors: facts and a sentence for people",
}
OUTSIDE = {
    "cli": ("left", "in", "A shell", "pkilab …"),
    "lab": ("left", "in", "A cell, a script", "from pkilab import Lab"),
    "web": ("right", "in", "Any client", "SOAP 1.1 over HTTP"),
    "client": ("right", "out", "A CA server", "this one or another"),
    "store": ("left", "out", "The lab’s folder", "registry, keys, numbers"),
    "judges": ("right", "out", "openssl, certtool", "processes, bounded"),
}

WIDTH, WALL_LEFT, WALL_RIGHT = 960, 190, 770
FLOOR, GAP, TOP = 58, 8, 96

STYLE = """
    .card { fill: #ffffff; stroke: #d0d7de; }
    .wall { fill: #eef2f6; stroke: #8c97a3; }
    .roof { fill: #9a4a2f; }
    .room { fill: #ffffff; stroke: #8c97a3; }
    .pure { fill: #e3f0e6; stroke: #6f9a7b; }
    .name { fill: #1f2328; font: 600 16px system-ui, sans-serif; }
    .out { fill: #1f2328; font: 600 14px system-ui, sans-serif; }
    .says { fill: #4b545e; font: 12px system-ui, sans-serif; }
    .sign { fill: #ffffff; font: 600 18px system-ui, sans-serif; }
    .way { stroke: #57606a; stroke-width: 1.5; fill: none; }
    .tip { fill: #57606a; }
    @media (prefers-color-scheme: dark) {
      .card { fill: #0d1117; stroke: #30363d; }
      .wall { fill: #161b22; stroke: #57606a; }
      .roof { fill: #b4623f; }
      .room { fill: #21262d; stroke: #6e7681; }
      .pure { fill: #1c3324; stroke: #4d8060; }
      .name, .out { fill: #f0f3f6; }
      .says { fill: #b7bfc8; }
      .way { stroke: #9aa4ae; }
      .tip { fill: #9aa4ae; }
    }
"""
PURE = frozenset({"documents", "errors", "explain", "model", "soap", "views", "x509"})


@dataclass(frozen=True, slots=True)
class Box:
    """A room's place."""

    room: str
    x: float
    y: float
    width: float


def rooms() -> set[str]:
    """Return the rooms that exist: the packages and modules of `pkilab`."""
    found = {
        path.stem for path in (ROOT / "pkilab").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    return {name for name in found if not name.startswith("_")}


def floors() -> list[list[str]]:
    """Return the rooms from top to bottom, as the first layers contract of pyproject.toml orders them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers: list[str] = project["tool"]["importlinter"]["contracts"][0]["layers"]
    there = rooms()
    found = [[room for room in re.findall(r"\w+", layer) if room in there] for layer in layers]
    return [floor for floor in found if floor]


def boxes() -> list[Box]:
    """Return every room's place."""
    inner = WALL_RIGHT - WALL_LEFT - 2 * GAP
    found = []
    for level, floor in enumerate(floors()):
        width = (inner - GAP * (len(floor) - 1)) / len(floor)
        y = TOP + GAP + level * (FLOOR + GAP)
        found += [Box(room, WALL_LEFT + GAP + at * (width + GAP), y, width) for at, room in enumerate(floor)]
    return found


def draw() -> str:
    """Return the picture."""
    placed = boxes()
    bottom = TOP + GAP + len(floors()) * (FLOOR + GAP)
    words = ". ".join(f"{box.room}: {CAPTIONS[box.room]}" for box in placed)
    role = 'role="img" aria-labelledby="title words"'
    foot = "A room imports only what stands below it. Green rooms are pure: they open no file and call nobody."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 54}" {role}>',
        '  <title id="title">The house: the rooms of pkilab, each importing only what stands below it</title>',
        f'  <desc id="words">From top to bottom. {escape(words)}.</desc>',
        f"  <style>{STYLE}  </style>",
        f'  <rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{bottom + 53}" rx="8"/>',
        f'  <path class="roof" d="M {WALL_LEFT - 26} {TOP} L {WIDTH / 2} 16 L {WALL_RIGHT + 26} {TOP} Z"/>',
        f'  <text class="sign" x="{WIDTH / 2}" y="{TOP - 22}" text-anchor="middle">pkilab</text>',
        f'  <rect class="wall" x="{WALL_LEFT}" y="{TOP}" width="{WALL_RIGHT - WALL_LEFT}" height="{bottom - TOP}"/>',
    ]
    for box in placed:
        parts += _room(box)
    for box in placed:
        if box.room in OUTSIDE:
            parts += _way(box, *OUTSIDE[box.room])
    parts += [
        f'  <text class="says" x="{WIDTH / 2}" y="{bottom + 26}" text-anchor="middle">{foot}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _room(box: Box) -> list[str]:
    middle = box.x + box.width / 2
    kind = "pure" if box.room in PURE else "room"
    caption = escape(CAPTIONS[box.room])
    return [
        f'  <rect class="{kind}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{FLOOR}" rx="4"/>',
        f'  <text class="name" x="{middle:g}" y="{box.y + 25:g}" text-anchor="middle">{box.room}</text>',
        f'  <text class="says" x="{middle:g}" y="{box.y + 44:g}" text-anchor="middle">{caption}</text>',
    ]


def _way(box: Box, side: str, way: str, who: str, how: str) -> list[str]:
    """An arrow between a room and what is outside of the house."""
    y = box.y + FLOOR / 2
    margin, wall = (26, box.x - 2) if side == "left" else (WIDTH - 26, box.x + box.width + 2)
    anchor = "start" if side == "left" else "end"
    begin, end = (margin, wall) if way == "in" else (wall, margin)
    back = 8 if end < begin else -8
    return [
        f'  <path class="way" d="M {begin:g} {y:g} H {end + back:g}"/>',
        f'  <path class="tip" d="M {end:g} {y:g} l {back} -4.5 v 9 Z"/>',
        f'  <text class="out" x="{margin}" y="{y - 8:g}" text-anchor="{anchor}">{who}</text>',
        f'  <text class="says" x="{margin}" y="{y + 18:g}" text-anchor="{anchor}">{how}</text>',
    ]


if __name__ == "__main__":
    TARGET.write_text(draw(), encoding="utf-8")
