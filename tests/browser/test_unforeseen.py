"""What nobody foresaw: the page says it in a sentence with an id, the lab's log has the rest, in both hosts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Window
from tests.browser.stage import Stage

SLOW = 30_000

# The CA server that stands behind a form is replaced by one that fails as no code foresees.
BROKEN = """
from pkilab import Desk, Lab

class Broken:
    fails = ""
    def __init__(self, server): self._server = server
    def __getattr__(self, name):
        if name == self.fails:
            raise RuntimeError("the entrails of " + name)
        return getattr(self._server, name)

page = Desk(Lab({lab!r}).instance("MyCA", node="ca.lab.test"), part="operator").configure_server()
page.form.server = broken = Broken(page.form.server)
broken.fails = {fails!r}
page
"""


def log_of(lab: Path, name: str) -> str:
    """Return what the lab's log has under an id, up to the next one."""
    text = (lab / "run" / "desk.log").read_text()
    return text.partition(f"unforeseen [{name}]")[2].partition("unforeseen [")[0]


def told(page: Page) -> str:
    """Wait for the sentence, and return the id in it."""
    sentence = page.locator(".pkilab-said", has_text="did not foresee")
    expect(sentence).to_be_visible(timeout=SLOW)
    found = re.search(r"run/desk\.log in the lab's folder\) under the id ([0-9a-f]{8})\.", sentence.inner_text())
    assert found, sentence.inner_text()
    return found[1]


@pytest.mark.parametrize("host", ["voila", "jupyterlab"])
@pytest.mark.parametrize("fails", ["look", "configured"], ids=["an-act", "a-refresh"])
def test_a_page_tells_an_id_and_the_log_has_the_traceback_under_it(
    stage: Stage, page: Page, window: Window, host: str, fails: str
) -> None:
    lab = stage.new_lab()
    notebook = stage.notebook(f"broken-{fails}", BROKEN.format(lab=str(lab), fails=fails))
    (stage.open_in_voila if host == "voila" else stage.open_in_jupyterlab)(page, notebook)
    if fails == "look":
        page.get_by_label("File root required", exact=True).fill("MyCA")
        page.get_by_label("Directory required", exact=True).fill("ca")
        page.get_by_role("button", name="Next", exact=True).click()
    name = told(page)
    window.axe(page, within=".pkilab-frame")
    window.screenshots(page, f"unforeseen-{host}-{fails}", fits=host == "voila")
    shown = page.locator(".pkilab-frame").inner_html()
    assert "RuntimeError" not in shown
    assert "Traceback" not in shown
    assert "entrails" not in shown
    logged = log_of(lab, name)
    assert logged.strip().startswith("Traceback (most recent call last):")
    assert f"RuntimeError: the entrails of {fails}" in logged
