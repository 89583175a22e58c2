"""Certificates put to use by hand: renewed, exported, signed with, checked, revoked, and seen so by the verifiers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pkilab.lab import Lab
from pkilab.lab.instance import Instance
from pkilab.model.dn import DN
from tests.browser.chromium import Window
from tests.browser.stage import Stage
from tests.browser.test_story import downloaded, fill, heading, press, task
from tests.scene import ANA, CA_PASSWORD, settings, verified

KEY_PASSWORD = "correct horse of Santiago"
NEW = "correct horse, a new one"
OTHER = "correct horse of the container"
SECONDS = 30_000


def issue(lab: Lab) -> int:
    (waiting,) = lab.instance("MyCA").server.pending()
    done = lab.instance("MyCA").server.issue(waiting.id, usage="tls", verified=verified(waiting), password=CA_PASSWORD)
    return done.number


@pytest.fixture
def santiago(stage: Stage) -> Iterator[Instance]:
    """A client that holds a certificate, in a lab whose web service runs here."""
    lab = Lab(stage.new_lab())
    lab.instance("MyCA", node="ca.lab.test").server.configure(**settings())
    with lab.serve() as service:
        instance = lab.instance("Santiago", node="santiago.lab.test")
        client = instance.client
        client.configure(host="localhost", port=service.port, contact=ANA)
        name = "santiago.lab.test"
        client.submit(root="Web", subject=DN(common_name=name), key_algorithm="ec-p256", password=KEY_PASSWORD)
        client.get(issue(lab))
        client.get_ca_certificate()
        yield instance


def desk(stage: Stage, page: Page, lab: Lab, name: str, part: str) -> None:
    notebook = stage.notebook(
        part, f"from pkilab import Desk, Lab\nDesk(Lab({str(lab.path)!r}).instance({name!r}), part={part!r})"
    )
    stage.open_in_voila(page, notebook)


def chosen(page: Page, label: str, path: Path) -> None:
    """Choose a file, and wait until it was taken."""
    page.get_by_label(label, exact=True).locator("visible=true").set_input_files(path)
    expect(page.get_by_text(f"{path.name} was taken.").locator("visible=true").last).to_be_visible()


def tried(page: Page) -> None:
    """Let a server and a client with the certificate meet."""
    fill(page, "Password of the TLS key required", KEY_PASSWORD)
    press(page, "Try it")
    expect(heading(page, "Web serves TLS")).to_be_visible(timeout=SECONDS)


def exported(page: Page, window: Window, folder: Path) -> None:
    """Export a container that openssl opens."""
    fill(page, "Password of the private key required", KEY_PASSWORD)
    fill(page, "PKCS#12 password required", OTHER)
    fill(page, "PKCS#12 password again required", OTHER)
    press(page, "Export")
    expect(heading(page, "Web.p12 is ready")).to_be_visible(timeout=SECONDS)
    downloaded(page, "Save Web.p12", folder)
    said = subprocess.run(
        ["openssl", "pkcs12", "-in", folder / "Web.p12", "-passin", f"pass:{OTHER}", "-nokeys"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said.count("BEGIN CERTIFICATE") == 2
    window.axe(page)
    window.screenshots(page, "use-exported")


def signed(page: Page, folder: Path) -> tuple[Path, Path]:
    """Sign a script."""
    script = folder / "install.sh"
    script.write_text("echo installed\n")
    chosen(page, "The file", script)
    page.get_by_label("Password required", exact=True).locator("visible=true").fill(KEY_PASSWORD)
    press(page, "Sign it")
    expect(heading(page, "install.sh.p7s is ready")).to_be_visible(timeout=SECONDS)
    downloaded(page, "Save install.sh.p7s", folder)
    return script, folder / "install.sh.p7s"


def test_a_client_puts_its_certificate_to_use_and_renews_it(
    stage: Stage, page: Page, window: Window, santiago: Instance, tmp_path: Path
) -> None:
    desk(stage, page, santiago.lab, "Santiago", "client")
    task(page, "Your certificates")
    row = page.get_by_role("row").filter(has_text="of this key")
    expect(row).to_be_visible(timeout=SECONDS)
    window.axe(page)
    window.screenshots(page, "use-own")
    row.get_by_role("button").click()
    expect(heading(page, "Renew")).to_be_visible()
    window.axe(page)
    window.screenshots(page, "use-one")
    tried(page)
    exported(page, window, tmp_path)
    script, signature = signed(page, tmp_path)

    press(page, "Back to the list")
    chosen(page, "The file or document", script)
    chosen(page, "Its signature (.p7s)", signature)
    press(page, "Check it")
    expect(heading(page, "The signature of install.sh holds")).to_be_visible(timeout=SECONDS)
    changed = tmp_path / "changed.sh"
    changed.write_text("echo changed\n")
    chosen(page, "The file or document", changed)
    press(page, "Check it")
    expect(page.get_by_text("the file was changed after it was signed").first).to_be_visible(timeout=SECONDS)
    window.axe(page)
    window.screenshots(page, "use-checked")

    row.get_by_role("button").click()
    fill(page, "Password of the new key", NEW)
    fill(page, "Password again", NEW)
    press(page, "Ask for a new certificate")
    expect(page.get_by_text("was successfully submitted").first).to_be_visible(timeout=SECONDS)
    window.screenshots(page, "use-renewed")
    press(page, "Wait for the certificate")
    number = issue(santiago.lab)
    assert santiago.lab.instance("MyCA").server.certificate(number).renews == 1
    press(page, "Get it")
    expect(page.get_by_text("was saved").first).to_be_visible(timeout=SECONDS)
    assert santiago.client.own()[1].belongs


def test_an_operator_revokes_and_the_verifiers_see_it(
    stage: Stage, open_page: Callable[..., Page], window: Window, santiago: Instance
) -> None:
    page = open_page(theme="dark")
    desk(stage, page, santiago.lab, "MyCA", "operator")
    task(page, "Issued certificates")
    page.get_by_role("row").filter(has_text="Web").get_by_role("button").click()
    page.get_by_label("Reason").select_option(label="superseded: another one took its place")
    fill(page, "Password required", CA_PASSWORD)
    press(page, "Revoke the certificate")
    expect(heading(page, "Certificate 1 is revoked")).to_be_visible(timeout=SECONDS)
    window.screenshots(page, "use-revoked")
    press(page, "Verify it")
    expect(page.get_by_label("Number required", exact=True)).to_have_value("1")
    window.axe(page)
    press(page, "Ask the verifiers")
    expect(heading(page, "✓ Accepted")).to_be_visible(timeout=SECONDS)
    page.get_by_label("Revocation lists").select_option(label="The CA's own")
    press(page, "Ask the verifiers")
    expect(heading(page, "Not accepted")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text("it is revoked").first).to_be_visible()
    window.axe(page)
    window.screenshots(page, "use-verify")
    task(page, "Issued certificates")
    press(page, "Take over certificates issued elsewhere")
    window.axe(page)
    window.screenshots(page, "use-adopt")
