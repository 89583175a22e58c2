"""How soon a page shows what happened, and how soon it answers while it works."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from itertools import count
from pathlib import Path

from playwright.sync_api import Page

from benchmarks import labs, pages, service
from benchmarks.measure import Comparison, Row, Side, Sizes
from pkilab.client.client import CAClient
from pkilab.model.dn import DN

_NEW, _BUSY = "a new request is seen", "an answer while a key is made"
_PENDING = "from pkilab import Desk, Lab\nDesk(Lab().instance('MyCA'), part='operator').pending()"
_SUBMIT = "from pkilab import Desk, Lab\nDesk(Lab().instance('Santiago')).submit()"
_PATIENCE = 60_000
# Opens and closes a fold, which the kernel does, as long as the page says that it works; how long each took, in ms.
_ASK = """async () => {
  const fold = [...document.querySelectorAll('.pkilab-fold')].find(each => each.textContent.includes('State'));
  const took = [];
  while (document.querySelector('.pkilab-busy')) {
    const open = fold.classList.contains('pkilab-open');
    const began = performance.now();
    fold.click();
    while (fold.classList.contains('pkilab-open') === open) {
      await new Promise(resolve => setTimeout(resolve, 2));
      if (!fold.isConnected) return took;  // the key is made, and the form gone
      if (performance.now() - began > 30000) throw new Error('no answer');
    }
    took.push(performance.now() - began);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return took;
}"""


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:  # noqa: ARG001 - there is nothing to size
    pages.chromium()
    bench = labs.lab_with_ca(folder / "lab")
    client = bench.lab.instance("Santiago", node="santiago.lab.test").client
    names = (f"Root{at}" for at in count(1))
    with (
        service.pkilab(bench.lab.path) as server,
        pages.Application(folder, _PENDING, pool=0, lab=bench.lab.path) as operators,
        pages.Application(folder, _SUBMIT, pool=0, lab=bench.lab.path) as clients,
        pages.browser() as browser,
    ):
        client.configure(host="localhost", port=server.port, contact=labs.CONTACT)
        operator, visitor = browser.new_page(), browser.new_page()
        for page, application in ((operator, operators), (visitor, clients)):
            page.goto(application.url)
            page.locator(".pkilab-live").wait_for(timeout=_PATIENCE)
            application.settle()
        yield {
            _NEW: lambda: _seen(operator, client, next(names)),
            _BUSY: lambda: _answered(visitor, names),
        }
    bench.close()


def _seen(operator: Page, client: CAClient, root: str) -> float:
    """Submit a request; return the milliseconds from the server's answer until the operator's page shows it."""
    operator.bring_to_front()
    client.submit(root=root, subject=DN(common_name=f"{root.lower()}.lab.test"), key_algorithm="ec-p256")
    began = time.perf_counter()
    operator.get_by_role("row").filter(has_text=root).first.wait_for(timeout=_PATIENCE)
    return (time.perf_counter() - began) * 1000


def _answered(visitor: Page, names: Iterator[str]) -> float:
    """Have RSA-4096 keys made by the page's form; return the milliseconds of the slowest answer meanwhile."""
    visitor.bring_to_front()
    while True:
        visitor.get_by_label("File root required", exact=True).fill(next(names))
        visitor.get_by_label("Common name").fill("santiago.lab.test")
        visitor.get_by_label("Key algorithm").select_option(label="RSA, 4096 bits: takes seconds to make")
        visitor.get_by_role("button", name="Make the key and send the request").click()
        visitor.locator(".pkilab-busy").wait_for(timeout=_PATIENCE)
        took: list[float] = visitor.evaluate(_ASK)
        visitor.get_by_role("button", name="Submit another request").click(timeout=_PATIENCE)
        if took:  # a key that was found at once left no time to ask
            return max(took)


ROW = Row(
    name="page-live",
    title="What a page shows by itself, and how it answers while it works",
    unit="milliseconds",
    method=(
        "An operator has the pending requests open in Chromium; a client submits one over the web service. Told is the "
        "time from the server's answer until its row is seen. And: the form *Submit a request* makes RSA-4096 keys, "
        "while a part of the same page is opened and closed again and again, which its kernel does. Told is the "
        "slowest answer, from the click until the page shows it."
    ),
    sizes={},
    quick={},
    sides=_sides,
    comparisons=(
        Comparison(what="a new request within", ours=_NEW, peer="", bound=2000, at_least=False),
        Comparison(what="an answer within", ours=_BUSY, peer="", bound=200, at_least=False),
    ),
    versions=lambda: {name: version(name) for name in ("voila", "ipywidgets", "playwright")},
)
