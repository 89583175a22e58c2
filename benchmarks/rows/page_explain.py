"""How long it takes until a long revocation list is explained on the page, against what openssl takes to print it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import playwright.sync_api as playwright

from benchmarks import labs, pages, peers
from benchmarks.measure import Comparison, Row, Side, Sizes
from pkilab.lab import utc_now
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.model.revocation import Entry, RevocationReason
from pkilab.x509 import crl, issue, keys

_PAGE, _SCROLLED, _OPENSSL = "Explain on the desk", "forty steps of scrolling", "openssl crl -text"
_LIMIT = 60_000
"""Milliseconds."""
_STEPS = """async () => {
  const box = document.querySelector(".pkilab-lens-tree");
  const next = () => new Promise((done) => requestAnimationFrame(done));
  const began = performance.now();
  for (let at = 1; at <= 40; at += 1) {
    box.scrollTop = box.scrollHeight * at / 40;
    box.dispatchEvent(new Event("scroll"));
    await next();
  }
  return performance.now() - began;
}"""
_DESK = "from pkilab import Desk, Lab\nDesk(Lab().instance('MyCA', node='ca.lab.test'), part='operator')"


@contextmanager
def _sides(sizes: Sizes, folder: Path) -> Iterator[Mapping[str, Side]]:
    file, openssl = folder / "long.crl", peers.program("openssl")
    file.write_bytes(_list(sizes["listed"]))
    labs.lab_with_ca(folder / "lab").close()

    def printed() -> float:
        began = perf_counter()
        subprocess.run(
            [openssl, "crl", "-inform", "DER", "-in", str(file), "-noout", "-text"],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return perf_counter() - began

    with pages.Application(folder, _DESK, pool=1) as application, pages.browser() as browser:

        def measured(*, scroll: bool) -> float:
            with browser.new_context() as context:
                opened, scrolled = _explained(context.new_page(), application.url, file)
            application.settle()
            return scrolled if scroll else opened

        yield {
            _PAGE: lambda: measured(scroll=False),
            _SCROLLED: lambda: measured(scroll=True),
            _OPENSSL: printed,
        }


def _explained(page: playwright.Page, url: str, file: Path) -> tuple[float, float]:
    """Return the seconds until a file is explained, and those of scrolling through all of its fields afterwards."""
    page.goto(url)
    page.get_by_role("button", name="Explain", exact=True).click(timeout=_LIMIT)
    page.get_by_label("What", exact=True).select_option("Something of your own, pasted or uploaded", timeout=_LIMIT)
    began = perf_counter()
    page.get_by_label("Choose a file").set_input_files(file)
    fields = page.get_by_role("tree", name="Fields")
    fields.get_by_role("treeitem", name=re.compile("tbsCertList")).wait_for(timeout=_LIMIT)
    page.locator(".pkilab-lens-octet").first.wait_for(timeout=_LIMIT)
    opened = perf_counter() - began
    fields.get_by_role("treeitem", name=re.compile("tbsCertList")).click()
    fields.get_by_role("treeitem", name=re.compile("revokedCertificates")).click(timeout=_LIMIT)
    page.wait_for_timeout(300)  # its entries come
    return opened, page.evaluate(_STEPS) / 1000


def _list(entries: int) -> bytes:
    now = utc_now().replace(microsecond=0)
    key = keys.generate(KeyAlgorithm.EC_P256)
    root = issue.root(key, DN(common_name="Training CA"), days=3650, serial=1, now=now)
    reason = RevocationReason.KEY_COMPROMISE
    revoked = crl.encode(Entry((1 << 120) + at, now, reason) for at in range(entries))
    signer = issue.signer(root, key)
    return crl.sign(signer, revoked, number=1, this_update=now, next_update=now + timedelta(days=30))


ROW = Row(
    name="page-explain",
    title="A revocation list of 2 MB, explained on the page",
    unit="seconds",
    method=(
        "On an operator's desk in a browser: from choosing the file until its fields and its octets can be seen and "
        "used. The list has 42,000 entries, scrolled through in forty steps then, each drawn before the next. "
        "For comparison the time in which `openssl` writes the same as text to nowhere."
    ),
    sizes={"listed": 42_000},
    quick={"listed": 100},
    sides=_sides,
    comparisons=(
        Comparison(what="until it is there", ours=_PAGE, peer="", bound=2, at_least=False),
        Comparison(what="forty steps of scrolling", ours=_SCROLLED, peer="", bound=2, at_least=False),
        Comparison(what="against printing it", ours=_PAGE, peer=_OPENSSL, bound=None, at_least=False),
    ),
    versions=lambda: {"anywidget": version("anywidget")},
)
