"""Browser tests: Debian's Chromium, driven by Playwright, on the running product.

How to write one::

    def test_a_form_says_what_blocks(stage: Stage, page: Page, window: Window) -> None:
        notebook = stage.notebook("configure", "from pkilab import Lab", "Lab().instance('MyCA')…")
        stage.open_in_voila(page, notebook)            # or stage.open_in_jupyterlab(page, notebook)
        page.get_by_label("File root").fill("cache")
        expect(page.get_by_text("may not be")).to_be_visible()
        window.axe(page)                               # serious and critical violations, light and dark
        window.screenshots(page, "configure")          # wide and narrow, light and dark

Fixtures:

`stage` (one a worker)
    A running `pkilab lab`: `stage.notebook(name, *cells)` writes a notebook, `stage.existing(name)` is one of pkilab's
    own, `stage.open_in_voila(page, notebook)` and `stage.open_in_jupyterlab(page, notebook)` show it (the latter runs
    all cells). Kernels open `stage.path` by `Lab()`, which all tests share; for a lab of your own take
    `folder = stage.new_lab()`, begin the notebook with `lab = Lab({str(folder)!r})` and look at `Lab(folder)` yourself.
`dashboards` (one a file)
    A running `pkilab dashboards` over an empty lab of its own, web service and mail included, with pkilab's own
    notebooks: `page.goto(dashboards.operator)` and `page.goto(dashboards.clients)` log in; `Lab(dashboards.path)` is
    the lab as the test sees it, `dashboards.process.port("web")` the web service's port. Wait for
    `page.locator("#rendered_cells")`. Two visitors of a page are two `open_page()`.
`page`, `open_page` (one a test)
    A page; `open_page(theme="dark", size=NARROW)` opens more, each a visitor of its own. The test FAILS when one of
    them asks anything beyond this machine, logs an error on the console, or has an error that no script caught.
`watch` (one a test)
    What was seen of that; `watch.expect(r"…")` where a test provokes an error on purpose.
`window`
    `window.theme(page, "dark")`, `window.axe(page, within="body")`, `window.screenshots(page, name)`. In JupyterLab
    judge only what is ours: `within=".jp-OutputArea"`. `screenshots` fails when the narrow page scrolls sideways
    (`fits=False` for JupyterLab's own frame). Pictures go to the folder that PKILAB_SCREENSHOTS names, else to a
    temporary one.

Keep it cheap: the servers are started once a worker (`--dist=loadscope` gives a file to one worker), the browser once
a file. Put the tests that share a story into one file. Playwright's loop runs while a file's tests do, so nothing in
them may call `asyncio.run` (nbclient does). Where no Chromium is installed the tests are skipped, and under
PKILAB_REQUIRE_ALL they fail.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import NAMES, Watch, Window, launched, opener, program
from tests.browser.stage import Dashboards, Stage
from tests.disks import unavailable
from tests.running.lab_process import DashboardsProcess, LabProcess

if sys.platform != "linux":
    pytest.skip("what processes leave behind is looked up in /proc", allow_module_level=True)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running lab with nothing in it, which serves notebooks that tests write."""
    base = tmp_path_factory.mktemp("stage")
    process = LabProcess(base / "lab", base / "notebooks")
    try:
        yield Stage(process, base / "labs")
    finally:
        process.close()


@pytest.fixture(scope="module")
def dashboards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboards]:
    """The operator's and the clients' page over a lab of their own."""
    base = tmp_path_factory.mktemp("dashboards")
    process = DashboardsProcess(base / "lab", None)
    try:
        yield Dashboards(process)
    finally:
        process.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; for one file, as no other test could use asyncio beside it."""
    path = program()
    if path is None:
        unavailable(f"none of {', '.join(NAMES)} is installed; `make tools` says how to get one")
    assert path
    with launched(path) as running:
        yield running


@pytest.fixture
def watch() -> Watch:
    """What the pages of this test did that they should not have."""
    return Watch()


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a page for one more visitor: `open_page(theme="dark", size=NARROW)`."""
    made: list[BrowserContext] = []
    yield opener(browser, watch, made)
    for context in made:
        context.close()
    if watch.troubles:
        pytest.fail("\n".join(watch.troubles))


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page, wide and light."""
    return open_page()


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Window:
    """Themes, sizes, axe and pictures."""
    named = os.environ.get("PKILAB_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return Window(folder)
