"""Pages as `pkilab dashboards` serves them: a desk, and one with a button, cold or made ready beforehand."""

from __future__ import annotations

import http.cookiejar
import os
import secrets
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType

import nbformat
import playwright.sync_api as playwright
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.measure import PeerMissing, Side
from benchmarks.service import free_port
from pkilab.running import jupyter, probe, state, trust
from pkilab.running.dashboard.settings import Settings, save
from pkilab.running.program import QUICKLY

BUTTON = "import ipywidgets as widgets\nwidgets.Button(description='Where you stand')"
DESK = "from pkilab import Desk, Lab\nDesk(Lab().instance('MyCA', node='ca.lab.test'))"
SEEN = "Where you stand"
"""The name of a button that both pages show."""
_LIMIT = 120.0
_STILL = 1.0
"""Seconds for which a program has to do nothing, to be taken as one that waits."""


class Application(AbstractContextManager["Application"]):
    """The program behind a page, over a lab of its own. `pool` pages are made ready beforehand."""

    def __init__(self, folder: Path, cell: str, *, pool: int, lab: Path | None = None) -> None:
        self._base = folder / f"application-{secrets.token_hex(4)}"
        self._lab = lab or folder / "lab"
        self._bytecode = folder / "bytecode"
        self._port, self._token = free_port(), secrets.token_urlsafe(16)
        self._sockets = jupyter.sockets([])
        page = self._base / "page"
        state.private_folders(self._base, self._base / "config", self._base / "data", page)
        notebook = page / "page.ipynb"
        kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        written = new_notebook(cells=[new_code_cell(cell)], metadata={"kernelspec": kernel})  # type: ignore[no-untyped-call]  # nbformat ships no types
        nbformat.write(written, notebook)  # type: ignore[no-untyped-call]  # as above
        trust.prepare(self._base / "data")
        settings = Settings(
            name="page",
            title="Page",
            notebook=notebook,
            bind=probe.LOOPBACK,
            port=self._port,
            sockets=self._sockets,
            transport=jupyter.transport(self._sockets),
            pool=pool,
            idle=600.0,
            token=self._token,
            secret=secrets.token_hex(32),
        )
        save(settings, self._base)

    @property
    def url(self) -> str:
        """Return the page's address, which logs in."""
        return f"http://127.0.0.1:{self._port}/?token={self._token}"

    def __enter__(self) -> Application:
        """Start it, and return when it answers and does nothing any more."""
        environment = jupyter.with_places(self._base, self._base / "data", self._sockets, os.environ)
        # Installers compile what they install, and a checkout is compiled when it first runs. Where this variable is
        # set, it never would be, and each start of ours, but not of what is installed, would compile it anew.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._process = subprocess.Popen(
            [*QUICKLY, "pkilab.running.dashboard.application"],
            cwd=self._base,
            env={**environment, "PKILAB_HOME": str(self._lab), "PYTHONPYCACHEPREFIX": str(self._bytecode)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _LIMIT
        while not probe.http(self._port, "/healthz", probe.LOOPBACK):
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the page's application did not start")
            time.sleep(0.05)
        self.settle()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it and its kernels."""
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def settle(self) -> None:
        """Wait until it and its kernels compute nothing: whatever is made ready beforehand, is."""
        end = time.monotonic() + _LIMIT
        before, since = -1, time.monotonic()
        while time.monotonic() < since + _STILL:
            used = sum(map(_ticks, (self._process.pid, *self.kernels())))
            if used > before + 2:
                before, since = used, time.monotonic()
            if time.monotonic() > end:
                raise RuntimeError("the page's application never rests")
            time.sleep(0.05)

    def kernels(self) -> list[int]:
        """Return the processes of its kernels."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]

    def kernel_memory(self) -> float:
        """Return the MiB of main memory that its only kernel takes."""
        (pid,) = self.kernels()
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

    def html(self) -> float:
        """Return the seconds until a visitor, who is let in already, has the whole of the page's HTML."""
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        visitor = urllib.request.build_opener(jar, _Stay())
        with suppress(urllib.error.HTTPError):  # the redirect that lets in
            visitor.open(self.url, timeout=_LIMIT).close()
        address = self.url.partition("?")[0]
        began = time.perf_counter()
        with visitor.open(address, timeout=_LIMIT) as answer:
            text = answer.read()
        took = time.perf_counter() - began
        if b"</html>" not in text or b"widget-view+json" not in text:
            raise RuntimeError("that is not the page")
        return took


@contextmanager
def sides(
    folder: Path, kinds: Mapping[str, tuple[str, int]], measured: Callable[[Application], float]
) -> Iterator[Mapping[str, Side]]:
    """Serve these pages, each a cell and how many are made ready; give what measures each, by the same names."""
    with ExitStack() as running:
        applications = {
            name: running.enter_context(Application(folder, cell, pool=pool)) for name, (cell, pool) in kinds.items()
        }

        def once(application: Application) -> float:
            took = measured(application)
            application.settle()  # another page is made ready
            return took

        yield {name: partial(once, application) for name, application in applications.items()}


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect, so that letting in makes no page yet."""

    def redirect_request(self, *_: object) -> None:
        """Return no request to go on with."""


def _ticks(pid: int) -> int:
    """Return the processor time that a process took so far, in ticks."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def chromium() -> str:
    """Return the path of a Chromium.

    Raises:
        PeerMissing: there is none.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise PeerMissing("chromium is not installed; `make tools` says how to get it")
    return found


@contextmanager
def browser() -> Iterator[playwright.Browser]:
    """Run a Chromium without a window."""
    path = chromium()
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=options)
        try:
            yield started
        finally:
            started.close()


def visible(url: str) -> float:
    """Return the seconds until a page is seen in a browser that was just started; its start does not count."""
    with browser() as fresh:
        page = fresh.new_page()
        began = time.perf_counter()
        page.goto(url)
        page.get_by_role("button", name=SEEN).first.wait_for(timeout=_LIMIT * 1000)
        return time.perf_counter() - began
