"""Chromium as the tests drive it, and what a page may not do in them: ask the internet for anything, or complain."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebSocket, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, Theme] = ("light", "dark")
WIDE = (1280, 800)
NARROW = (420, 800)
_HERE = {"127.0.0.1", "localhost"}
_HARMLESS = {"about", "blob", "chrome", "chrome-error", "data"}
_SECONDS = 20.0


def program() -> str | None:
    """The path of a Chromium, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """A Chromium without a window, for which no name but this machine's resolves."""
    options = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            browser.close()


class Watch:
    """What all pages of a test did that they should not have: see `troubles`."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        """Addresses beyond this machine that were asked for."""
        self.complaints: list[str] = []
        """What stood on the console as an error, and what scripts did not catch."""
        self._expected: list[str] = []

    def expect(self, pattern: str) -> None:
        """From now on, and looking back, errors that match are meant: the test provokes them."""
        self._expected.append(pattern)

    @property
    def troubles(self) -> list[str]:
        """What a test has to fail for."""
        outside = [f"asked beyond this machine: {address}" for address in self.outside]
        ours = [each for each in self.complaints if not any(re.search(pattern, each) for pattern in self._expected)]
        return outside + ours

    def over(self, context: BrowserContext) -> None:
        """Watch all pages of a context."""
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"not caught: {error.error.stack}"))
        context.on("page", lambda page: page.on("websocket", self._websocket))

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _websocket(self, socket: WebSocket) -> None:
        self._address(socket.url)

    def _address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in _HARMLESS and parts.hostname not in _HERE:
            self.outside.append(address)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location.get("url", "")
            self.complaints.append(f"on the console: {message.text} ({place})")


class Window:
    """A page that stays in view: switch its theme and size, judge it, take its picture."""

    def __init__(self, pictures: Path) -> None:
        self._pictures = pictures

    def theme(self, page: Page, theme: Theme) -> None:
        """Prefer light or dark, and wait until the page follows."""
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(
            "light => document.body.dataset.jpThemeLight === undefined || document.body.dataset.jpThemeLight === light",
            arg=str(theme == "light").lower(),
        )
        # JupyterLab loads a style sheet for it, behind a curtain.
        page.locator("#jupyterlab-splash").wait_for(state="detached")
        page.wait_for_function("() => [...document.querySelectorAll('link[rel=stylesheet]')].every(link => link.sheet)")
        page.wait_for_timeout(100)

    def axe(self, page: Page, *, within: str = "body", but: tuple[str, ...] = ()) -> None:
        """Fail on what axe finds serious or critical below the CSS selector `within`, in light and in dark.

        `but` names rules that other people's code breaks there; say which and why where you name one.
        """
        found = []
        for theme in THEMES:
            self.theme(page, theme)
            found += [f"{theme}: {each}" for each in violations(page, within=within, but=but)]
        self.theme(page, "light")
        assert not found, "axe found:\n" + "\n".join(found)

    def screenshots(self, page: Page, name: str, *, fits: bool = True, height: int = 800) -> list[Path]:
        """Take the whole page wide and narrow, light and dark: `<name>-<wide|narrow>-<theme>.png`.

        With `fits`, fail if it scrolls sideways when it is narrow. `height` is the window's, for a page such as
        JupyterLab's, of which what scrolls is a part.
        """
        taken = []
        sideways = False
        for label, width in (("wide", WIDE[0]), ("narrow", NARROW[0])):
            page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                self.theme(page, theme)
                path = self._pictures / f"{name}-{label}-{theme}.png"
                page.screenshot(path=path, full_page=True, animations="disabled")
                taken.append(path)
            sideways = page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        self.theme(page, "light")
        assert not (fits and sideways), f"{name} scrolls sideways at {NARROW[0]} px"
        return taken


def violations(page: Page, *, within: str, but: tuple[str, ...] = ()) -> list[str]:
    """What axe finds serious or critical, a line each: the rule, where, and what it says."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in but}}
    run = "([within, options]) => axe.run({include: [[within]]}, options)"
    found: list[dict[str, Any]] = page.evaluate(run, [within, options])["violations"]
    return [
        f"{each['id']} ({each['impact']}) at {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


def opener(browser: Browser, watch: Watch, made: list[BrowserContext]) -> Callable[..., Page]:
    """A function that opens a page in a context of its own: another visitor, with cookies of their own."""

    def open_page(*, theme: Theme = "light", size: tuple[int, int] = WIDE) -> Page:
        context = browser.new_context(color_scheme=theme, viewport={"width": size[0], "height": size[1]})
        made.append(context)
        context.set_default_timeout(_SECONDS * 1000)
        watch.over(context)
        return context.new_page()

    return open_page
