"""Take the pictures of docs/pictures/ from the running product: `python tools/pictures.py [--lab FOLDER]`.

It starts `pkilab dashboards` over a lab of its own, plays the story of the README on both pages, and removes the lab.
The lab's folder can be read in the pictures, so it should be one that belongs to nobody; it must not be there yet.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright
from png import with_palette  # type: ignore[import-not-found]  # it lies beside this file

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
SIZE: ViewportSize = {"width": 1280, "height": 1600}
LIMIT = 120_000
"""Octets that a picture may have."""
SLOW = 60_000


@contextmanager
def dashboards(lab: Path) -> Iterator[Any]:
    """Run both pages over a new lab, and remove it afterwards."""
    if lab.exists():
        sys.exit(f"{lab} is there already; name another folder by --lab")
    program = Path(sys.executable).with_name("pkilab")
    command = [str(program), "--lab", str(lab), "--json", "dashboards", "--no-browser"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - pkilab
        try:
            text = ""
            for line in process.stdout or ():
                text += line
                if line == "}\n":
                    break
            yield json.loads(text)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            shutil.rmtree(lab, ignore_errors=True)


def press(page: Page, name: str) -> None:
    """Press the button whose name begins so."""
    page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click(timeout=SLOW)


def fill(page: Page, **fields: str) -> None:
    """Fill fields; a label's blanks are written as `_`, and a needed one's label ends in `_required`."""
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text, timeout=SLOW)


def task(page: Page, name: str) -> None:
    """Open a task of the desk."""
    page.get_by_role("navigation", name="Tasks").get_by_role("button", name=name).click(timeout=SLOW)


def take(part: Locator, name: str, *, upto: Locator | None = None) -> None:
    """Take a picture of a part of a page, with nothing focused; `upto` is the last thing that is of interest."""
    page = part.page
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    box = part.bounding_box()
    if box is None:
        sys.exit(f"there is nothing to see for {name}")
    if upto is not None and (last := upto.bounding_box()):
        box["height"] = min(box["height"], last["y"] + last["height"] + 24 - box["y"])
    path = PICTURES / f"{name}.png"
    path.write_bytes(with_palette(page.screenshot(clip=box, animations="disabled")))
    size = path.stat().st_size
    print(f"pictures: {path.name}, {size // 1000} kB")
    if size > LIMIT:
        sys.exit(f"{path.name} is larger than {LIMIT // 1000} kB")


def desk(page: Page) -> Locator:
    """Find the desk."""
    return page.locator(".pkilab-desk")


def play(operator: Page, client: Page, addresses: Any) -> None:
    """Play the story and take the pictures on the way."""
    password = secrets.token_urlsafe(12)
    operator.goto(addresses["operator_url"])
    fill(operator, Instance_required="MyCA", Host_name="ca.lab.test")
    press(operator, "Open its desk")
    task(operator, "Configure this server")
    fill(operator, File_root_required="MyCA", Directory_required="ca")
    press(operator, "Next")
    fill(operator, Common_name="Training CA", Organization="Lab Santiago")
    operator.get_by_label("Country").select_option(label="Chile (CL)")
    fill(operator, Password_required=password, Password_again_required=password)
    make = operator.get_by_role("button", name="Make the key and the certificate")
    expect(make).to_be_enabled()
    take(desk(operator), "configure-server", upto=make)
    make.click()
    expect(operator.get_by_role("heading", name="is configured")).to_be_visible(timeout=SLOW)
    task(operator, "Pending requests")

    client.goto(addresses["clients_url"])
    fill(client, Instance_required="Santiago")
    press(client, "Make a new instance")
    press(client, "I have noted it")
    task(client, "Configure this client")
    fill(
        client, Contact_name_required="Ana Rojas", Contact_phone="+56 2 5550 0142", **{"Contact_e-mail": "ana@lab.test"}
    )
    press(client, "Save")
    task(client, "Submit a request")
    fill(client, File_root_required="SantiagoDev", Common_name="santiago.lab.test", Password=password)
    fill(client, Password_again=password, Subject_alternative_names="santiago.lab.test\n10.0.0.7")
    press(client, "Make the key and send the request")
    expect(client.get_by_role("heading", name="was successfully submitted")).to_be_visible(timeout=SLOW)
    take(desk(client), "submitted", upto=client.get_by_role("button", name="Download the private key"))

    operator.get_by_role("row").filter(has_text="SantiagoDev").get_by_role("button", name="Process").click(timeout=SLOW)
    expect(operator.get_by_role("checkbox")).to_have_count(3, timeout=SLOW)
    for box in operator.get_by_role("checkbox").all():
        box.check()
    fill(operator, Fingerprint_required=client.locator("code.pkilab-fp").first.inner_text())
    expect(operator.get_by_text("Matches this request")).to_be_visible(timeout=SLOW)
    last = operator.get_by_role("button", name="Back to the pending requests")
    take(desk(operator), "process", upto=last)
    operator.emulate_media(color_scheme="dark")
    operator.wait_for_function("document.body.dataset.jpThemeLight !== 'true'")
    take(desk(operator), "process-dark", upto=last)
    operator.emulate_media(color_scheme="light")
    press(operator, "Issue the certificate")
    fill(operator, Password_required=password)
    operator.get_by_role("button", name="Issue", exact=True).click(timeout=SLOW)
    expect(operator.get_by_role("heading", name="was issued")).to_be_visible(timeout=SLOW)
    take(operator.locator(".pkilab-form article, .pkilab-form .pkilab").last, "chain")


def main() -> None:
    """Take all pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--lab", type=Path, default=Path("/srv/pkilab"), help="the lab's folder, to be seen in pictures"
    )
    lab: Path = options.parse_args().lab
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with dashboards(lab) as addresses, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-lcd-text"])
        try:
            operator, client = (browser.new_context(viewport=SIZE, color_scheme="light").new_page() for _ in range(2))
            play(operator, client, addresses)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
