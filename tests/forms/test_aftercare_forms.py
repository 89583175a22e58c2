"""The operator's forms for what becomes of certificates: revoke, hold, lift, publish, the responder, journal, media."""

from pathlib import Path

import ipywidgets as widgets
import pytest

from pkilab.desk import Desk
from pkilab.errors import InvalidField, NotReady, WrongPassword
from pkilab.forms.certificates import Certificates
from pkilab.forms.journal import PAGE, Journal, JournalView, _row
from pkilab.forms.media import UseMedia, UseMediaView
from pkilab.forms.revocation import Revocation
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import CertificateState
from pkilab.model.usage import Usage
from pkilab.views import aftercare, html
from pkilab.x509 import keys
from tests.forms.pages import pressed, texts, within
from tests.scene import CA_PASSWORD, Scene, signing_request
from tests.views.hostile import Reader


def test_the_chain_of_a_certificate_says_that_one_of_it_is_revoked_held_or_expired(scene: Scene) -> None:
    key = keys.generate(KeyAlgorithm.EC_P256)
    sub = scene.issue(scene.send(signing_request("Sub", key=key, sans=()), "Sub"), Usage.INTERMEDIATE, path_length=0)
    folder = scene.path / "below"
    folder.mkdir()
    (folder / "Sub.key").write_bytes(keys.dump(key, CA_PASSWORD))
    (folder / "Sub.cer").write_text(sub.pem)
    (folder / "Sub-chain.cer").write_text(scene.ca.chain().pem)
    below = scene.lab.instance("SubCA").server
    below.configure(root="Sub", directory=folder, issued_days=10, serials="random")
    page, stands = Desk(scene.lab.instance("SubCA")).configure_server(), Desk(scene.lab.instance("SubCA")).overview()
    assert "is revoked" not in texts(page)
    scene.ca.revoke(sub.number, reason="certificateHold", password=CA_PASSWORD)
    page.view.refresh()
    assert "sub.lab.test is on hold since" in texts(page)
    scene.ca.revoke(sub.number, reason="cACompromise", password=CA_PASSWORD)
    page.view.refresh()
    stands.view.refresh()
    said = "sub.lab.test is revoked since 23 November 2026 (cACompromise): whoever asks for revocations refuses it."
    assert said in texts(page)
    assert said in texts(stands)
    assert "With it fall all that sub.lab.test vouches for." in texts(stands)
    listed = Desk(scene.lab.instance("MyCA")).certificates()
    listed.form.show(sub.number)
    assert said in texts(listed)
    scene.clock.forward(days=4000)
    assert [each and each.state for each in scene.ca.chain(sub.number).worth] == ["revoked", "expired"]


def test_a_certificate_is_held_lifted_and_revoked(scene: Scene) -> None:
    number = scene.issue(scene.submit()).number
    form = Certificates(scene.ca)
    form.show(number)
    revoke = form.revoke
    assert revoke.blocked("lift")
    assert revoke.blocked("revoke") == ("Password is needed.",)
    revoke.reason, revoke.password = "certificateHold", "correct horse of nobody"
    with pytest.raises(WrongPassword):
        revoke.revoke()
    assert (revoke.password, scene.ca.certificate(number).state) == ("", CertificateState.VALID)
    revoke.password = CA_PASSWORD
    revoke.revoke()
    assert scene.ca.certificate(number).state is CertificateState.HELD
    assert revoke.reason == "unspecified"
    revoke.reason, revoke.password = "certificateHold", CA_PASSWORD
    assert revoke.blocked("revoke") == ("It is on hold already. Choose another reason, or lift the hold.",)
    with pytest.raises(NotReady):
        revoke.revoke()
    revoke.password = CA_PASSWORD
    revoke.lift()
    assert scene.ca.certificate(number).state is CertificateState.VALID
    revoke.reason, revoke.since, revoke.password = "keyCompromise", "2026-11-01", CA_PASSWORD
    done = revoke.revoke()
    revocation = done.certificate.revocation
    assert revocation is not None
    assert revocation.invalid_since is not None
    assert revocation.invalid_since.day == 1
    revoke.password = CA_PASSWORD
    assert revoke.blocked("revoke") == ("It is revoked already, and stays so.",)
    with pytest.raises(NotReady):
        revoke.revoke()


def test_a_reason_and_a_password_are_for_the_certificate_that_is_looked_at(scene: Scene) -> None:
    one, other = scene.issue(scene.submit("One")), scene.issue(scene.submit("Other"))
    form = Certificates(scene.ca)
    form.show(one.number)
    form.revoke.reason, form.revoke.password = "keyCompromise", CA_PASSWORD
    form.show(other.number)
    assert (form.revoke.reason, form.revoke.password) == ("unspecified", "")
    form.show(0)
    form.revoke.password = CA_PASSWORD
    with pytest.raises(NotReady):
        form.revoke.revoke()
    form.close()
    with pytest.raises(NotReady):
        form.revoke.revoke()


def test_nothing_is_revoked_without_the_medium(scene: Scene) -> None:
    number = scene.issue(scene.submit()).number
    key = scene.directory / "MyCA.key"
    key.rename(key.with_suffix(".away"))
    form = Certificates(scene.ca)
    form.show(number)
    assert form.revoke.blocked("revoke")[-1].startswith("Mount the medium")
    key.with_suffix(".away").rename(key)
    form.show(0)
    form.show(number)
    form.revoke.password = CA_PASSWORD
    form.revoke.revoke()


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "1.11.2026"])
def test_a_day_that_is_none_is_said_to_be_beside_its_field(scene: Scene, since: str) -> None:
    number = scene.issue(scene.submit()).number
    form = Certificates(scene.ca)
    form.show(number)
    form.revoke.reason, form.revoke.since = "keyCompromise", since
    assert form.revoke.problems["since"]


def test_lists_are_published_ahead_and_the_responder_renewed(scene: Scene) -> None:
    form = Revocation(scene.ca)
    form.look()
    form.look_at_key()
    assert (form.lists, form.responder) == ((), None)
    form.publish.ahead, form.publish.password = "many", CA_PASSWORD
    assert form.publish.problems["ahead"]
    form.publish.ahead = 3
    form.publish.publish()
    form.renew.password = CA_PASSWORD
    form.renew.renew()
    form.look()
    assert [each.number for each in form.lists] == [1, 2, 3, 4]
    assert form.responder is not None
    assert (form.publish.password, form.renew.password) == ("", "")


def test_the_list_that_counts_by_the_clock_is_marked_and_downloaded(scene: Scene) -> None:
    page = Desk(scene.lab.instance("MyCA"), part="operator").revocation()
    form = page.form
    scene.ca.publish_crl(password=CA_PASSWORD, ahead=2)
    page.refresh()
    for at, standing in (
        (0, ("counts", "ahead", "ahead")),
        (1, ("replaced", "counts", "ahead")),
        (2, ("replaced", "replaced", "counts")),
    ):
        scene.clock.now = scene.ca.crls()[at].this_update
        page.refresh()
        assert form.standing == standing
        assert page.view._current().name == f"MyCA-{at + 1}.crl"
        assert texts(page).count("replaced") == at
        assert texts(page).count(f"List {at + 1} counts until ") == 1
        assert texts(page).count("ahead of time, the last until") == (at < 2)
    scene.clock.forward(days=31)
    page.refresh()
    assert form.standing[-1] == "ran out"
    assert "List 3 ran out on " in texts(page)
    assert aftercare.standing((), now=scene.clock.now) == ()


def test_addresses_and_days_are_changed(scene: Scene) -> None:
    form = Revocation(scene.ca)
    form.look()
    settings = form.settings
    settings.public_url, settings.crl_days, settings.remind_days = "http://ca.lab.test:52773", 3, "7, 14"
    settings.change()
    saved = scene.ca.settings
    assert (saved.public_url, saved.crl_days, saved.remind_days) == ("http://ca.lab.test:52773", 3, (14, 7))
    settings.remind_days = "soon"
    assert settings.problems["remind_days"]


def test_the_journal_is_turned_and_checked(scene: Scene) -> None:
    for at in range(PAGE + 3):
        scene.ca.delete(scene.submit(f"Root{at}").id, confirmed=True)
    form = Journal(scene.ca)
    form.look()
    count = len(scene.ca.journal())
    assert (form.count, form.page[0].sequence, form.later, form.earlier) == (count, count, False, True)
    form.turn("after")
    form.look()
    assert form.page[-1].sequence == 1
    assert form.later
    form.turn("before")
    form.look()
    assert form.page[0].sequence == count
    assert form.verify().problems == ()


def test_media_are_made_ejected_and_mounted(scene: Scene) -> None:
    form = UseMedia(scene.lab.media)
    with pytest.raises(NotReady):
        form.make()
    form.name_ = "../stick"
    assert form.problems["name_"]
    form.name_ = "stick"
    form.make()
    assert [each.mounted for each in form.all] == [True]
    form.name_ = "Stick"
    assert form.problems == {"name_": "There is a medium of this name already."}
    form.eject("stick")
    assert [each.mounted for each in form.all] == [False]
    form.mount("stick")
    assert [each.mounted for each in form.all] == [True]


def test_who_publishes_again_keeps_the_series_ahead(scene: Scene) -> None:
    scene.ca.publish_crl(password=CA_PASSWORD, ahead=3)
    form = Revocation(scene.ca)
    form.look()
    assert form.publish.ahead == "3"
    form.publish.password = CA_PASSWORD
    form.publish.publish()
    assert len(scene.ca.crls()) == 4


def test_numbers_are_refused_where_they_are_typed(scene: Scene) -> None:
    """What a field takes, the CA takes too."""
    publish, change = Revocation(scene.ca).publish, Revocation(scene.ca).settings
    publish.ahead = "121"
    assert publish.problems["ahead"] == "A whole number from 0 to 120 is needed."
    with pytest.raises(InvalidField):
        scene.ca.publish_crl(password=CA_PASSWORD, ahead=121)
    publish.ahead = "120"
    assert "ahead" not in publish.problems
    change.crl_days = change.responder_days = "0"
    assert {*change.problems.values()} == {"A whole number from 1 to 3650 is needed."}
    change.crl_days = change.responder_days = "1"
    assert change.problems == {}


def test_a_medium_that_was_left_in_is_pointed_out(tmp_path: Path) -> None:
    other = Scene(tmp_path / "media-lab")
    other.lab.media.new("empty")
    other.configure(directory=other.lab.media.new("stick").path / "ca")
    view = UseMediaView(UseMedia(other.lab.media), Desk(other.lab.instance("MyCA")).around())
    view.refresh()
    (sentence,) = view.form.advice
    assert sentence.startswith("The medium stick is mounted. Eject it as soon as")
    assert sentence.endswith("the key of MyCA.")
    assert sentence in texts(view)
    view.form.eject("stick")
    assert view.form.advice == ()
    assert "Eject it as soon as" not in texts(view)


def test_the_journal_tells_its_facts_in_words(scene: Scene) -> None:
    scene.issue(scene.submit("Web"))
    shown = texts(JournalView(Journal(scene.ca), Desk(scene.lab.instance("MyCA")).around()))
    assert "Was it meddled with?" in shown
    scene.ca.publish_crl(password=CA_PASSWORD, ahead=2)
    scene.ca.change(remind_days=(30, 7), public_url="")
    rows = [_row(entry).cells[-1] for entry in scene.ca.journal_page(limit=10)]
    assert any("certificate 1, request 1, file root Web, for TLS/SSL and XML security, SHA-256 " in row for row in rows)
    assert any("with a new key and certificate" in row for row in rows)
    assert any("compared by SHA-256" in row for row in rows)
    assert any("2 more ahead of their time, no entries, until " in row and " UTC" in row for row in rows)
    assert "no public address, reminders 30, 7 days ahead" in rows
    assert all(row in Reader(html.journal(scene.ca.journal())).words for row in rows)
    assert all("None" not in row and "false" not in row.lower() for row in rows)


def test_revocation_leads_to_what_comes_before_it(scene: Scene) -> None:
    page = Desk(scene.lab.instance("MyCA")).page
    page.turn_to("revocation")
    pressed(page.view, "Choose a certificate to revoke")
    assert page.task == "certificates"
    other = Desk(scene.lab.instance("Other")).page
    other.turn_to("revocation")
    pressed(other.view, "Configure this server")
    assert other.task == "configure_server"


def test_the_first_responder_is_made_and_a_later_one_renewed(scene: Scene) -> None:
    page = Desk(scene.lab.instance("MyCA")).revocation()
    page.view.refresh()
    labels = {each.description for each in within(page) if isinstance(each, widgets.Button)}
    assert "Make the responder" in labels
    page.form.renew.password = CA_PASSWORD
    pressed(page, "Make the responder")
    assert scene.ca.responder is not None
    assert "The OCSP responder is ready" in texts(page)
    assert "Renew the responder" in {each.description for each in within(page) if isinstance(each, widgets.Button)}


def test_a_public_address_is_checked_where_it_is_typed(scene: Scene) -> None:
    settings = Revocation(scene.ca).settings
    settings.load()
    settings.public_url = "ca.lab.test"
    assert settings.problems == {"public_url": "Give it as http://host:port or https://host:port."}
    assert settings.blocked("change")
    settings.public_url = ""
    assert not settings.problems


def test_files_are_forgotten_only_where_some_were_chosen(scene: Scene) -> None:
    page = Desk(scene.lab.instance("MyCA")).certificates()
    (forget,) = [each for each in within(page) if getattr(each, "description", "") == "Forget the chosen files"]
    (around,) = [each for each in within(page) if forget in getattr(each, "children", ())]
    assert around.layout.display == "none"
    page.form.adopt.take("one.cer", b"one")
    assert around.layout.display is None
    pressed(page, "Forget the chosen files")
    assert around.layout.display == "none"
