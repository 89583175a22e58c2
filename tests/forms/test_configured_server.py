"""A configured CA server in a form: what it shows, a key that lies open, and starting over (S8)."""

from __future__ import annotations

import json

import pytest

from pkilab.desk import Desk
from pkilab.desk.desk import Page
from pkilab.errors import NotReady
from tests.forms.pages import forge, message, pressed, saved, texts, within
from tests.scene import CA_PASSWORD, Scene

SMTP_PASSWORD = "correct horse of the mail"


@pytest.fixture
def page(scene: Scene) -> Page:
    return Desk(scene.lab.instance("MyCA", node="ca.lab.test")).configure_server()


def asked(page: Page, name: str = "") -> None:
    """Ask to start over, and type a name."""
    pressed(page, "Start over …")
    page.form.start_over.name_typed = name


def test_a_configured_server_shows_its_settings_certificate_and_chain(scene: Scene, page: Page) -> None:
    shown = texts(page).replace("<wbr>", "")
    for words in (
        str(scene.directory),
        "365 days",
        "counted, in a serial file beside the key",
        "ca-admin@myca.lab.test",
        "by opal",
        "<bdi>encrypted</bdi>",
        "CN = Training CA",
        scene.ca.ca_certificate().certificate.fingerprint.sha256,
        "Chain of trust",
    ):
        assert words in shown, words
    assert "Directory required" not in shown


def test_a_medium_that_is_not_mounted_is_said(scene: Scene, page: Page) -> None:
    (scene.directory / "MyCA.key").rename(scene.directory / "away")
    page.view.refresh()
    assert "its medium is not mounted" in texts(page)
    (scene.directory / "away").rename(scene.directory / "MyCA.key")
    page.view.refresh()
    assert "its medium is not mounted" not in texts(page)


def test_settings_that_change_elsewhere_show_themselves(scene: Scene, page: Page) -> None:
    scene.ca.change(public_url="http://ca.lab.test:52773")
    page.view.refresh()
    assert "http://<wbr>ca.lab.test:52773" in texts(page) or "http://ca.lab.test:52773" in texts(page)


def test_starting_over_states_its_effects_and_needs_the_instances_name(scene: Scene, page: Page) -> None:
    scene.issue(scene.submit())
    scene.submit("Another")
    asked(page)
    shown = texts(page)
    for words in (
        "All configuration of MyCA (mail password included)",
        "1 issued certificate and 1 pending request",
        "MyCA.key, .cer and .srl stay",
        "certificates already signed stay valid",
        "A copy of what is dropped, without secrets, is written",
        "Type MyCA to confirm.",
    ):
        assert words in shown, words
    form = page.form.start_over
    for name in ("", "myca", "MyC", "MyCA2", "yes", "<b>MyCA</b>"):
        form.name_typed = name
        pressed(page, "Start over")
        assert scene.ca.configured, name
        with pytest.raises(NotReady):
            form.reinitialize()


def test_a_forged_click_on_start_over_drops_nothing(scene: Scene, page: Page) -> None:
    with pytest.raises(NotReady, match="has not been shown"):
        page.form.start_over.reinitialize()
    asked(page)
    over = next(each for each in within(page) if getattr(each, "description", "") == "Start over")
    forge(over, disabled=False)
    message(over, {"event": "click"})
    assert scene.ca.configured


def test_starting_over_tells_where_the_copy_lies_and_leads_back_to_step_one(scene: Scene, page: Page) -> None:
    scene.issue(scene.submit())
    asked(page, "MyCA")
    pressed(page, "Start over")
    assert not scene.ca.configured
    page.view.refresh()  # what was done stays on the page until somebody goes on
    shown = texts(page).replace("<wbr>", "")
    archives = list((scene.manager / "archive").iterdir())
    assert len(archives) == 1
    assert str(archives[0]) in shown
    assert json.loads(archives[0].read_text())
    assert CA_PASSWORD not in archives[0].read_text()
    pressed(page, "Configure it again")
    assert "never for production" in texts(page)
    form = page.form
    form.root, form.directory = "MyCA", "ca"
    form.next()
    assert form.configure().existing


def test_what_was_revoked_is_among_the_effects(scene: Scene, page: Page) -> None:
    number = scene.issue(scene.submit()).number
    asked(page)
    assert "revoked" not in page.form.start_over.effects
    scene.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)
    page.view.refresh()
    assert "The lab will forget that 1 of them was revoked" in texts(page)


def test_one_can_leave_it_as_it_is(scene: Scene, page: Page) -> None:
    asked(page, "MyCA")
    pressed(page, "Leave it as it is")
    assert page.form.start_over.name_typed == ""
    assert "All configuration of MyCA" not in texts(page)
    assert scene.ca.configured


def test_a_server_that_is_started_over_elsewhere_meanwhile_is_told(scene: Scene, page: Page) -> None:
    asked(page, "MyCA")
    scene.ca.reinitialize(confirmed=True)
    pressed(page, "Start over")
    assert "is not configured" in str(page.form.start_over.told)
    page.view.refresh()
    assert "never for production" in texts(page)


def test_passwords_for_an_open_key_have_to_agree(scene: Scene, page: Page) -> None:
    form = page.form.encrypt_key
    assert form.blocked("encrypt") == ("Password is needed.", "Password again is needed.")
    form.password, form.confirmation = CA_PASSWORD, "x"
    assert form.blocked("encrypt") == ("Password again: the two passwords differ.",)
    before = (scene.directory / "MyCA.key").read_bytes()
    with pytest.raises(NotReady):
        form.encrypt()
    assert (scene.directory / "MyCA.key").read_bytes() == before
    form.password = form.confirmation = ""
    assert CA_PASSWORD not in saved()
