"""The walkthrough in JupyterLab by hand: forms filled in with real clicks, and the cells around them run as ever."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from pkilab.course import Story, lesson_password
from tests.browser.chromium import Watch, Window
from tests.browser.stage import Stage

SLOW = 30_000
"""Milliseconds that a busy machine may take."""
OURS = ".jp-OutputArea .pkilab-frame"


def code(page: Page, words: str) -> Locator:
    """Find the code cell that holds these words."""
    return page.locator(".jp-CodeCell").filter(has=page.locator(".jp-InputArea-editor", has_text=words)).first


def run(page: Page, words: str) -> Locator:
    """Run the code cell that holds these words, and return it."""
    cell = code(page, words)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"), timeout=SLOW)
    return cell


def run_on(page: Page, words: str) -> None:
    """Run the code cell that holds these words and all below it; none may fail."""
    code(page, words).locator(".cm-content").click()
    choose(page, "Run", "Run Selected Cell and All Below")
    expect(page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")).to_have_text(
        re.compile(r"\[\d+\]"), timeout=4 * SLOW
    )
    expect(page.locator('[data-mime-type="application/vnd.jupyter.error"]')).to_have_count(0)


def fill(form: Locator, label: str, text: str) -> None:
    """Fill the field of this label."""
    form.get_by_label(label, exact=True).fill(text)


def press(form: Locator, name: str) -> None:
    """Press a button that can be pressed."""
    form.get_by_role("button", name=name, exact=True).click()


def opened(stage: Stage, page: Page, name: str) -> None:
    """Open a notebook of the walkthrough and run nothing; the list of files at the side is put away."""
    stage.open_in_jupyterlab(page, stage.existing(f"walkthrough/{name}.ipynb"), run=False)
    page.keyboard.press("Control+b")
    expect(page.locator(".jp-DirListing-content")).to_be_hidden()


def choose(page: Page, menu: str, item: str) -> None:
    """Choose an item of JupyterLab's menus."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=re.compile(f"^{re.escape(item)}")).first.click()


def look(window: Window, page: Page, form: Locator, name: str) -> None:
    """Let axe judge what is ours, and take pictures of the form in a window in which it has room."""
    window.axe(page, within=OURS)
    form.evaluate("form => form.scrollIntoView({block: 'start'})")
    window.screenshots(page, f"walkthrough-{name}", fits=False, height=1900)


def test_a_ca_is_configured_by_hand_with_a_reload_in_the_middle(stage: Stage, page: Page, window: Window) -> None:
    password = lesson_password(stage.lab)
    opened(stage, page, "01-configure-a-ca-server")
    run(page, "story = Story")
    form = run(page, "olga.configure_server()").locator(".pkilab-frame")
    fill(form, "File root required", "MyCA")
    fill(form, "Directory required", "ca")
    look(window, page, form, "01-files")
    press(form, "Next")
    fill(form, "Common name", "Training CA")
    form.get_by_label("Key algorithm").select_option(label="ECDSA, P-256: small and quick")
    fill(form, "Password required", password)
    fill(form, "Password again required", "something else")
    expect(form.get_by_text("The two passwords differ.").first).to_be_visible(timeout=SLOW)
    look(window, page, form, "01-who")
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    page.reload()
    expect(form.get_by_label("Common name")).to_have_value("Training CA", timeout=SLOW)
    expect(form.get_by_label("Password required", exact=True)).to_have_value("")
    expect(form.get_by_role("button", name="Make the key and the certificate")).to_be_disabled()
    fill(form, "Password required", password)
    fill(form, "Password again required", password)
    press(form, "Make the key and the certificate")
    expect(form.get_by_role("heading", name="CA server MyCA is configured")).to_be_visible(timeout=SLOW)
    look(window, page, form, "01-made")
    run_on(page, "form = page.form")
    expect(code(page, "ca.ca_certificate()").locator(".jp-OutputArea-output")).to_contain_text("CN = Training CA")


def test_a_request_is_sent_by_hand_and_once(stage: Stage, page: Page, window: Window) -> None:
    opened(stage, page, "04-submit-a-request")
    run(page, "story = Story")
    form = run(page, "page = ana.submit()").locator(".pkilab-frame")
    fill(form, "File root required", "SantiagoDev")
    fill(form, "Common name", "santiago.lab.test")
    fill(form, "Subject alternative names", "santiago.lab.test\n10.0.0.7")
    form.get_by_label("Key algorithm").select_option(label="ECDSA, P-256: small and quick")
    fill(form, "Password", "correct horse of Ana")
    fill(form, "Password again", "correct horse of Ana")
    look(window, page, form, "04-request")
    press(form, "Make the key and send the request")
    expect(form.get_by_role("heading", name="was successfully submitted")).to_be_visible(timeout=SLOW)
    look(window, page, form, "04-sent")
    shown = form.locator("code.pkilab-fp").first.inner_text()
    run_on(page, "import subprocess")
    waiting = [each for each in stage.lab.instance("MyCA").server.pending() if each.name.instance == "Santiago"]
    assert [each.fingerprint.sha256 for each in waiting] == [shown.replace("\n", "")]


def test_a_request_is_decided_by_hand(stage: Stage, page: Page, window: Window) -> None:
    request = Story(stage.lab, until="submitted").request
    before = len(Story(stage.lab).certificates())
    password = lesson_password(stage.lab)
    opened(stage, page, "05-verify-and-issue")
    run(page, "story = Story")
    table = run(page, "olga.pending()").locator(".pkilab-frame")
    expect(table.get_by_role("row").filter(has_text="SantiagoDev")).to_be_visible(timeout=SLOW)
    look(window, page, table, "05-pending")
    form = run(page, "olga.process(request.id)").locator(".pkilab-frame")
    for box in form.get_by_role("checkbox").all():
        box.check()
    fill(form, "Fingerprint required", "00" * 32)
    expect(form.get_by_text("✗ Does not match this request")).to_be_visible(timeout=SLOW)
    expect(form.get_by_role("button", name="Issue the certificate")).to_be_disabled()
    look(window, page, form, "05-mismatch")
    fill(form, "Fingerprint required", request.fingerprint.sha256)
    press(form, "Issue the certificate")
    fill(form, "Password required", password)
    press(form, "Issue")
    expect(form.get_by_role("heading", name="was issued")).to_be_visible(timeout=SLOW)
    look(window, page, form, "05-issued")
    run_on(page, "form = page.form")
    assert len(Story(stage.lab).certificates()) == before + 1


def test_a_form_whose_kernel_was_restarted_says_that_it_gets_no_answer(
    stage: Stage, page: Page, window: Window, watch: Watch
) -> None:
    opened(stage, page, "03-configure-a-client")
    run(page, "story = Story")
    form = run(page, "page = ana.configure_client()").locator(".pkilab-frame")
    fill(form, "Contact name required", "Ana Rojas")
    choose(page, "Kernel", "Restart Kernel…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(form.get_by_role("alert")).to_contain_text("gets no answer", timeout=SLOW)
    expect(form.get_by_role("alert")).to_contain_text("run its cells again")
    look(window, page, form, "03-no-answer")
    run(page, "story = Story")
    form = run(page, "page = ana.configure_client()").locator(".pkilab-frame")
    fill(form, "Contact name required", "Ana Rojas")
    expect(form.get_by_role("alert")).to_have_text("")


def test_a_desk_works_in_the_preview_inside_jupyterlab(stage: Stage, page: Page, window: Window) -> None:
    lab = stage.new_lab()
    cell = f"from pkilab import Desk, Lab\nDesk(Lab({str(lab)!r}).instance('MyCA', node='ca.lab.test'))"
    stage.open_in_jupyterlab(page, stage.notebook("preview", cell), run=False)
    page.get_by_role("button", name="Render with Voilà").click()
    page.get_by_role("button", name="Render anyway").click()  # JupyterLab wants to be told that a notebook is trusted
    desk = page.frame_locator("iframe")
    tasks = desk.get_by_role("navigation", name="Tasks")
    tasks.get_by_role("button", name="Tasks: Where you stand").click(timeout=SLOW)  # the preview is narrow
    tasks.get_by_role("button", name="Configure this server").click()
    desk.get_by_label("File root required", exact=True).fill("MyCA")
    desk.get_by_label("Directory required", exact=True).fill("ca")
    desk.get_by_role("button", name="Next", exact=True).click()
    expect(desk.get_by_label("Common name")).to_be_visible(timeout=SLOW)
    window.screenshots(page, "preview", fits=False, height=1200)
