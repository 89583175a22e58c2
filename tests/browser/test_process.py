"""Two operators at one queue, in Voilà: reading, verifying, issuing, deleting; and a request that holds scripts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from playwright.sync_api import Locator, Page, expect

from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.request import RequestState
from tests.browser.chromium import Watch, Window
from tests.browser.stage import Notebook, Stage
from tests.scene import CA_PASSWORD, Clock, Scene, verified

HOSTILE = "<img src=x onerror=document.title='ran'><script>document.title='ran'</script>"
SOON = 2_000
"""Milliseconds within which a page shows what somebody else did."""


class Now(Clock):
    """The time that the pages' kernels have."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture(scope="module")
def scene(stage: Stage) -> Scene:
    """A CA with requests: two from a person, one from somebody who tries scripts, and three to be issued together."""
    scene = Scene(stage.new_lab(), clock=Now())
    scene.configure()
    for root in ("SantiagoDev", "Lima"):
        scene.submit(root, sans=(f"DNS:{root.lower()}.lab.test", "IP:10.0.0.7"))
    contact = Contact(HOSTILE, phone=HOSTILE[:60], email="nobody@lab.test")
    subject = DN(common_name=HOSTILE[:64], organization=HOSTILE[:64], organizational_unit=HOSTILE[:64])
    scene.submit("Hostile", subject=subject, contact=contact, claimed=f"/CN={HOSTILE.replace('/', '')}")
    for root in ("One", "Two", "Three"):
        scene.submit(root)
    return scene


@pytest.fixture(scope="module")
def desk(stage: Stage, scene: Scene) -> Notebook:
    return stage.notebook(
        "operator",
        f"from pkilab import Desk, Lab\nDesk(Lab({str(scene.path)!r}).instance('MyCA'), part='operator')",
    )


@pytest.fixture
def queue(stage: Stage, desk: Notebook) -> Callable[[Page], None]:
    """Open the operator's desk at the pending requests."""

    def opened(page: Page) -> None:
        stage.open_in_voila(page, desk)
        task(page, "Pending requests")
        expect(page.get_by_role("table", name="Pending requests")).to_be_visible()

    return opened


def task(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Tasks").get_by_role("button", name=name).click()


def row(page: Page, root: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_text(root, exact=True))


def process(page: Page, root: str) -> None:
    row(page, root).get_by_role("button", name=re.compile("^Process")).click()
    expect(page.get_by_role("heading", name="Process a request")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def acknowledge(page: Page) -> None:
    for words in ("I have made sure", "They may hold", "It is for this purpose"):
        page.get_by_label(words).check()


def test_two_operators_and_one_request(
    queue: Callable[[Page], None], scene: Scene, open_page: Callable[..., Page], window: Window, tmp_path: Path
) -> None:
    one, other = open_page(), open_page()
    for page in (one, other):
        queue(page)
    window.axe(one, within="#rendered_cells")
    window.screenshots(one, "process-pending")
    for page in (one, other):
        process(page, "SantiagoDev")
    expect(one.get_by_role("button", name="Issue the certificate")).to_be_disabled()
    window.axe(one, within="#rendered_cells")
    window.screenshots(one, "process-read")
    acknowledge(one)
    one.get_by_label("Fingerprint required").fill("ab" * 32)
    expect(one.get_by_text("✗ Does not match this request")).to_be_visible(timeout=SOON)
    expect(one.get_by_role("button", name="Issue the certificate")).to_be_disabled()
    press(one, "Record the mismatch")
    expect(one.get_by_text("The fingerprint does not match request 1.")).to_be_visible()
    assert scene.ca.journal()[-1].act == "fingerprint did not match"
    window.axe(one, within="#rendered_cells")
    window.screenshots(one, "process-mismatch")
    one.get_by_label("Fingerprint required").fill(scene.ca.request(1).fingerprint.sha1.lower().replace(":", " "))
    expect(one.get_by_text("✓ Matches this request (SHA-1)")).to_be_visible(timeout=SOON)
    one.get_by_role("radio", name="Intermediate Certificate Authority").click()
    expect(one.get_by_label("Path length")).to_be_visible()
    one.get_by_role("radio", name="TLS/SSL and XML security").click()
    expect(one.get_by_label("It is for this purpose")).not_to_be_checked()
    one.get_by_label("It is for this purpose").check()
    window.screenshots(one, "process-verify")
    press(one, "Issue the certificate")
    expect(other.get_by_text("✓ Verified for TLS/SSL").first).to_be_visible(timeout=5 * SOON)
    one.get_by_label("Password required").press("Enter")
    expect(one.get_by_text("Password is needed.").first).to_be_visible()
    one.get_by_label("Password required").fill("correct horse of nobody")
    one.get_by_label("Password required").press("Enter")
    expect(one.get_by_text("The password does not open MyCA.key")).to_be_visible(timeout=20_000)
    expect(one.get_by_label("Password required")).to_have_value("")
    window.axe(one, within="#rendered_cells")
    window.screenshots(one, "process-password")
    one.get_by_label("Password required").fill(CA_PASSWORD)
    one.get_by_label("Password required").press("Enter")
    expect(one.get_by_role("heading", name="Certificate number 1 was issued")).to_be_visible(timeout=20_000)
    expect(other.get_by_text("issued it as number 1").first).to_be_visible(timeout=5 * SOON)
    expect(other.get_by_role("checkbox")).to_have_count(0)
    window.axe(one, within="#rendered_cells")
    window.axe(other, within="#rendered_cells")
    window.screenshots(one, "process-issued")
    window.screenshots(other, "process-gone")
    with one.expect_download() as waiting:
        press(one, "Download it as DER")
    waiting.value.save_as(tmp_path / "it.der")
    assert x509.load_der_x509_certificate((tmp_path / "it.der").read_bytes()).serial_number == 1


def test_a_hostile_request_is_only_text_and_a_reload_opens_it_again(
    queue: Callable[[Page], None], scene: Scene, page: Page, window: Window, watch: Watch
) -> None:
    queue(page)
    title = page.title()
    process(page, "Hostile")
    expect(page.get_by_text("<img src=x").first).to_be_visible()
    window.screenshots(page, "process-hostile")
    window.axe(page, within="#rendered_cells")
    page.get_by_text("The request itself").click()
    press(page, "Show its fingerprints")
    expect(page.locator("code.pkilab-read-only").first).to_be_visible()
    expect(page.locator(".pkilab-column .pkilab-copy")).to_have_count(0)
    page.get_by_label("Fingerprint required").fill("12 34")
    page.get_by_label("I have made sure").check()
    watch.expect("403")  # Voilà's shutdown of the kernel that is left, which is culled instead
    page.reload()
    expect(page.get_by_role("heading", name="Process a request")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("<img src=x").first).to_be_visible()
    expect(page.get_by_label("I have made sure")).not_to_be_checked()
    expect(page.get_by_label("Fingerprint required")).to_have_value("")
    expect(page.locator("code.pkilab-read-only")).to_have_count(0)
    assert page.title() == title
    assert page.locator(".pkilab-frame img, .pkilab-frame script").count() == 0
    press(page, "Delete the request…")
    page.get_by_label("Reason").fill("Nobody knows it.")
    window.axe(page, within="#rendered_cells")
    window.screenshots(page, "process-delete")
    press(page, "Delete the request")
    expect(page.get_by_role("heading", name="request 3, deleted")).to_be_visible()
    assert scene.ca.request(3).state is RequestState.DELETED


def test_several_are_issued_and_looked_at(
    queue: Callable[[Page], None], scene: Scene, page: Page, window: Window
) -> None:
    queue(page)
    for request in [each for each in scene.ca.pending() if each.root in {"One", "Two", "Three"}]:
        scene.ca.verify(request.id, usage="tls", verified=verified(request))
    expect(page.get_by_label(re.compile("^Choose request .*Three$"))).to_be_visible(timeout=5 * SOON)
    sent = time.monotonic()
    scene.submit("Late")
    expect(page.get_by_text("Late", exact=True)).to_be_visible(timeout=5 * SOON)
    assert time.monotonic() - sent < 10
    page.get_by_label(re.compile("^Choose request .*One$")).check()
    page.get_by_label(re.compile("^Choose request .*Three$")).check()
    page.get_by_label("Password required").fill(CA_PASSWORD)
    window.screenshots(page, "process-several")
    press(page, "Issue the chosen ones")
    expect(page.get_by_role("heading", name="2 certificates were issued")).to_be_visible(timeout=20_000)
    window.axe(page, within="#rendered_cells")
    window.screenshots(page, "process-together")
    task(page, "Issued certificates")
    expect(page.get_by_role("row").filter(has_text="Three")).to_be_visible()
    window.axe(page, within="#rendered_cells")
    window.screenshots(page, "process-certificates")
    page.get_by_label("Search").fill("three")
    expect(page.get_by_role("row").filter(has_text="One")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Look at it")).click()
    expect(page.get_by_role("heading", name="Chain of trust")).to_be_visible()
    window.axe(page, within="#rendered_cells")
    window.screenshots(page, "process-certificate")
