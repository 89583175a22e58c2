"""A desk on a page as narrow as a phone's: its tasks are folded, and its tables can be read and sorted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from pkilab.model.dn import DN
from pkilab.model.names import RequestName
from pkilab.model.request import Submission
from tests.browser.chromium import NARROW, WIDE, Window
from tests.browser.stage import Stage
from tests.scene import ANA, Scene, signing_request

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


def test_stacked_rows_are_sorted_by_a_control_that_is_seen(phone: Page, scene: Scene, window: Window) -> None:
    tasks(phone).get_by_role("button", name="Tasks:").click()
    tasks(phone).get_by_role("button", name="Pending requests").click()
    rows = phone.get_by_role("row").filter(has=phone.get_by_role("cell"))
    expect(rows).to_have_count(2, timeout=SECONDS)
    phone.get_by_label("Sort by").select_option(label="File root")
    expect(rows.first).to_contain_text("Arica")
    phone.get_by_role("button", name="Reverse the order").click()
    expect(rows.first).to_contain_text("Zapallar")
    expect(phone.get_by_label("Sort by").locator("option:checked")).to_have_text("File root ↓")
    scene.submit("Molina")
    expect(rows).to_have_count(3, timeout=SECONDS)
    expect(phone.get_by_label("Sort by").locator("option:checked")).to_have_text("File root ↓")
    window.axe(phone)
    window.screenshots(phone, "narrow-pending")
    phone.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    expect(phone.get_by_label("Sort by")).to_be_hidden()
    phone.get_by_role("button", name="Subject").click()
    expect(phone.get_by_role("columnheader", name="Subject")).to_have_attribute("aria-sort", "ascending")


_TORN = """() => [...document.querySelectorAll("td bdi")].flatMap((cell) => [...cell.childNodes]).filter((node) => {
  if (node.nodeType !== Node.TEXT_NODE) return false;
  return [...node.data.matchAll(/[^\\s-]+/g)].some((word) => {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
  });
}).map((node) => node.data)"""


@pytest.mark.parametrize("width", [WIDE[0], 1100, 900, NARROW[0]])
def test_no_word_of_a_table_is_torn(phone: Page, scene: Scene, width: int) -> None:
    name = RequestName("the-machine-for-development.santiago.subsidiary.lab.test", "Development-of-Santiago", "W" * 64)
    content = signing_request("Santiago", subject=DN(common_name="development.lab.test", organization="W" * 64))
    scene.ca.submit(Submission(name=name, csr=content.pem, contact=ANA, subject=""))
    phone.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    tasks(phone).get_by_role("button", name="Pending requests").click()
    phone.set_viewport_size({"width": width, "height": WIDE[1]})
    expect(phone.get_by_role("row")).to_have_count(4, timeout=SECONDS)
    assert phone.evaluate(_TORN) == []
    assert phone.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
