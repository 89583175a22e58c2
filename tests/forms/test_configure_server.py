"""Configure a CA server (S1-S7) in a form: as a cell fills it, as a page sends it, and as a page may forge it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from pkilab.desk import Desk
from pkilab.desk.desk import Page
from pkilab.errors import FoundChanged, InvalidField, NotReady, WrongPassword
from pkilab.forms.configure_server import ConfigureServer
from pkilab.forms.parts.secret import SecretField
from pkilab.lab import Lab
from pkilab.model.acts import Found
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.settings import MailSecurity, Serials
from pkilab.store import secrets
from pkilab.x509 import issue, keys
from tests.forms.pages import forge, living, message, pressed, saved, texts, within
from tests.scene import CA_PASSWORD, NOON, Scene

SMTP_PASSWORD = "correct horse of the mail"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "lab")
    yield made
    made.lab.registry.close()


@pytest.fixture
def page(scene: Scene) -> Page:
    """The task alone, as a cell shows it."""
    return Desk(scene.lab.instance("MyCA", node="ca.lab.test")).configure_server()


@pytest.fixture
def form(page: Page) -> ConfigureServer:
    model: ConfigureServer = page.form
    return model


def first(form: ConfigureServer) -> ConfigureServer:
    """Go to step two."""
    form.root, form.directory = "MyCA", "ca"
    form.next()
    return form


def filled(form: ConfigureServer) -> ConfigureServer:
    """Fill step two for a new CA; keys of P-256 are made at once."""
    first(form)
    form.password = form.confirmation = CA_PASSWORD
    form.common_name, form.country, form.key_algorithm = "Training CA", "CL", "ec-p256"
    return form


def lay_open(scene: Scene) -> None:
    """Lay key and certificate of a CA there, the key not encrypted, without serial file."""
    scene.configure()
    key = scene.directory / "MyCA.key"
    plain = keys.load(key.read_bytes(), CA_PASSWORD, path=key)
    scene.ca.reinitialize(confirmed=True)
    key.write_bytes(keys.dump(plain, None))
    (scene.directory / "MyCA.srl").unlink()


def typed(page: Page, label: str, value: str) -> None:
    """Type into a password's field of the page."""
    found = [each for each in within(page) if isinstance(each, SecretField) and each.label == label]
    message(found[0], {"kind": "typed", "value": value})


# --- step one -----------------------------------------------------------------------------------------------------


def test_step_one_asks_for_two_fields_advises_and_makes_nothing(scene: Scene, page: Page) -> None:
    shown = texts(page)
    for words in (
        "For training and tests, never for production.",
        "private key",
        "encrypted removable media",
        "never on a local disk or a network share of a machine that others use",
        "Whoever gets hold of the key",
        "The manager directory is this instance's own folder in the lab",
    ):
        assert words in shown
    assert page.form.blocked("next") == ("File root is needed.", "Directory is needed.")
    first(page.form)
    assert "Neither MyCA.key nor MyCA.cer is in" in texts(page)
    assert not scene.path.exists() or not scene.directory.exists()


@pytest.mark.parametrize("root", ["", "a b", "cache", "Cache", "../x", "a" * 65, "<img src=x onerror=alert(1)>"])
def test_a_file_root_that_breaks_the_rule_is_said_beside_it(form: ConfigureServer, root: str) -> None:
    form.root, form.directory = "x", "ca"
    form.root = root
    assert form.problems["root"]
    with pytest.raises(NotReady):
        form.next()


def test_a_directory_that_cannot_be_used_is_said_beside_it(form: ConfigureServer) -> None:
    form.root, form.directory = "MyCA", "../out"
    with pytest.raises(InvalidField):
        form.next()
    assert "may not lead out" in form.problems["directory"]
    form.directory = "ca"
    assert form.problems == {}
    assert form.next().existing is False


# --- a new key and certificate ------------------------------------------------------------------------------------


def test_a_new_ca_is_made_of_what_stands_in_the_form(scene: Scene, page: Page) -> None:
    form = filled(page.form)
    form.ca_days, form.issued_days, form.organization = 100, 10, "Lab Santiago"
    form.serials, form.public_url = Serials.RANDOM, "http://ca.lab.test:52773"
    done = form.configure()
    settings = scene.ca.settings
    assert str(done.certificate.not_after.date()) == "2027-03-03"
    assert [pair for relative in done.certificate.subject for pair in relative] == [
        ("C", "CL"),
        ("O", "Lab Santiago"),
        ("CN", "Training CA"),
    ]
    assert (settings.issued_days, settings.serials, settings.public_url) == (10, Serials.RANDOM, form.public_url)
    assert settings.mail.administrator == "ca-admin@myca.lab.test"
    load_pem_private_key((scene.directory / "MyCA.key").read_bytes(), CA_PASSWORD.encode())
    assert not (scene.directory / "MyCA.srl").exists()


def test_success_names_all_facts_and_the_next_step(scene: Scene, page: Page) -> None:
    done = filled(page.form).configure()
    shown = texts(page).replace("<wbr>", "")
    for words in (
        "CA server MyCA is configured",
        done.fingerprint.sha256,
        done.fingerprint.sha1,
        str(scene.directory / "MyCA.key"),
        str(scene.directory / "MyCA.cer"),
        str(scene.directory / "MyCA.srl"),
        "A confirmation is on its way to ca-admin@myca.lab.test",
        "Put the private key on encrypted removable media now, and lock that away",
        "Under the hood",
        "pkilab --instance MyCA server configure",
        "openssl req -x509",
    ):
        assert words in shown
    assert CA_PASSWORD not in shown


def test_until_when_validities_reach_is_said_by_the_clock(form: ConfigureServer, scene: Scene) -> None:
    assert form.until == {}
    first(form)
    assert form.until == {
        "ca_days": "Until 20 November 2036.",
        "issued_days": "One issued today: until 23 November 2027.",
    }
    form.ca_days = "1"
    assert form.until["ca_days"] == "Until 24 November 2026."
    assert scene.clock.now == NOON


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "x", "9" * 40, "٣", "2912117", "0x10"])
def test_days_are_whole_and_such_that_a_certificate_can_hold_them(form: ConfigureServer, days: str) -> None:
    filled(form)
    form.ca_days = days
    assert form.problems["ca_days"] == "A whole number of days from 1 to 2912116 is needed."
    assert issue.latest_days(NOON) == 2_912_116
    assert "ca_days" not in form.until
    with pytest.raises(NotReady, match="CA certificate, in days"):
        form.configure()


def test_two_passwords_that_differ_are_said_at_once_and_block(scene: Scene, form: ConfigureServer) -> None:
    filled(form)
    form.confirmation = CA_PASSWORD + "x"
    assert form.problems == {"confirmation": "The two passwords differ."}
    assert form.blocked("configure") == ("Password again: the two passwords differ.",)
    with pytest.raises(NotReady):
        form.configure()
    assert not scene.ca.configured


def test_a_name_is_needed(form: ConfigureServer) -> None:
    filled(form)
    form.common_name = form.country = ""
    assert form.blocked("configure") == ("Fill in at least one part of the name; a common name is usual.",)


def test_the_country_is_picked_by_name_and_state_and_locality_are_folded(page: Page) -> None:
    first(page.form)
    country = next(
        each for each in within(page) if isinstance(each, widgets.Dropdown) and "Country" in each.description
    )
    assert ("Chile (CL)", "CL") in country.options
    assert "The certificate holds its two letters" in texts(page)  # nobody has to type them
    assert "A CA by custom leaves state and locality empty." in texts(page)
    assert "State or province, written out" not in texts(page)
    pressed(page, "State, locality")
    assert "State or province, written out. For a CA it is by convention left empty." in texts(page)


def test_a_lone_file_is_kept_aside_and_told(scene: Scene, page: Page) -> None:
    scene.directory.mkdir(parents=True)
    (scene.directory / "MyCA.cer").write_text("something else")
    first(page.form)
    assert "Only MyCA.cer is in" in texts(page)
    done = filled(page.form).configure()
    assert [path.name for path in done.set_aside] == ["MyCA.cer.old"]
    assert "MyCA.cer.old" in texts(page)


def test_mail_settings_are_said_beside_their_fields(form: ConfigureServer, tmp_path: Path) -> None:
    filled(form)
    form.smtp_username = "ca"
    assert form.problems == {} or "smtp_host" not in form.problems  # it was not touched
    assert form.blocked("configure")[0].startswith("SMTP server: log-in and TLS need a server")
    form.smtp_host = "mail.lab.test"
    form.smtp_password = SMTP_PASSWORD
    assert form.blocked("configure") == ("SMTP password again is needed.",)
    form.smtp_confirmation = "other"
    assert form.problems["smtp_confirmation"] == "The two passwords differ."
    form.smtp_confirmation = SMTP_PASSWORD
    form.smtp_port = "x"
    assert "whole number" in form.problems["smtp_port"]
    form.smtp_port, form.admin_email = "587", "opal"
    assert "mail address" in form.problems["admin_email"]
    form.admin_email = "opal@lab.test"
    form.smtp_security, form.smtp_trust = MailSecurity.STARTTLS, str(tmp_path / "none.pem")
    with pytest.raises(InvalidField, match="SMTP trust"):
        form.configure()
    assert "is not there" in form.problems["smtp_trust"]
    assert form.password == form.smtp_password == ""


def test_the_mail_settings_are_saved_and_the_password_in_its_file_alone(scene: Scene, form: ConfigureServer) -> None:
    filled(form)
    form.smtp_host, form.smtp_port, form.smtp_username = "mail.lab.test", 587, "ca"
    form.smtp_password = form.smtp_confirmation = SMTP_PASSWORD
    form.configure()
    mail = scene.ca.settings.mail
    assert (mail.host, mail.port, mail.username) == ("mail.lab.test", 587, "ca")
    assert secrets.load(scene.manager) == SMTP_PASSWORD
    secrets.drop(scene.manager)


# --- existing key and certificate ---------------------------------------------------------------------------------


def test_an_existing_ca_asks_for_nothing_about_keys_and_names(scene: Scene, page: Page) -> None:
    scene.configure()
    scene.ca.reinitialize(confirmed=True)
    page.view.show_standing()
    form = first(page.form)
    shown = texts(page)
    assert "are both in" in shown
    assert "MyCA.srl</code> is there: counting goes on" in shown
    for name in ("password", "confirmation", "key_algorithm", "ca_days", "common_name", "country", "last_serial"):
        assert form.absent(name), name
    assert form.blocked("configure") == ()
    form.password, form.common_name = CA_PASSWORD, "Somebody else"  # what is not on the form is not sent
    done = form.configure()
    assert done.existing
    assert form.password == ""


@pytest.mark.parametrize(("text", "number"), [("01FE", 0x01FE), ("0x1fe", 0x01FE), ("01:fe", 0x01FE), ("00", 0)])
def test_without_a_serial_file_the_last_number_is_given_in_hex(
    scene: Scene, form: ConfigureServer, text: str, number: int
) -> None:
    lay_open(scene)
    first(form)
    assert form.blocked("configure") == ("Last serial number is needed.",)
    form.last_serial = "510 "
    form.last_serial = "51x"
    assert "in hex" in form.problems["last_serial"]
    form.last_serial = text
    form.configure()
    assert int((scene.directory / "MyCA.srl").read_text(), 16) == number


def test_random_numbers_need_no_last_one(scene: Scene, form: ConfigureServer) -> None:
    lay_open(scene)
    first(form)
    form.serials = Serials.RANDOM
    assert form.absent("last_serial")
    form.configure()
    assert not (scene.directory / "MyCA.srl").exists()


def test_a_key_that_lies_open_is_warned_of_and_encrypted_in_place(scene: Scene, page: Page) -> None:
    lay_open(scene)
    form = first(page.form)
    assert "not encrypted" in texts(page)
    form.last_serial = "00"
    form.configure()
    assert "whoever reads the file can issue" in texts(page)
    typed(page, "Password", CA_PASSWORD)
    typed(page, "Password again", CA_PASSWORD)
    pressed(page, "Encrypt it in place")
    assert "MyCA.key is encrypted now" in texts(page)
    assert keys.is_encrypted((scene.directory / "MyCA.key").read_bytes())
    assert form.encrypt_key.password == form.encrypt_key.confirmation == ""
    pressed(page, "See its settings")
    assert not [each for each in within(page) if getattr(each, "description", "") == "Encrypt it in place"]


def container(scene: Scene) -> bytes:
    """A PKCS#12 file of a CA that is not this lab's any more."""
    scene.configure()
    base = scene.directory / "MyCA"
    key = load_pem_private_key(base.with_suffix(".key").read_bytes(), CA_PASSWORD.encode())
    certificate = x509.load_pem_x509_certificate(base.with_suffix(".cer").read_bytes())
    scene.ca.reinitialize(confirmed=True)
    for ending in (".key", ".cer", ".srl"):
        base.with_suffix(ending).unlink()
    sealed = BestAvailableEncryption(CA_PASSWORD.encode())
    return pkcs12.serialize_key_and_certificates(b"ca", key, certificate, None, sealed)  # type: ignore[arg-type]  # a CA's key can sign


@pytest.mark.parametrize("by", ["path", "upload"])
def test_a_pkcs12_file_is_laid_out_and_taken_over(scene: Scene, form: ConfigureServer, tmp_path: Path, by: str) -> None:
    data = container(scene)
    form.root, form.directory = "MyCA", "ca"
    assert form.blocked("lay_out") == ("Choose a PKCS#12 file, or give its path.",)
    if by == "path":
        form.container = str(tmp_path / "their ca.p12")
        Path(form.container).write_bytes(data)
    else:
        form.upload("their ca.p12", data)
    form.container_password = "correct horse, but wrong"
    with pytest.raises(WrongPassword):
        form.lay_out()
    assert form.container_password == ""
    assert form.absent("issued_days")  # still at step one
    form.container_password = CA_PASSWORD
    laid = form.lay_out()
    assert {path.name for path in laid.paths} == {"MyCA.key", "MyCA.cer"}
    found: Found = form.found
    assert found.existing
    assert found.key_encrypted
    form.last_serial = "A0"
    assert form.configure().existing


def test_a_chain_that_is_lacking_is_asked_for_beside_its_field(scene: Scene, form: ConfigureServer) -> None:
    scene.configure()
    request = scene.submit("Sub")
    issued = scene.issue(request, usage="intermediate", path_length=0)  # type: ignore[arg-type]  # as a form sends it
    place = scene.manager / "sub"
    place.mkdir()
    (place / "Sub.cer").write_text(issued.pem)
    (place / "Sub.key").write_bytes(keys.dump(keys.generate(KeyAlgorithm.EC_P256), CA_PASSWORD))
    scene.ca.reinitialize(confirmed=True)
    form.root, form.directory = "Sub", "sub"
    form.next()
    form.last_serial = "00"
    with pytest.raises(InvalidField, match="Chain"):
        form.configure()
    assert "is an intermediate" in form.problems["chain"]
    form.chain = str(scene.directory / "MyCA.cer")
    assert form.configure().existing


# --- the two cases are never confused -----------------------------------------------------------------------------


def test_a_change_since_step_one_is_told_and_leads_back_with_the_fields_kept(scene: Scene, page: Page) -> None:
    form = filled(page.form)
    scene.directory.mkdir(parents=True)
    (scene.directory / "MyCA.srl").write_text("0A\n")
    with pytest.raises(FoundChanged):
        form.configure()
    assert form.found is None
    assert (form.root, form.common_name, form.country) == ("MyCA", "Training CA", "CL")
    assert form.password == form.confirmation == ""
    shown = texts(page)
    assert "never for production" in shown
    assert str(form.told.sentences[0]).split(":")[0] in shown.replace("&#x27;", "'")
    assert not scene.ca.configured
    form.next()
    form.password = form.confirmation = CA_PASSWORD
    form.configure()
    assert (scene.directory / "MyCA.srl").read_text() == "0A\n"


def test_another_place_is_looked_at_before_anything_is_made_there(scene: Scene, form: ConfigureServer) -> None:
    filled(form)
    form.directory = "elsewhere"
    assert form.found is None
    with pytest.raises(NotReady, match="Press Next first"):
        form.configure()
    assert not (scene.manager / "elsewhere").exists()


def test_back_keeps_the_fields_and_no_password(page: Page) -> None:
    form = filled(page.form)
    pressed(page, "Back")
    assert form.found is None
    assert (form.root, form.common_name) == ("MyCA", "Training CA")
    assert form.password == form.confirmation == ""


# --- what a page may forge ----------------------------------------------------------------------------------------


def test_a_click_on_a_disabled_button_does_nothing_but_say_so(scene: Scene, page: Page) -> None:
    pressed(page, "Next")
    assert page.form.found is None
    first(page.form)
    made = pressed(page, "Make the key and the certificate")
    assert made.disabled
    forge(made, disabled=False)
    message(made, {"event": "click"})
    assert not scene.ca.configured
    assert "Password is needed." in " ".join(page.form.told.sentences)
    assert page.form.problems["password"] == "This is needed."


def test_a_forged_choice_is_left_out(page: Page) -> None:
    first(page.form)
    algorithm = next(each for each in within(page) if getattr(each, "description", "") == "Key algorithm")
    for index in (99, -5, "x", None, [1]):
        with suppress(Exception):  # whatever a forged message makes of the widget, the model has to hold
            forge(algorithm, index=index)
        assert page.form.key_algorithm in {value for _, value in page.form.about("key_algorithm")["options"]}


def test_hostile_words_are_shown_and_never_run(scene: Scene, page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    form = first(page.form)
    form.password = form.confirmation = CA_PASSWORD
    form.key_algorithm, form.common_name = "ec-p256", hostile
    form.admin_email = f"{hostile}@lab.test"
    assert form.problems["admin_email"]
    form.admin_email = ""
    form.configure()
    page.view.show_standing()
    for each in living():
        assert hostile not in str(getattr(each, "description", ""))
        if isinstance(each, widgets.HTML):
            assert hostile not in each.value
    assert "&lt;img src=x onerror=alert(1)&gt;" in texts(page)


def test_no_password_is_ever_in_a_widgets_state(scene: Scene, page: Page) -> None:
    form = first(page.form)
    for label in ("Password", "Password again"):
        typed(page, label, CA_PASSWORD)
    typed(page, "SMTP password", SMTP_PASSWORD)
    assert form.password == CA_PASSWORD
    for stage in ("typed", "done", "settled"):
        assert CA_PASSWORD not in saved(), stage
        assert SMTP_PASSWORD not in saved(), stage
        if stage == "typed":
            form.smtp_password = ""
            form.common_name, form.key_algorithm = "Training CA", "ec-p256"
            form.configure()
        elif stage == "done":
            pressed(page, "See its settings")
    assert CA_PASSWORD not in repr(vars(form))


# --- what others do meanwhile, and pages that open again ----------------------------------------------------------


def test_a_server_that_was_configured_elsewhere_shows_itself(scene: Scene, page: Page) -> None:
    form = filled(page.form)
    scene.configure()
    page.view.refresh()
    assert form.password == ""
    shown = texts(page)
    assert "This is how the CA server is configured." in shown
    assert "by opal" in shown
    scene.ca.reinitialize(confirmed=True)
    page.view.refresh()
    assert "never for production" in texts(page)


def test_success_stays_on_the_page_until_somebody_goes_on(page: Page) -> None:
    filled(page.form).configure()
    page.view.refresh()
    assert "CA server MyCA is configured" in texts(page)
    page.view.opened()
    assert "This is how the CA server is configured." in texts(page)


def test_a_reloaded_page_opens_at_the_same_step_without_secrets(scene: Scene, page: Page) -> None:
    filled(page.form)
    kept = page.view.kept()
    assert kept == {"root": "MyCA", "directory": "ca", "step": "2"}
    again = Desk(Lab(scene.path).instance("MyCA")).configure_server()
    again.view.opened(**kept)
    assert again.form.found is not None
    assert again.form.password == ""
    assert "New key and certificate" in texts(again)


@pytest.mark.parametrize("words", [{}, {"root": "../../x", "directory": "/etc", "step": "2"}, {"root": "x" * 900}])
def test_what_a_page_says_that_it_kept_is_looked_at_like_what_is_typed(page: Page, words: dict[str, Any]) -> None:
    page.view.opened(**words)
    assert page.form.found is None
