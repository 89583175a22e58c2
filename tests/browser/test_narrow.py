"""A desk on a page as narrow as a phone's: its tasks are folded, and its tables can be read and sorted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import NARROW, WIDE, Window
from tests.browser.stage import Stage
from tests.scene import Scene

SECONDS = 30_000


@pytest.fixture
def scene(stage: Stage) -> Scene:
    """A lab with a CA server at which two requests wait."""
    made = Scene(stage.new_lab())
    made.configure()
    made.submit("Zapallar")
    made.submit("Arica")
    return made


@pytest.fixture
def phone(stage: Stage, scene: Scene, open_page: Callable[..., Page]) -> Page:
    """Its operator's desk on a narrow page."""
    page = open_page(size=NARROW)
    notebook = stage.notebook(
        "narrow", f"from pkilab import Desk, Lab\nDesk(Lab({str(scene.path)!r}).instance('MyCA'), part='operator')"
    )
    stage.open_in_voila(page, notebook)
    return page


def tasks(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Tasks")


def test_the_tasks_are_folded_behind_a_button_that_a_keyboard_opens(phone: Page, window: Window) -> None:
    fold = tasks(phone).get_by_role("button", name="Tasks: Where you stand", expanded=False)
    expect(fold).to_contain_text("2 waiting", timeout=SECONDS)
    pending = tasks(phone).get_by_role("button", name="Pending requests", exact=False)
    expect(pending).to_have_count(0)
    title = phone.get_by_role("heading", name="Where you stand").bounding_box()
    assert title
    assert title["y"] < NARROW[1] / 4
    fold.focus()
    phone.keyboard.press("Enter")
    expect(tasks(phone).get_by_role("button", expanded=True)).to_be_focused()
    expect(pending).to_be_visible()
    window.axe(phone)
    phone.keyboard.press("Tab")
    phone.keyboard.press("Escape")
    expect(fold).to_be_focused()
    expect(pending).to_have_count(0)
    phone.keyboard.press("Enter")
    pending.focus()
    phone.keyboard.press("Enter")
    expect(tasks(phone).get_by_role("button", name="Tasks: Pending requests", expanded=False)).to_be_visible()
    expect(phone.get_by_role("heading", name="Pending requests", level=2)).to_be_focused()


def test_where_there_is_room_the_tasks_stand_open_and_without_that_button(phone: Page) -> None:
    phone.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    expect(tasks(phone).get_by_role("button", name="Journal")).to_be_visible(timeout=SECONDS)
    expect(tasks(phone).get_by_role("button", name="Tasks:")).to_have_count(0)
