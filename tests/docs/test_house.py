"""The picture of the house shows the rooms that there are, where import-linter holds them."""

from pathlib import Path

import pytest
from lxml import etree

from tools import house

ROOT = Path(__file__).resolve().parents[2]


def test_the_picture_is_the_one_that_the_script_draws() -> None:
    drawn = (ROOT / "docs" / "house.svg").read_text(encoding="utf-8")
    assert drawn == house.draw(), "run `python tools/house.py`"


def test_the_picture_names_every_room() -> None:
    texts = etree.parse(ROOT / "docs" / "house.svg").iter("{http://www.w3.org/2000/svg}text")
    assert {text.text for text in texts if text.get("class") == "name"} == house.rooms()


def test_no_caption_is_wider_than_its_room() -> None:
    letters = 6.6  # a generous width of a letter of 12 pixels
    assert [box.room for box in house.boxes() if len(house.CAPTIONS[box.room]) * letters > box.width] == []


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md"])
def test_who_cannot_see_the_picture_is_told_of_every_room(page: str) -> None:
    line = next(line for line in (ROOT / page).read_text(encoding="utf-8").splitlines() if "house.svg" in line)
    assert [room for room in house.rooms() if room not in line] == []


def test_the_maintainers_page_has_a_line_for_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [room for room in house.rooms() if f"| `{room}` | " not in page] == []
