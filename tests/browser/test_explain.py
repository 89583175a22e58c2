"""Explain in a browser: by keyboard alone, by mouse, wide and narrow; a list of 2 MB; what if, and comparing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Locator, Page, expect

from pkilab.forms.parts.panes import Panes
from pkilab.lab import Lab
from pkilab.model.request import pem
from pkilab.x509 import keys
from tests.browser.chromium import NARROW, WIDE, Window
from tests.browser.stage import Dashboards, Stage
from tests.scene import CA_PASSWORD, Scene
from tests.x509 import samples

DESK = """
from pkilab import Desk, Lab
Desk(Lab({folder!r}).instance("MyCA", node="ca.lab.test"), part="operator")
"""
CELL = """
from pkilab import Lab
Lab({folder!r}).instance("MyCA", node="ca.lab.test").server.certificate(1).explain()
"""
PATIENCE = 60_000
ENTRIES = 42_000


@pytest.fixture(scope="module")
def folder(stage: Stage) -> Path:
    """A lab with a certificate and a revocation list."""
    folder = stage.new_lab()
    scene = Scene(folder)
    scene.clock.now = datetime.now(UTC).replace(microsecond=0)
    scene.configure()
    scene.issue(scene.submit())
    scene.ca.publish_crl(password=CA_PASSWORD)
    return folder


@pytest.fixture(scope="module")
def long_list() -> bytes:
    """A revocation list of 2 MB."""
    now = datetime.now(UTC)
    reason = x509.CRLReason(x509.ReasonFlags.key_compromise)
    entry = x509.RevokedCertificateBuilder().revocation_date(now).add_extension(reason, critical=False)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Training CA")])
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=name,
        last_update=now,
        next_update=now + timedelta(days=7),
        revoked_certificates=[entry.serial_number((1 << 120) + at).build() for at in range(ENTRIES)],
    )
    signed = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def explain(stage: Stage, page: Page, folder: Path) -> None:
    """Open the operator's desk in Voilà at *Explain*."""
    stage.open_in_voila(page, stage.notebook("explain", DESK.format(folder=str(folder))))
    opened(page)


def opened(page: Page) -> None:
    """Go to *Explain* on a desk."""
    tasks = page.get_by_role("navigation", name="Tasks")
    expect(tasks).to_be_visible(timeout=PATIENCE)
    fold = tasks.get_by_role("button", name="Tasks:", expanded=False)  # narrow pages have the tasks behind a button
    if fold.is_visible():
        fold.click()
    tasks.get_by_role("button", name="Explain", exact=True).click(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Explain", exact=True)).to_be_visible()


def certificate(page: Page) -> None:
    page.get_by_label("Number").fill("1")
    page.get_by_role("button", name="Explain it").click()
    expect(tree(page).get_by_role("treeitem").first).to_be_visible(timeout=PATIENCE)


def tree(page: Page) -> Locator:
    return page.get_by_role("tree", name="Fields")


def octets(page: Page) -> Locator:
    return page.get_by_role("grid", name="Octets")


def told(page: Page) -> Locator:
    return page.get_by_role("region", name="Explanation")


def active(page: Page, where: Locator) -> str:
    """What a screen reader is led to in a tree or grid."""
    name = where.get_attribute("aria-activedescendant")
    assert name, "nothing is active"
    return page.locator(f"id={name}").inner_text()


def test_the_keyboard_alone_reaches_and_explains_every_field(stage: Stage, page: Page, folder: Path) -> None:
    explain(stage, page, folder)
    certificate(page)
    page.get_by_label("Search", exact=True).focus()
    for _ in range(8):
        if page.evaluate("() => document.activeElement.getAttribute('role')") == "tree":
            break
        page.keyboard.press("Tab")
    expect(tree(page)).to_be_focused()
    lines = Lab(folder).instance("MyCA").server.certificate(1).explain()
    nodes, panes = list(lines.tree.walk()), Panes(lines.tree)
    for at, node in enumerate(nodes):  # each is reached and explained
        row = panes.row(node)
        expect(tree(page).locator(".pkilab-active")).to_contain_text(
            f"{row['name']}{row['value'] and ': '}{row['value']}"
        )
        page.keyboard.press("Enter")
        expect(told(page)).to_contain_text(f"{node.header + node.length:,} octets from {node.offset} ")
        if at % 10 == 0:
            expect(tree(page).get_by_role("treeitem", selected=True)).to_have_count(1)
        if node.children:
            here = tree(page).locator(".pkilab-active")
            if here.get_attribute("aria-expanded") == "false":
                page.keyboard.press("ArrowRight")
            expect(here).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    assert "Certificate" in active(page, tree(page))
    page.keyboard.press("ArrowLeft")
    expect(tree(page).get_by_role("treeitem")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(octets(page)).to_be_focused()
    for key in ("Control+Home", "ArrowDown", "ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"):
        page.keyboard.press(key)
    assert active(page, octets(page)) == f"{lines.tree.data[16]:02X}"
    page.keyboard.press("Control+End")
    assert active(page, octets(page)) == f"{lines.tree.data[-1]:02X}"
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("Certificate/signatureValue")


def test_the_keyboard_is_led_to_the_fields_that_were_asked_for(
    stage: Stage, page: Page, folder: Path, tmp_path: Path
) -> None:
    explain(stage, page, folder)
    page.get_by_label("Number").fill("1")
    expect(page.get_by_role("button", name="Explain it")).to_be_enabled()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(tree(page)).to_be_focused(timeout=PATIENCE)
    row = tree(page).get_by_role("treeitem", name=re.compile("keyUsage, critical"))
    expect(row).to_be_visible()  # the extensions are open from the beginning
    page.get_by_role("button", name="Explain something else").click()
    page.get_by_label("What", exact=True).select_option("Something of your own, pasted or uploaded")
    file = tmp_path / "sealed.key"
    file.write_bytes(keys.dump(samples.key(), CA_PASSWORD))
    page.get_by_label("Choose a file").set_input_files(file)
    expect(tree(page)).to_be_focused(timeout=PATIENCE)
    page.get_by_label("Password").first.fill(CA_PASSWORD)
    page.keyboard.press("Enter")
    expect(tree(page).get_by_role("treeitem", name=re.compile("^.?PrivateKeyInfo"))).to_be_visible(timeout=PATIENCE)
    expect(tree(page)).to_be_focused()


def test_the_mouse_links_both_sides_and_what_if_tells_what_breaks(
    stage: Stage, page: Page, window: Window, folder: Path
) -> None:
    explain(stage, page, folder)
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "explain-choose")
    certificate(page)
    page.get_by_label("Search", exact=True).fill("basicConstraints")
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("may not sign other certificates")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    expect(octets(page).locator(".pkilab-found").first).to_be_visible()
    tree(page).get_by_role("treeitem", name=re.compile("^.?subject:")).hover()
    expect(octets(page).locator(".pkilab-near").first).to_be_visible()
    octets(page).locator(".pkilab-far").last.click()
    expect(told(page)).to_contain_text("Certificate/tbsCertificate/extensions")
    page.get_by_label("Search in").select_option("octets in hex")
    page.get_by_label("Search", exact=True).fill("55 1d 13")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 1")).to_be_visible()
    tree(page).get_by_role("treeitem", name=re.compile("basicConstraints, critical")).click()
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "explain-lens", height=1500)

    page.get_by_role("button", name="What if it said TRUE?").first.click()
    expect(page.get_by_label("What is changed")).to_be_focused()
    page.get_by_role("radio", name="Is made anew by the CA").click()
    page.get_by_label("Password").fill(CA_PASSWORD)
    page.get_by_role("button", name="Change it and ask the verifiers").click()
    verdicts = page.get_by_role("table", name="What the verifiers say")
    expect(verdicts).to_be_visible(timeout=PATIENCE)
    expect(verdicts.get_by_role("row").nth(1)).to_contain_text("accepted")
    expect(verdicts.get_by_role("row").nth(1)).to_contain_text("refused")
    page.get_by_role("button", name="Compare with its request").click()
    expect(page.get_by_role("table", name="What differs")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Show keyUsage").click()
    expect(told(page)).to_contain_text("Key usage")
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "explain-what-if", height=2600)
    page.get_by_role("button", name="Explain something else").click()
    expect(page.get_by_role("heading", name="Compare with another")).to_have_count(0)  # it asks for a what, too
    page.get_by_label("What", exact=True).select_option("The CA's own certificate")
    expect(page.get_by_label("Number")).not_to_be_visible()
    page.get_by_role("button", name="Explain it").click()
    expect(page.get_by_text("A CA is judged by what was issued below it: here by certificate 1")).to_be_visible(
        timeout=PATIENCE
    )
    page.get_by_label("What is changed").select_option("A CA with path length 0")
    page.get_by_role("button", name="Change it and ask the verifiers").click()
    of_server = page.get_by_role("table", name="What the verifiers say of certificate 1")
    expect(of_server).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("The path length alone changes no verdict")).to_be_visible()
    window.axe(page, within=".pkilab-desk")
    window.screenshots(page, "explain-ca", height=1900)
    assert CA_PASSWORD not in page.content()
    assert Lab(folder).instance("MyCA").server.certificates().total == 1


def test_of_a_list_of_two_megabytes_only_what_is_seen_is_drawn(
    stage: Stage, page: Page, folder: Path, tmp_path: Path, long_list: bytes
) -> None:
    assert len(long_list) > 2_000_000
    file = tmp_path / "long.crl"
    file.write_bytes(long_list)
    explain(stage, page, folder)
    page.get_by_label("What", exact=True).select_option("Something of your own, pasted or uploaded")
    page.get_by_label("Choose a file").set_input_files(file)
    row = tree(page).get_by_role("treeitem", name=re.compile("revokedCertificates"))
    expect(tree(page).get_by_role("treeitem", name=re.compile("tbsCertList"))).to_be_visible(timeout=PATIENCE)
    expect(octets(page).locator(".pkilab-lens-octet").first).to_have_text("30", timeout=PATIENCE)
    tree(page).get_by_role("treeitem", name=re.compile("tbsCertList")).click()
    row.click(timeout=PATIENCE)
    expect(row).to_have_attribute("aria-expanded", "true")
    assert page.locator(".pkilab-lens-row").count() < 60
    assert page.locator(".pkilab-lens-line").count() < 60
    assert 10 < page.evaluate(_SCROLL, [".pkilab-lens-tree", 40]) < 60
    tree(page).press("End")
    expect(tree(page).locator(".pkilab-active")).to_contain_text("signatureValue")
    octets(page).focus()
    page.keyboard.press("Control+End")
    expect(octets(page).locator(".pkilab-cursor")).to_have_text(f"{long_list[-1]:02X}", timeout=PATIENCE)
    assert page.locator(".pkilab-lens-row").count() < 60
    search_in_it(page)


def search_in_it(page: Page) -> None:
    """See that a search comes back and goes on when asked, that typing goes on meanwhile, and that the last counts."""
    field = page.get_by_label("Search", exact=True)
    field.fill("no such field")
    field.press("Enter")
    field.press_sequentially(" at all")
    expect(field).to_have_value("no such field at all")
    field.press("Enter")
    expect(page.get_by_text("Nothing is found in the first")).to_be_visible(timeout=PATIENCE)
    field.press("Enter")
    expect(page.get_by_text("Nothing is found.", exact=True)).to_be_visible(timeout=PATIENCE)
    field.fill(f"{(1 << 120) + ENTRIES - 7:X}")
    field.press("Enter")
    expect(page.get_by_text("1 of 1")).to_be_visible(timeout=PATIENCE)
    expect(told(page)).to_contain_text("userCertificate")


_SCROLL = """async ([where, steps]) => {
  const box = document.querySelector(where);
  const next = () => new Promise((done) => requestAnimationFrame(done));
  let most = 0;
  for (let at = 1; at <= steps; at += 1) {
    await next();
    box.scrollTop = box.scrollHeight * at / steps;
    box.dispatchEvent(new Event("scroll"));
    await next();
    most = Math.max(most, box.querySelectorAll(".pkilab-lens-row").length);
  }
  return most;
}"""


def test_a_long_file_comes_through_the_dashboards_door(
    dashboards: Dashboards, page: Page, tmp_path: Path, long_list: bytes
) -> None:
    file = tmp_path / "long.pem"
    file.write_text(pem("X509 CRL", long_list), encoding="ascii")
    assert file.stat().st_size > 2_700_000
    page.goto(dashboards.operator)
    page.get_by_label("Instance").fill("MyCA", timeout=PATIENCE)
    page.get_by_label("Host name").fill("ca.lab.test")
    page.get_by_role("button", name="Open its desk").click()
    opened(page)
    page.get_by_label("Choose a file").set_input_files(file)
    expect(tree(page).get_by_role("treeitem", name=re.compile("tbsCertList"))).to_be_visible(timeout=PATIENCE)


def test_in_a_cell_a_certificate_explains_itself_by_keyboard(
    stage: Stage, page: Page, window: Window, folder: Path
) -> None:
    stage.open_in_voila(page, stage.notebook("cell", CELL.format(folder=str(folder))))
    shown = page.locator(".pkilab-explained")
    expect(shown.get_by_role("heading")).to_contain_text("This is a certificate", timeout=PATIENCE)
    line = shown.locator("summary", has_text=re.compile("^Key usage:"))
    expect(shown.get_by_text("It limits what the key may be used for")).not_to_be_visible()
    line.focus()
    page.keyboard.press("Enter")
    expect(shown.get_by_text("It limits what the key may be used for")).to_be_visible()
    page.keyboard.press("Tab")
    expect(shown.locator("summary", has_text=re.compile("^Extended key usage:"))).to_be_focused()
    window.axe(page, within=".pkilab")
    window.screenshots(page, "explain-cell", height=1100)


def test_narrow_pages_have_one_side_below_the_other(stage: Stage, open_page: object, folder: Path) -> None:
    page: Page = open_page(size=NARROW)  # type: ignore[operator]  # the fixture of conftest
    explain(stage, page, folder)
    certificate(page)
    left, right = tree(page).bounding_box(), octets(page).bounding_box()
    assert left
    assert right
    assert right["y"] >= left["y"] + left["height"]
    assert left["width"] > 300
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    expect(octets(page).locator(".pkilab-lens-line").first.locator(".pkilab-lens-octet")).to_have_count(16)
    left, right = tree(page).bounding_box(), octets(page).bounding_box()
    assert left
    assert right
    assert right["x"] >= left["x"] + left["width"]
