"""The whole story on two pages at once: the operator's and a client's, from nothing to a certificate in a file."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Window
from tests.browser.stage import Dashboards

PASSWORD = "correct horse of the CA"
KEY_PASSWORD = "correct horse of Santiago"


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button that can be pressed."""
    page.get_by_role("button", name=name).click()


def task(page: Page, name: str) -> None:
    """Open a task of the desk."""
    page.get_by_role("navigation", name="Tasks").get_by_role("button", name=name).click()


def fill(page: Page, label: str, text: str) -> None:
    """Fill the field of this label."""
    page.get_by_label(label, exact=True).fill(text)


def heading(page: Page, words: str) -> Locator:
    """Find a heading."""
    return page.get_by_role("heading", name=words)


def downloaded(page: Page, name: str, folder: Path) -> bytes:
    """Press a download's button and return what the browser saved."""
    with page.expect_download() as waiting:
        press(page, name)
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target.read_bytes()


def configure(page: Page, window: Window) -> None:
    """The operator makes a CA."""
    fill(page, "Instance required", "MyCA")
    fill(page, "Host name", "ca.lab.test")
    press(page, "Open its desk")
    task(page, "Configure this server")
    window.axe(page)
    fill(page, "File root required", "MyCA")
    fill(page, "Directory required", "ca")
    press(page, "Next")
    fill(page, "Common name", "Training CA")
    page.get_by_label("Country").select_option(label="Chile (CL)")
    page.get_by_label("Key algorithm").select_option(label="ECDSA, P-256: small and quick")
    fill(page, "Password required", PASSWORD)
    fill(page, "Password again required", "something else")
    expect(page.get_by_text("The two passwords differ.").first).to_be_visible()
    window.screenshots(page, "story-configure-server")
    fill(page, "Password again required", PASSWORD)
    press(page, "Make the key and the certificate")
    expect(heading(page, "CA server MyCA is configured")).to_be_visible()
    window.axe(page)
    window.screenshots(page, "story-configured")
    task(page, "Pending requests")


def submit(page: Page, window: Window) -> str:
    """A visitor makes an instance, configures it, and sends a request; return the fingerprint that the page shows."""
    fill(page, "Instance required", "Santiago")
    window.axe(page)
    press(page, "Make a new instance")
    expect(page.get_by_text("is yours")).to_be_visible()
    window.axe(page)
    press(page, re.compile("I have noted it"))
    task(page, "Configure this client")
    expect(page.get_by_label("Server required", exact=True)).to_have_value("localhost")
    fill(page, "Contact name required", "Ana Rojas")
    fill(page, "Contact phone", "+56 2 5550 0142")
    press(page, "Test connection")
    expect(heading(page, "Reached MyCA")).to_be_visible()
    window.screenshots(page, "story-configure-client")
    press(page, "Save")
    press(page, "Get the CA certificate")
    expect(heading(page, "Get certificates")).to_be_visible()
    expect(page.get_by_text("was saved").first).to_be_visible()
    window.axe(page)
    window.screenshots(page, "story-get-ca")
    task(page, "Submit a request")
    window.axe(page)
    fill(page, "File root required", "SantiagoDev")
    fill(page, "Common name", "santiago.lab.test")
    fill(page, "Subject alternative names", "santiago.lab.test\n10.0.0.7")
    fill(page, "Password", KEY_PASSWORD)
    fill(page, "Password again", KEY_PASSWORD)
    window.screenshots(page, "story-submit")
    press(page, "Make the key and send the request")
    expect(heading(page, "was successfully submitted")).to_be_visible(timeout=30_000)
    window.axe(page)
    page.get_by_text("Under the hood").click()
    page.get_by_role("tab", name="openssl").click()
    expect(page.get_by_role("tabpanel", name="openssl")).to_contain_text("openssl req")
    window.screenshots(page, "story-submitted")
    fingerprint: str = page.locator("code.pkilab-fp").first.inner_text()
    return fingerprint


def verify_and_issue(page: Page, fingerprint: str, window: Window) -> None:
    """The operator sees the request appear, verifies it, and issues."""
    row = page.get_by_role("row").filter(has_text="SantiagoDev")
    expect(row).to_be_visible()
    window.axe(page)
    window.screenshots(page, "story-pending")
    row.get_by_role("button", name=re.compile("^Process")).click()
    expect(page.get_by_role("button", name="Issue the certificate")).to_be_disabled()
    for box in page.get_by_role("checkbox").all():
        box.check()
    fill(page, "Fingerprint required", "00" * 20)
    expect(page.get_by_text("does not match this request").first).to_be_visible()
    window.screenshots(page, "story-process-mismatch")
    fill(page, "Fingerprint required", fingerprint)
    expect(page.get_by_text("Matches this request")).to_be_visible()
    window.axe(page)
    window.screenshots(page, "story-process")
    press(page, "Issue the certificate")
    fill(page, "Password required", "wrong")
    press(page, re.compile("^Issue$"))
    expect(page.get_by_text("The password does not open MyCA.key")).to_be_visible(timeout=20_000)
    expect(page.get_by_label("Password required", exact=True)).to_have_value("")
    fill(page, "Password required", PASSWORD)
    press(page, re.compile("^Issue$"))
    expect(heading(page, "was issued")).to_be_visible(timeout=20_000)
    window.axe(page)
    window.screenshots(page, "story-issued")


def test_from_nothing_to_a_certificate_in_a_file(
    dashboards: Dashboards, open_page: Callable[..., Page], window: Window, tmp_path: Path
) -> None:
    operator, client = open_page(), open_page()
    operator.goto(dashboards.operator)
    configure(operator, window)
    client.goto(dashboards.clients)
    fingerprint = submit(client, window)
    sent = time.monotonic()
    expect(operator.get_by_role("row").filter(has_text="SantiagoDev")).to_be_visible()
    assert time.monotonic() - sent < 30  # figures are in benchmarks/
    press(client, "Wait for the certificate")
    expect(heading(client, "Waiting for the certificate of SantiagoDev")).to_be_visible()
    client.reload()  # what was waited for is waited for again
    expect(heading(client, "Waiting for the certificate of SantiagoDev")).to_be_visible(timeout=30_000)
    verify_and_issue(operator, fingerprint, window)
    press(client, "Get it")
    expect(client.get_by_text("belongs to the key").first).to_be_visible()
    window.axe(client)
    window.screenshots(client, "story-fetched")
    certificate = x509.load_pem_x509_certificate(downloaded(client, "Download the certificate", tmp_path))
    key = load_pem_private_key(downloaded(client, "Download the private key", tmp_path), password=KEY_PASSWORD.encode())
    assert certificate.public_key() == key.public_key()
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["santiago.lab.test"]
    (issuer,) = x509.load_pem_x509_certificates(operator.request.get(f"{service(dashboards)}/MyCA/api/chain").body())
    certificate.verify_directly_issued_by(issuer)


def service(dashboards: Dashboards) -> str:
    """Return the address of the lab's web service."""
    from pkilab.lab import Lab

    running = Lab(dashboards.path).status().dashboards
    assert running
    return next(part.url for part in running.parts if part.name == "web")
