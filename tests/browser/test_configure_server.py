"""Configuring a CA server with real clicks, in Voilà and in JupyterLab; starting over; where you stand; the inbox."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from playwright.sync_api import Locator, Page, expect

from pkilab.lab import Lab
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from tests.browser.chromium import Watch, Window
from tests.browser.stage import Stage

PASSWORD = "correct horse of the browser"
HOSTILE = "<img src=x onerror=alert(1)>"

DESK = """
from pkilab import Desk, Lab
from pkilab.x509 import keys
one = keys.generate
keys.generate = lambda algorithm: [one(algorithm) for _ in range({often})][-1]
Desk(Lab({folder!r}).instance("MyCA", node="ca.lab.test"), part="operator")
"""
ALONE = """
from pkilab import Desk, Lab
desk = Desk(Lab({folder!r}).instance("MyCA", node="ca.lab.test"))
desk.configure_server()
"""


@pytest.fixture
def folder(stage: Stage) -> Path:
    """A lab of this test's own."""
    return stage.new_lab()


def operator(stage: Stage, page: Page, folder: Path, *, often: int = 1) -> None:
    """Open the operator's desk in Voilà; keys are made so often before one is used."""
    stage.open_in_voila(page, stage.notebook("operator", DESK.format(folder=str(folder), often=often)))
    expect(page.get_by_role("heading", name="Where you stand")).to_be_visible()


def task(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Tasks").get_by_role("button", name=name).click()


def step_one(page: Page, *, root: str = "MyCA", directory: str = "ca") -> None:
    expect(page.get_by_text("For training and tests, never for production.")).to_be_visible()
    page.get_by_label("File root").fill(root)
    page.get_by_label("Directory").fill(directory)
    page.get_by_role("button", name="Next").click()


def reload(page: Page, watch: Watch) -> None:
    """Reload the page of a notebook that JupyterLab's server shows by Voilà."""
    # There the beacon that would end the old kernel at once carries no XSRF token; culling ends it.
    watch.expect(r"403 \(Forbidden\).*/voila/api/shutdown/")
    page.reload()


def secret(page: Page, label: str) -> Locator:
    return page.get_by_label(f"{label} required", exact=True)


def configured(folder: Path) -> None:
    """Configure the CA server beside the page."""
    Lab(folder).instance("MyCA", node="ca.lab.test").server.configure(
        root="MyCA",
        directory="ca",
        password=PASSWORD,
        subject=DN(common_name="Training CA"),
        ca_days=3650,
        issued_days=365,
        key_algorithm=KeyAlgorithm.EC_P256,
    )


def test_a_new_ca_is_made_in_voila_and_the_page_answers_meanwhile(
    stage: Stage, page: Page, window: Window, folder: Path
) -> None:
    operator(stage, page, folder, often=4)
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "overview-empty")
    page.locator(".pkilab-main").get_by_role("button", name="Configure this server").click()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    expect(page.get_by_text("File root is needed. Directory is needed.", exact=True)).to_be_visible()
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "configure-one")
    step_one(page)

    expect(page.get_by_text("Neither MyCA.key nor MyCA.cer is in")).to_be_visible()
    made = page.get_by_role("button", name="Make the key and the certificate")
    secret(page, "Password").fill(PASSWORD)
    secret(page, "Password again").fill("correct hors")
    expect(page.get_by_text("The two passwords differ.").first).to_be_visible()
    expect(made).to_be_disabled()
    page.get_by_label("Common name").fill("Training CA")
    page.get_by_label("Country").select_option("Chile (CL)")
    page.get_by_label("CA certificate, in days").fill("1")
    expect(page.get_by_text("One issued today: until")).to_be_visible()
    page.get_by_label("Key algorithm").select_option("RSA, 4096 bits: stronger, slow to make")
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "configure-new")

    secret(page, "Password again").fill(PASSWORD)
    made.click()
    expect(page.get_by_text("Making the key and the certificate …")).to_be_visible()
    begun = time.monotonic()
    task(page, "Inbox")
    expect(page.get_by_role("heading", name="Inbox", level=2)).to_be_visible()
    answered = time.monotonic() - begun
    assert not Lab(folder).instance("MyCA").server.configured, "the page answered before four keys were made"
    assert answered < 2.0
    task(page, "Configure this server")
    done = page.locator(".pkilab-card", has_text="CA server MyCA is configured")
    expect(done).to_be_visible(timeout=90_000)
    certificate = x509.load_pem_x509_certificate((folder / "instances/MyCA/mgr/ca/MyCA.cer").read_bytes())
    assert certificate.public_key().key_size == 4096  # type: ignore[union-attr]  # an RSA key
    expect(done).to_contain_text(certificate.fingerprint(certificate.signature_hash_algorithm).hex(":").upper())  # type: ignore[arg-type]  # SHA-256
    done.get_by_text("Under the hood").click()
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "configure-done")
    assert PASSWORD not in page.content()


def test_the_second_step_comes_back_after_a_reload_without_passwords(
    stage: Stage, page: Page, watch: Watch, folder: Path
) -> None:
    operator(stage, page, folder)
    task(page, "Configure this server")
    step_one(page)
    secret(page, "Password").fill(PASSWORD)
    reload(page, watch)
    expect(page.get_by_text("Neither MyCA.key nor MyCA.cer is in")).to_be_visible()
    expect(secret(page, "Password")).to_have_value("")
    expect(page.get_by_role("button", name="Make the key and the certificate")).to_be_disabled()


def test_starting_over_is_confirmed_by_name_and_the_ca_is_taken_over_again(
    stage: Stage, page: Page, window: Window, folder: Path
) -> None:
    configured(folder)
    operator(stage, page, folder)
    expect(page.get_by_text("No requests wait; no certificates were issued.")).to_be_visible()
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "overview-configured")
    task(page, "Configure this server")
    page.get_by_role("button", name="Start over …").click()
    expect(page.get_by_text("All configuration of MyCA (mail password included)")).to_be_visible()
    over = page.get_by_role("button", name="Start over", exact=True)
    expect(over).to_be_disabled()
    page.get_by_label("Name of this instance").fill("myca")
    expect(page.get_by_text("Type MyCA to confirm.").last).to_be_visible()
    expect(over).to_be_disabled()
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "start-over")
    page.get_by_label("Name of this instance").fill("MyCA")
    over.click()
    expect(page.locator(".pkilab-card", has_text="CA server MyCA starts over")).to_contain_text("archive")
    page.get_by_role("button", name="Configure it again").click()
    step_one(page)
    expect(page.get_by_text("MyCA.key and MyCA.cer are both in")).to_be_visible()
    expect(page.get_by_label("Common name")).to_have_count(0)
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "configure-existing")
    page.get_by_role("button", name="Use them").click()
    expect(page.locator(".pkilab-card", has_text="CA server MyCA is configured")).to_be_visible()


def test_mail_appears_by_itself_and_hostile_mail_is_text(
    stage: Stage, page: Page, watch: Watch, window: Window, folder: Path
) -> None:
    configured(folder)
    lab = Lab(folder)
    lab.post.mailbox.prepare()
    operator(stage, page, folder)
    task(page, "Inbox")
    expect(page.get_by_text("No mail has come here.")).to_be_visible()
    expect(page.get_by_text("1 mail waits to be sent")).to_be_visible()
    content = (
        f"From: ana@lab.test\r\nSubject: {HOSTILE}\r\nMessage-ID: <1@x>\r\n\r\n{HOSTILE}\r\n<script>alert(2)</script>"
    )
    lab.post.mailbox.keep(content.encode(), sender="ana@lab.test", recipient="ca-admin@myca.lab.test", at=lab.clock())
    expect(page.locator("tbody").get_by_text(HOSTILE, exact=True)).to_be_visible(timeout=2_000)
    expect(page.get_by_role("button", name="Inbox 1 received")).to_be_visible()
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "inbox")
    page.get_by_role("button", name="Open the mail of").click()
    expect(page.get_by_role("region", name="Text")).to_contain_text("<script>alert(2)</script>")
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "mail")
    reload(page, watch)
    expect(page.get_by_role("region", name="Text")).to_contain_text(HOSTILE)
    page.get_by_role("button", name="Back to the inbox").click()
    expect(page.locator("tbody").get_by_text(HOSTILE, exact=True)).to_be_visible()


def test_a_new_ca_is_made_in_jupyterlab_and_the_notebook_holds_no_password(
    stage: Stage, open_page: Callable[..., Page], window: Window, folder: Path
) -> None:
    page = open_page()
    notebook = stage.notebook("configure", ALONE.format(folder=str(folder)))
    stage.open_in_jupyterlab(page, notebook)
    step_one(page)
    secret(page, "Password").fill(PASSWORD)
    secret(page, "Password again").fill(PASSWORD)
    page.get_by_label("Common name").fill("Training CA")
    page.get_by_label("Key algorithm").select_option("ECDSA, P-256: small and quick")
    window.axe(page, within=".jp-OutputArea")
    window.screenshots(page, "configure-jupyterlab", fits=False)
    page.get_by_role("button", name="Make the key and the certificate").click()
    expect(page.locator(".pkilab-card", has_text="CA server MyCA is configured")).to_be_visible()
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1_000)
    text = notebook.path.read_text()
    assert "desk.configure_server()" in text
    assert PASSWORD not in text


def test_what_a_button_led_to_is_in_view_on_a_low_page(stage: Stage, page: Page, folder: Path) -> None:
    operator(stage, page, folder)
    page.set_viewport_size({"width": 900, "height": 420})
    task(page, "Configure this server")
    step_one(page)
    secret(page, "Password").fill(PASSWORD)
    secret(page, "Password again").fill(PASSWORD)
    page.get_by_label("Common name").fill("Low CA")
    page.get_by_label("Key algorithm").select_option(label="ECDSA, P-256: small and quick")
    page.get_by_role("button", name="Make the key and the certificate").click()
    done = page.get_by_role("heading", name="CA server MyCA is configured")
    expect(done).to_be_in_viewport(ratio=1)
    expect(done).to_be_focused()
