"""Both pages in a browser: logging in, light and dark, reloading, and what is shown when a session is gone."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Watch, Window
from tests.browser.stage import Dashboards
from tests.running.dashboard_notebooks import kernels, write
from tests.running.lab_process import DashboardsProcess, eventually


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboards]:
    """Dashboards with a small form each."""
    base = tmp_path_factory.mktemp("pages")
    process = DashboardsProcess(base / "lab", write(base / "notebooks"))
    try:
        yield Dashboards(process)
    finally:
        process.close()


def shows(page: Page, name: str) -> None:
    """Fill the form of `dashboard_notebooks` and see it answer."""
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Name").press("Tab")
    page.get_by_role("button", name=f"Greet {name}").click()
    expect(page.get_by_text("Hello, Ana")).to_be_visible()


def test_both_pages_work_side_by_side_in_one_browser(pages: Dashboards, page: Page, window: Window) -> None:
    """In one context: cookies know no ports, so each page has its own by name."""
    other = page.context.new_page()
    page.goto(pages.operator)
    other.goto(pages.clients)
    for each, name in ((page, "operator"), (other, "clients"), (page, "operator")):
        shows(each, name)
        each.reload()
        shows(each, name)
    for each in (page, other):
        assert "token" not in each.url
        expect(each.locator("html")).to_have_attribute("lang", "en")
        expect(each.get_by_role("main")).to_have_count(1)
        expect(each.get_by_role("main").get_by_role("button", name="Greet")).to_be_visible()
    expect(page).to_have_title("The operator page – pkilab")
    window.axe(page)
    window.screenshots(page, "dashboards-page")


def test_the_log_in_page_says_what_this_is_and_lets_in(
    pages: Dashboards, page: Page, window: Window, watch: Watch
) -> None:
    watch.expect(r"401 \(Unauthorized\)")  # Chromium's note on the wrong token
    page.goto(pages.process.url("clients"))
    expect(page.get_by_text("never for production")).to_be_visible()
    window.axe(page)
    window.screenshots(page, "dashboards-login")
    page.get_by_label("Token").fill("perhaps this one")
    page.get_by_role("button", name="Open the page").click()
    expect(page.get_by_role("alert")).to_contain_text("does not open this page")
    window.axe(page)
    page.get_by_label("Token").fill(pages.process.token("clients"))
    page.get_by_role("button", name="Open the page").click()
    shows(page, "clients")
    assert page.url == pages.process.url("clients")


def test_the_theme_is_the_reader_s_or_the_one_asked_for(pages: Dashboards, open_page: Callable[..., Page]) -> None:
    def background(page: Page) -> str:
        page.locator("#rendered_cells").wait_for(state="visible")
        color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return color

    light, dark = open_page(theme="light"), open_page(theme="dark")
    light.goto(pages.operator)
    dark.goto(pages.operator)
    assert background(light) == "rgb(255, 255, 255)"
    assert background(dark) == "rgb(33, 33, 33)"
    light.goto(f"{pages.operator}&theme=dark")
    assert light.url.endswith("/?theme=dark")
    assert background(light) == background(dark)
    dark.goto(f"{pages.process.url('operator')}?theme=light")
    assert background(dark) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("how", ["fetch(url).catch(() => 0)", "new WebSocket(url.replace('http', 'ws'))"])
def test_a_page_may_ask_no_other_server(pages: Dashboards, page: Page, watch: Watch, how: str) -> None:
    """Not even the other page's, on the same machine."""
    watch.expect("Content Security Policy|Refused to connect|violates the document")
    page.goto(pages.operator)
    page.get_by_role("button", name="Greet").wait_for()
    refused = page.evaluate(
        "url => new Promise(done => {"
        "addEventListener('securitypolicyviolation', event => done(event.effectiveDirective), {once: true});"
        f"{how}; setTimeout(() => done('it was asked'), 5000)}})",
        pages.process.url("clients"),
    )
    assert refused == "connect-src"


def test_reloading_and_closing_leave_no_kernel_behind(pages: Dashboards, page: Page) -> None:
    eventually_steady(pages)
    before = kernels(pages.process)
    page.goto(pages.clients)
    for _ in range(5):
        shows(page, "clients")
        page.reload()
    shows(page, "clients")
    eventually(lambda: len(kernels(pages.process)) == len(before) + 1)
    page.close(run_before_unload=True)
    eventually(lambda: len(kernels(pages.process)) == len(before))


def eventually_steady(pages: Dashboards) -> None:
    """Wait until the pools are full: nobody starts another kernel."""
    seen: list[int] = []

    def steady() -> bool:
        seen.append(len(kernels(pages.process)))
        return len(seen) > 30 and len(set(seen[-30:])) == 1

    eventually(steady, 30)


def test_a_page_whose_kernel_died_says_so_and_a_reload_mends_it(
    pages: Dashboards, page: Page, watch: Watch, window: Window
) -> None:
    watch.expect(r"404 \(Not Found\)|WebSocket connection to .* failed|Connection lost, reconnecting")
    eventually_steady(pages)
    waiting = kernels(pages.process)
    page.goto(pages.operator)
    shows(page, "operator")
    eventually(lambda: len(kernels(pages.process) - waiting) == 1)
    for pid in waiting:
        os.kill(pid, signal.SIGKILL)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("lost its session")
    expect(page.get_by_role("button", name="Reload the page")).to_be_focused()
    expect(page.locator("#rendered_cells")).to_have_js_property("inert", True)
    window.axe(page)
    window.screenshots(page, "dashboards-gone")
    page.get_by_role("button", name="Reload the page").click()
    shows(page, "operator")


def test_a_page_waits_for_an_application_that_is_away_and_lets_its_visitor_stay_logged_in(
    pages: Dashboards, page: Page, watch: Watch
) -> None:
    watch.expect(r"Failed to load resource|WebSocket connection to .* failed|Connection lost, reconnecting")
    page.goto(pages.operator)
    shows(page, "operator")
    pid = pages.process.part("operator").pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    os.kill(pid, signal.SIGKILL)
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Reload the page").click(timeout=30_000)
    shows(page, "operator")
