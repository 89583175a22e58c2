"""The bench itself: what it should notice, it notices; a notebook runs in both hosts and asks nobody else."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import NARROW, Watch, Window, opener
from tests.browser.stage import Notebook, Stage

GREETER = """
import ipywidgets as widgets
name = widgets.Text(description="Name", continuous_update=False)
greet = widgets.Button(description="Greet")
said = widgets.HTML()
def answer(_): said.value = f"Hello, {name.value}"
greet.on_click(answer)
widgets.VBox([name, greet, said])
"""


@pytest.fixture(scope="module")
def greeter(stage: Stage) -> Notebook:
    return stage.notebook("greeter", GREETER)


def greets(page: Page) -> None:
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Name").press("Tab")
    page.get_by_role("button", name="Greet").click()
    expect(page.get_by_text("Hello, Ana")).to_be_visible()


def test_a_form_works_in_voila(stage: Stage, page: Page, greeter: Notebook, window: Window) -> None:
    stage.open_in_voila(page, greeter)
    greets(page)
    window.axe(page, within="#rendered_cells")
    for picture in window.screenshots(page, "bench-voila"):
        assert picture.stat().st_size > 1000


def test_a_form_works_in_jupyterlab(stage: Stage, page: Page, greeter: Notebook, window: Window) -> None:
    stage.open_in_jupyterlab(page, greeter)
    greets(page)
    window.axe(page, within=".jp-OutputArea")
    window.screenshots(page, "bench-jupyterlab", fits=False)


def test_the_preview_in_jupyterlab_asks_nobody_else(stage: Stage, page: Page, greeter: Notebook) -> None:
    """What `page` watches holds for the frame too, which is Voilà's own page."""
    stage.open_in_jupyterlab(page, greeter, run=False)
    page.locator('[data-jp-item-name="voilaRender"]').click()
    page.get_by_role("button", name="Render anyway").click()  # it is a test's, and not one of pkilab's
    preview = page.frame_locator("iframe")
    preview.get_by_label("Name").fill("Ana")
    preview.get_by_role("button", name="Greet").click()
    expect(preview.get_by_text("Hello, Ana")).to_be_visible()


def test_each_page_is_a_visitor_of_its_own(open_page: Callable[..., Page], stage: Stage, greeter: Notebook) -> None:
    stage.open_in_voila(open_page(), greeter)
    stranger = open_page(size=NARROW)
    stranger.goto(greeter.in_voila.partition("?")[0])
    expect(stranger).to_have_url(re.compile("/login"))


@pytest.mark.parametrize(
    ("script", "noticed"),
    [
        ("fetch('http://elsewhere.lab.test/x').catch(() => 0)", "asked beyond this machine: http://elsewhere.lab.test"),
        ("new WebSocket('ws://elsewhere.lab.test/x')", "asked beyond this machine: ws://elsewhere.lab.test"),
        ("document.body.innerHTML = '<img src=https://elsewhere.lab.test/x.png>'", "https://elsewhere.lab.test/x.png"),
        ("console.error('I am broken')", "on the console: I am broken"),
        ("setTimeout(() => { throw new Error('nobody catches me') })", "not caught: Error: nobody catches me"),
    ],
)
def test_what_a_page_should_not_do_is_noticed(browser: Browser, script: str, noticed: str) -> None:
    watch = Watch()
    page = opener(browser, watch, [])()
    page.evaluate(script)
    page.wait_for_timeout(200)
    assert any(noticed in trouble for trouble in watch.troubles), watch.troubles
    page.context.close()


def test_what_was_expected_is_no_trouble(browser: Browser) -> None:
    watch = Watch()
    watch.expect("I am broken")
    page = opener(browser, watch, [])()
    page.evaluate("console.error('I am broken')")
    page.wait_for_timeout(100)
    assert watch.complaints
    assert not watch.troubles
    page.context.close()


def test_axe_finds_what_only_the_dark_theme_breaks(page: Page, window: Window) -> None:
    page.set_content(
        "<html lang=en><title>x</title><style>@media (prefers-color-scheme: dark) { p { color: #222; } body"
        " { background: #111 } }</style><main><p>Hard to read</p></main>"
    )
    with pytest.raises(AssertionError, match="dark: color-contrast"):
        window.axe(page)


def test_axe_finds_a_button_without_a_name(page: Page, window: Window) -> None:
    page.set_content("<html lang=en><title>x</title><main><button></button></main>")
    with pytest.raises(AssertionError, match="light: button-name"):
        window.axe(page)
    window.axe(page, but=("button-name",))


def test_a_page_that_scrolls_sideways_is_noticed(page: Page, window: Window, tmp_path: Path) -> None:
    page.set_content("<main style='width: 600px'>wide</main>")
    with pytest.raises(AssertionError, match="scrolls sideways"):
        Window(tmp_path).screenshots(page, "wide")
    assert len(list(tmp_path.glob("wide-*.png"))) == 4
