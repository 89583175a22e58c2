"""Your certificates: renewing, exporting, signing, checking and XML, as cells and as hostile pages do it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pkilab.desk import Desk
from pkilab.errors import CannotDo, InvalidField, NotReady, PkilabError, SignatureRefused, Unreachable, WrongPassword
from pkilab.forms.documents import MOST, XML
from pkilab.forms.export import CHAIN, TRUST
from pkilab.forms.own import Own
from pkilab.forms.parts.download import Download
from pkilab.forms.parts.table import TableView
from pkilab.forms.parts.upload import Upload
from pkilab.forms.renew import SAME
from pkilab.model.dn import DN
from pkilab.model.uses import Exported, Made
from pkilab.x509 import container
from tests.client.conftest import Town, town
from tests.forms import pages
from tests.scene import CA_PASSWORD

__all__ = ["town"]
PASSWORD = "correct horse of Temuco"
NEW = "correct horse, a new one"
OTHER = "correct horse of the container"


def get(town: Town, root: str = "Web", algorithm: str = "ec-p256", *, password: str | None = PASSWORD) -> int:
    """Have a certificate issued, and fetch it and the CA's."""
    town.client.submit(
        root=root, subject=DN(common_name=f"{root.lower()}.lab.test"), key_algorithm=algorithm, password=password
    )
    number = issue(town)
    town.client.get(number)
    town.client.get_ca_certificate()
    return number


def issue(town: Town) -> int:
    (request,) = town.scene.ca.pending()
    return town.scene.issue(request).number


def shown(town: Town, root: str = "Web", *, paths: bool = True) -> Own:
    form = Own(town.client, paths=paths)
    form.show(root)
    return form


def test_a_certificate_is_renewed_with_a_new_key(town: Town) -> None:
    get(town)
    form = shown(town)
    renew = form.renew
    renew.password = NEW
    assert renew.blocked("renew") == ("Password again is needed.",)
    renew.confirmation = "correct horse"
    assert renew.problems["confirmation"] == "The two passwords differ."
    renew.confirmation = NEW
    sent = renew.renew()
    assert (renew.password, renew.confirmation) == ("", "")
    assert sent.fingerprint == town.scene.ca.pending()[0].fingerprint
    assert "client renew --root Web" in renew.hood["pkilab"]
    assert NEW not in repr(renew.hood)
    form.look()
    assert form.shown.waiting
    assert renew.resubmit().content == sent.content
    town.client.get(issue(town))
    form.look()
    assert not form.shown.waiting
    assert form.shown.belongs


def test_the_same_key_is_certified_again_under_its_password(town: Town) -> None:
    get(town)
    renew = shown(town).renew
    renew.key = SAME
    assert renew.blocked("renew") == ("Password of the key in use is needed.",)
    renew.key_password = "correct horse of nobody"
    with pytest.raises(WrongPassword):
        renew.renew()
    assert renew.key_password == ""
    renew.key_password = PASSWORD
    assert renew.renew().content.key == town.client.own()[1].certificate.key  # type: ignore[union-attr]
    assert "--same-key" in renew.hood["pkilab"]


def test_a_renewal_that_could_not_be_sent_is_sent_again(town: Town) -> None:
    get(town)
    form = shown(town)
    assert form.renew.blocked("resubmit") == ("Nothing waits to be sent again.",)
    town.service.stop()
    with pytest.raises(Unreachable):
        form.renew.renew()
    form.look()
    town.service.start()
    town.client.configure(host="127.0.0.1", port=town.service.port, contact=town.client.settings.contact)
    form.renew.resubmit()
    assert len(town.scene.ca.pending()) == 1


def test_a_container_is_exported_for_the_browser_and_as_a_file(town: Town, tmp_path: Path) -> None:
    get(town)
    export = shown(town).export
    export.password, export.container_password, export.confirmation = PASSWORD, OTHER, OTHER
    made = export.export()
    assert isinstance(made, Made)
    container.read(made.octets, OTHER, path=Path("Web.p12"))
    assert (export.password, export.container_password, export.confirmation) == ("", "", "")
    export.path = str(tmp_path / "web.p12")
    export.password, export.container_password, export.confirmation, export.legacy = PASSWORD, OTHER, OTHER, True
    assert isinstance(export.export(), Exported)
    container.read((tmp_path / "web.p12").read_bytes(), OTHER, path=Path("web.p12"))
    export.path = ""
    for kind in (CHAIN, TRUST):
        export.kind = kind
        assert export.result is None
        assert b"BEGIN CERTIFICATE" in export.export().octets  # type: ignore[union-attr]


def test_a_visitors_page_writes_no_file_of_this_machine(town: Town, tmp_path: Path) -> None:
    get(town)
    page = Desk(town.scene.lab.instance("Temuco"), part="client").own()
    form: Own = page.form
    form.show("Web")
    export = form.export
    export.path, export.kind = str(tmp_path / "chain.pem"), CHAIN
    assert isinstance(export.export(), Made)
    assert not (tmp_path / "chain.pem").exists()


def test_what_is_signed_is_checked_and_what_was_changed_is_refused(town: Town) -> None:
    get(town)
    form = shown(town)
    assert form.sign.blocked("sign") == ("Password is needed.", "Choose a file first.")
    form.sign.take("script.sh", b"echo hello\n")
    form.sign.password = PASSWORD
    made = form.sign.sign()
    assert form.sign.password == ""
    form.check.take("script.sh", b"echo hello\n")
    assert form.check.blocked("check") == ("Choose its signature too.",)
    form.check.take_signature("other.p7s", b"no signature")
    with pytest.raises(PkilabError, match=r"other\.p7s holds no signature"):
        form.check.check()
    form.check.take_signature(made.name, made.octets)
    assert form.check.check().certificate.serial
    form.check.take("script.sh", b"echo hallo\n")
    with pytest.raises(SignatureRefused):
        form.check.check()
    assert form.check.result is None
    form.close()
    assert (form.sign.data, form.sign.result, form.sign.name_) == (b"", None, "")


def test_xml_is_signed_checked_encrypted_and_opened(town: Town) -> None:
    get(town, "Doc", "rsa-2048")
    form = shown(town, "Doc")
    form.sign.kind = form.check.kind = XML
    form.sign.take("order.xml", b"<order><card>42</card></order>")
    form.sign.password = PASSWORD
    signed = form.sign.sign()
    form.check.take(signed.name, signed.octets)
    form.check.check()
    form.encrypt.take("order.xml", b"<order><card>42</card></order>")
    assert form.encrypt.blocked("encrypt") == ("Say for whom it is.",)
    form.encrypt.recipient, form.encrypt.element = "Doc", ".//card"
    sealed = form.encrypt.encrypt()
    form.decrypt.take(sealed.name, sealed.octets)
    form.decrypt.password = PASSWORD
    assert b"42" in form.decrypt.decrypt().octets
    form.encrypt.recipient = "../../client.json"
    with pytest.raises(NotReady):
        form.encrypt.encrypt()


def test_what_an_algorithm_cannot_do_is_told_as_the_domain_says_it(town: Town) -> None:
    get(town, "Future", "ml-dsa-44", password=None)
    form = shown(town, "Future")
    form.sign.take("a", b"a")
    with pytest.raises(CannotDo):
        form.sign.sign()
    assert "RSA" in form.sign.told.sentences[0]
    form.export.container_password = form.export.confirmation = OTHER
    with pytest.raises(CannotDo):
        form.export.export()


@pytest.mark.parametrize("name", ["sign", "decrypt", "check", "encrypt"])
def test_too_large_a_file_is_refused_and_the_one_before_kept(town: Town, name: str) -> None:
    form = getattr(Own(town.client), name)
    form.take("small", b"x")
    with pytest.raises(InvalidField):
        form.take("large", b"x" * (MOST + 1))
    assert form.data == b"x"


def test_another_root_takes_over_no_password_and_no_file(town: Town) -> None:
    get(town, "One")
    get(town, "Two")
    form = shown(town, "One")
    form.sign.take("a", b"a")
    form.sign.password = form.export.password = form.renew.key_password = PASSWORD
    form.show("Two")
    assert (form.sign.password, form.sign.data, form.export.password, form.renew.key_password) == ("", b"", "", "")
    with pytest.raises(InvalidField):
        form.show("Three")


def test_a_page_shows_one_root_and_no_widget_holds_a_secret_or_what_was_made(town: Town) -> None:
    get(town)
    page = Desk(town.scene.lab.instance("Temuco"), part="client").own()
    page.refresh()
    form: Own = page.form
    (table,) = [each for each in pages.within(page) if isinstance(each, TableView)]
    assert [row["id"] for row in table.rows] == ["MyCA", "Web"]
    pages.message(table, {"kind": "act", "row": "Web", "act": "look"})
    assert form.shown.root == "Web"
    form.sign.take("secret.txt", b"what nobody else may read")
    form.sign.password = PASSWORD
    pages.pressed(page, "Sign it")
    form.export.password, form.export.container_password, form.export.confirmation = PASSWORD, OTHER, OTHER
    pages.pressed(page, "Export")
    held = pages.saved()
    for secret in (PASSWORD, OTHER, "what nobody else may read", "BEGIN ENCRYPTED"):
        assert secret not in held
    sent: list[Any] = []
    (save,) = [each for each in pages.within(page) if isinstance(each, Download) and each.label == "Save Web.p12"]
    save.send = lambda content, buffers=(): sent.append((content, buffers))
    pages.message(save, {"kind": "want"})
    assert sent[0][0]["name"] == "Web.p12"
    container.read(sent[0][1][0], OTHER, path=Path("Web.p12"))


def test_a_hostile_page_skips_nothing(town: Town) -> None:
    get(town)
    before = sorted(path.name for path in town.client.directory.iterdir())
    page = Desk(town.scene.lab.instance("Temuco"), part="client").own()
    page.refresh()
    form: Own = page.form
    (table,) = [each for each in pages.within(page) if isinstance(each, TableView)]
    pages.message(table, {"kind": "act", "row": "../../MyCA", "act": "look"})
    assert form.shown is None
    pages.message(table, {"kind": "act", "row": "Web", "act": "look"})
    for label in ("Sign it", "Export", "Decrypt it", "Send the last request again"):
        pages.pressed(page, label)
    for each in [each for each in pages.within(page) if isinstance(each, Upload)]:
        pages.forge(each, most=1 << 40)
        pages.message(each, {"kind": "file", "name": "x"}, [b"x" * (MOST + 1)])
        pages.message(each, {"kind": "file", "name": 7}, [b"x"])
    assert (form.sign.name_, form.decrypt.name_) == ("", "")
    assert form.sign.result is form.export.result is form.renew.result is None
    assert town.scene.ca.pending() == ()
    assert sorted(path.name for path in town.client.directory.iterdir()) == before


def test_a_renewal_is_pressed_on_the_page(town: Town) -> None:
    get(town, password=None)
    page = Desk(town.scene.lab.instance("Temuco")).own()
    page.view.opened(root="Web")
    assert page.view.kept() == {"root": "Web"}
    pages.pressed(page, "Ask for a new certificate")
    page.refresh()
    told = pages.texts(page)
    assert town.scene.ca.pending()[0].fingerprint.sha256[:5] in told
    assert "A renewal was sent" in told
    with pytest.raises(PkilabError):
        page.form.show("nobody")


def test_what_lies_there_leads_to_its_explanation(town: Town) -> None:
    page = Desk(town.scene.lab.instance("Temuco")).page
    town.client.submit(root="Web", subject=DN(common_name="web.lab.test"), key_algorithm="ec-p256")
    page.turn_to("own", root="Web")
    pages.pressed(page._main, "Explain it")
    assert (page.task, page.view.kept()["name"]) == ("explain", "Web.csr")
    town.client.get(issue(town))
    page.turn_to("own", root="Web")
    pages.pressed(page._main, "Explain it")
    assert (page.task, page.view.kept()["name"]) == ("explain", "Web.cer")


def test_a_certificate_is_tried_for_tls(town: Town) -> None:
    get(town)
    page = Desk(town.scene.lab.instance("Temuco")).own()
    page.view.opened(root="Web")
    form = page.form.tls
    assert form.blocked("try_tls") == ("Password of the TLS key is needed.",)
    form.password = "correct horse of nobody"
    with pytest.raises(WrongPassword):
        form.try_tls()
    assert (form.password, form.result) == ("", None)
    form.password = PASSWORD
    assert form.try_tls().name == "web.lab.test"
    assert "client try-tls --root Web" in form.hood["pkilab"]
    assert "openssl s_server" in form.hood["openssl"]
    assert PASSWORD not in repr(form.hood)
    told = pages.texts(page)
    assert "Web serves TLS" in told
    assert "Under the hood" in told
    page.form.close()
    assert (form.result, form.hood) == (None, None)


def test_a_cas_certificate_is_opened_and_one_of_ones_own_after_it(town: Town) -> None:
    client = town.client
    client.submit(root="Web", subject=DN(common_name="web.lab.test"), key_algorithm="ec-p256")
    client.get(issue(town))
    client.get_ca_certificate()
    page = Desk(town.scene.lab.instance("Temuco")).page
    (ca,) = [each.root for each in client.own() if not each.key]
    for root in (ca, "Web", ca):
        page.turn_to("own", root=root)
        assert page.view.kept() == {"root": root}
        assert page.view.form.export.kind == ("pkcs12" if root == "Web" else "trust")


def test_what_waits_for_its_certificate_leads_to_it(town: Town) -> None:
    page = Desk(town.scene.lab.instance("Temuco")).page
    town.client.submit(root="Web", subject=DN(common_name="web.lab.test"), key_algorithm="ec-p256")
    page.turn_to("own", root="Web")
    pages.pressed(page._main, "Get certificates")
    assert (page.task, page.view.kept()["waiting"]) == ("get_certificates", "Web")


def test_a_page_tells_that_the_ca_revoked_or_holds_a_certificate(town: Town) -> None:
    number = get(town, password=None)
    desk = Desk(town.scene.lab.instance("Temuco"), part="client")
    page, stands = desk.own(), desk.overview()
    page.form.show("Web")
    assert "end entity, valid" in pages.texts(page)
    page.form.close()
    town.scene.ca.revoke(number, reason="certificateHold", password=CA_PASSWORD)
    page.form.look()
    (table,) = [each for each in pages.within(page) if isinstance(each, TableView)]
    assert "on hold since" in repr(table.rows)
    page.form.show("Web")
    assert "until that is lifted, whoever asks the CA refuses it." in pages.texts(page)
    stands.view.refresh()
    assert "Web: The CA put this certificate on hold" in pages.texts(stands)
    assert f"Web ({number}) is on hold since" in pages.texts(stands)
    town.scene.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)
    page.form.look()
    assert "(keyCompromise): whoever asks the CA refuses it." in pages.texts(page)
    assert "Renew it with a new key." in pages.texts(page)
    done = page.form.tls.try_tls()
    assert "a peer who checks the CA&#x27;s revocation list refuses it." in pages.texts(page)
    assert done.reported == page.form.shown.reported


def test_a_page_that_looks_once_a_second_asks_the_ca_seldom_and_says_where_it_cannot(town: Town) -> None:
    number = get(town, password=None)
    page = Desk(town.scene.lab.instance("Temuco"), part="client").overview()
    for _ in range(2):
        page.view.refresh()
    town.scene.ca.revoke(number, reason="superseded", password=CA_PASSWORD)
    page.view.refresh()
    assert "superseded" not in pages.texts(page)
    for _ in range(10):
        page.view.refresh()
    assert "(superseded): whoever asks the CA refuses it." in pages.texts(page)
    town.service.stop()
    for _ in range(10):
        page.view.refresh()
    assert "Whether the CA revoked Web is not known." in pages.texts(page)
