"""Explain: what is offered to whom, passwords, what if, comparing; and pages that ask for more."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import ipywidgets as widgets
import pytest
from cryptography import x509

from pkilab.desk import Desk
from pkilab.desk.library import Library
from pkilab.desk.tasks import Part
from pkilab.errors import CannotDo, InvalidField, NotReady, Refused, UnknownNumber, UnknownRequest, WrongPassword
from pkilab.forms.explain import Explain
from pkilab.forms.explain_view import ExplainView
from pkilab.forms.parts.lens import Lens
from pkilab.forms.parts.secret import SecretField
from pkilab.forms.pieces import MOST, PASTE
from pkilab.forms.tryout import OCTET, SIGNED, VALUE
from pkilab.lab import Instance
from pkilab.model.acts import Issued
from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.certificate import Certificate
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.usage import Usage
from pkilab.web.service import Service
from pkilab.x509 import keys
from tests.forms.pages import forge, living, message, pressed, saved, texts, within
from tests.scene import CA_PASSWORD, Scene
from tests.x509 import samples

PASSWORD = "correct horse of Ana"
BASIC = "BasicConstraints"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path / "lab")
    scene.clock.now = datetime.now(UTC).replace(microsecond=0)  # `certtool` judges the present alone
    scene.configure()
    return scene


@pytest.fixture
def issued(scene: Scene) -> Issued:
    return scene.issue(scene.submit())


@pytest.fixture
def santiago(scene: Scene, service: Service) -> Instance:
    """A client with a key under a password, and a request."""
    instance = scene.lab.instance("Santiago", node="santiago.lab.test")
    instance.client.configure(host="localhost", port=service.port, contact=Contact("Ana", email="ana@lab.test"))
    instance.client.submit(
        root="SantiagoDev",
        subject=DN(common_name="santiago.lab.test"),
        password=PASSWORD,
        confirmation=PASSWORD,
        key_algorithm="ec-p256",
    )
    return instance


def operators(scene: Scene) -> Explain:
    return Explain(Library(scene.lab.instance("MyCA"), Part.OPERATOR))


def clients(santiago: Instance) -> Explain:
    return Explain(Library(santiago, Part.CLIENT))


# --- what is offered, and to whom ---------------------------------------------------------------------------------


def test_an_operator_explains_certificates_lists_and_requests(scene: Scene, issued: Issued) -> None:
    form = operators(scene)
    assert list(form.offers) == ["certificate", "ca", "request", PASTE]
    scene.ca.publish_crl(password=CA_PASSWORD)
    assert list(form.offers) == ["certificate", "ca", "crl", "request", PASTE]
    assert form.choose("certificate", number=issued.certificate.number).title == "Certificate 1, SantiagoDev.cer"
    assert form.tree is not None
    assert form.tree.data == issued.certificate.certificate.der
    assert form.choose("ca").data == scene.ca.ca_certificate().certificate.der
    form.choose("crl")
    assert form.part is not None
    assert form.part.kind.name == "CRL"
    form.choose("request", number=1)
    assert form.part.kind.name == "certificate request"


def test_a_client_explains_its_own_files_and_what_the_ca_publishes(scene: Scene, santiago: Instance) -> None:
    issued = scene.issue(scene.ca.pending()[-1])
    form = clients(santiago)
    assert form.offers == ("certificate", "ca", "crl", "file", PASTE)
    assert form.choose("certificate", number=issued.certificate.number).data == issued.certificate.certificate.der
    assert form.choose("ca").data == scene.ca.ca_certificate().certificate.der
    with pytest.raises(Refused, match="publish"):
        form.choose("crl")
    scene.ca.publish_crl(password=CA_PASSWORD)
    assert form.choose("crl").data == scene.ca.crl().der
    assert form.library.files() == ("SantiagoDev.csr", "SantiagoDev.key")
    form.choose("file", name="SantiagoDev.csr")
    assert form.part is not None
    assert form.part.kind.name == "certificate request"


@pytest.mark.parametrize(
    ("what", "number", "name"),
    [
        ("request", "1", ""),  # the queue is the operator's
        ("file", "", "../ca/MyCA.key"),
        ("file", "", "client.json"),
        ("file", "", "/etc/passwd.cer"),
        ("file", "", "Nobody.cer"),
        ("file", "", ""),
        ("certificate", "-1", ""),
        ("certificate", "1e3", ""),
        ("certificate", "9" * 60, ""),
        ("paste", "", ""),
        ("zap", "", ""),
    ],
)
def test_a_clients_desk_gives_nothing_else_whatever_a_page_asks_for(
    what: str, number: str, name: str, santiago: Instance
) -> None:
    form = clients(santiago)
    with pytest.raises(InvalidField):
        form.choose(what, number=number, name=name)
    assert form.found is None


def test_an_operators_desk_reads_no_clients_files(scene: Scene) -> None:
    form = operators(scene)
    with pytest.raises(InvalidField):
        form.choose("file", name="MyCA.key")
    with pytest.raises(UnknownNumber):
        form.choose("certificate", number="77")
    with pytest.raises(UnknownRequest):
        form.choose("request", number="77")


# --- pasted, uploaded, sealed -------------------------------------------------------------------------------------


def test_pem_hex_and_files_from_the_browser_are_read_and_what_was_pasted_is_forgotten(scene: Scene) -> None:
    form = operators(scene)
    own = samples.issued()
    for text in (own.pem, f"what a mail says\n{own.pem}", own.der.hex(" "), own.der.hex(":")):
        form.what, form.pasted = PASTE, text
        form.open_it()
        assert form.tree is not None
        assert form.tree.data == own.der
        assert form.pasted == ""
    form.upload("own.der", own.der)
    assert form.piece.title == "own.der"
    with pytest.raises(InvalidField, match="3 MiB"):
        form.upload("big", bytes(MOST + 1))
    form.pasted = "0" * (2 * MOST + 1)
    with pytest.raises(InvalidField, match="3 MiB"):
        form.open_it()
    form.pasted = "nothing that is anything"
    form.open_it()
    assert form.part is not None
    assert form.part.kind.name == "nonsense"


def test_a_key_asks_for_its_password_and_keeps_neither_it_nor_shows_its_numbers(santiago: Instance) -> None:
    form = clients(santiago)
    form.choose("file", name="SantiagoDev.key")
    assert form.found.sealed
    form.password = "wrong horse"
    with pytest.raises(WrongPassword):
        form.unseal()
    assert form.password == ""
    form.password = PASSWORD
    form.unseal()
    assert form.password == ""
    assert not form.found.sealed
    assert form.part is not None
    assert (form.shown, form.part.kind.name) == (1, "private key")
    told = form.select("privateKey").here
    data = santiago.client.own_file("SantiagoDev", ".key")
    assert data is not None
    secret = keys.load(data, PASSWORD, path=Path("x")).private_numbers().private_value.to_bytes(32, "big")  # type: ignore[union-attr]  # an EC key
    assert "not shown" in told
    assert secret[:4].hex(" ").upper() not in told


def test_a_pasted_private_key_is_in_no_saved_notebook(scene: Scene) -> None:
    page = Desk(scene.lab.instance("MyCA")).explain()
    view = page.view
    assert isinstance(view, ExplainView)
    text = keys.dump(samples.key(), None).decode()
    area = next(each for each in within(view) if isinstance(each, widgets.Textarea))
    page.form.what = PASTE
    forge(area, value=text)
    page.form.open_it()
    assert page.form.found is not None
    assert text.splitlines()[1] not in saved()


# --- choosing a node ----------------------------------------------------------------------------------------------


def test_a_node_is_found_by_path_name_and_octet(scene: Scene, issued: Issued) -> None:
    form = operators(scene)
    form.choose("certificate", number=1)
    assert "may not sign" in form.select(BASIC).here
    path = form.chosen.path
    assert form.select(path) == form.select(BASIC)
    at = form.chosen.offset
    form.select(hex(at))
    assert form.chosen.offset <= at < form.chosen.end
    with pytest.raises(CannotDo, match="There is no flying"):
        form.select("flying")


# --- what if ------------------------------------------------------------------------------------------------------


def test_a_change_with_a_broken_signature_is_refused_by_all_and_stored_nowhere(scene: Scene, issued: Issued) -> None:
    form = operators(scene)
    form.choose("certificate", number=1)
    what_if = form.what_if
    assert (what_if.purpose, what_if.name) == ("tls-server", "santiagodev.lab.test")
    tried = what_if.try_it()
    assert not tried.signed_again
    assert {each.accepted for each in tried.before.verdicts} <= {True, None}
    assert not isinstance(tried.after, str)
    assert True not in {each.accepted for each in tried.after.verdicts}
    assert "accepted before, refused after" in str(tried)
    assert [entry.act for entry in scene.ca.journal()] == ["configured", "verified", "issued"]
    assert scene.ca.certificates().total == 1


def test_signed_again_only_the_change_speaks_and_the_journal_tells_it(scene: Scene, issued: Issued) -> None:
    form = operators(scene)
    form.choose("certificate", number=1)
    what_if = form.what_if
    what_if.change, what_if.resign = "names", SIGNED
    with pytest.raises(NotReady, match="Password is needed"):
        what_if.try_it()
    what_if.password = "wrong horse"
    with pytest.raises(WrongPassword):
        what_if.try_it()
    what_if.password = CA_PASSWORD
    tried = what_if.try_it()
    assert tried.signed_again
    own = x509.load_der_x509_certificate(scene.ca.ca_certificate().certificate.der)
    x509.load_der_x509_certificate(tried.der).verify_directly_issued_by(own)
    assert not isinstance(tried.after, str)
    assert tried.after.verdicts[0].accepted is False
    assert what_if.password == ""
    assert scene.ca.journal()[-1].act == "signed for a lesson"
    assert scene.ca.certificates().total == 1
    assert scene.ca.verify_journal().problems == ()


def test_any_value_and_any_octet_may_be_tried(scene: Scene, issued: Issued) -> None:
    form = operators(scene)
    form.choose("certificate", number=1)
    what_if = form.what_if
    what_if.change = VALUE
    assert "Field is needed." in what_if.blocked("try_it")
    node = next(each for each in form.tree.walk() if each.name == "dNSName")  # type: ignore[union-attr]  # there is one
    form.point(node, node.start)
    what_if.value = "elsewhere.lab.test"
    assert b"elsewhere.lab.test" in what_if.try_it().der
    what_if.change, what_if.octet = OCTET, "zz"
    assert what_if.problems["octet"]
    what_if.at, what_if.octet = "0", "31"
    tried = what_if.try_it()
    assert "Nobody can read it" in str(tried.after)
    what_if.at = str(len(tried.der))
    with pytest.raises(InvalidField, match="Octet at"):
        what_if.try_it()
    assert what_if.told is not None
    what_if.change = VALUE
    assert what_if.told is None  # it was said of another change


def test_only_certificates_are_tried_and_a_ca_signs_only_its_own(scene: Scene, santiago: Instance) -> None:
    form = operators(scene)
    form.choose("request", number=1)
    with pytest.raises(NotReady, match="only certificates"):
        form.what_if.try_it()
    form.upload("other.der", samples.issued().der)
    form.what_if.resign = SIGNED
    with pytest.raises(NotReady, match="did not issue it"):
        form.what_if.try_it()
    client = clients(santiago)
    issued = scene.issue(scene.ca.pending()[-1])
    client.choose("certificate", number=issued.certificate.number)
    client.what_if.resign = SIGNED
    with pytest.raises(NotReady, match="did not issue it"):
        client.what_if.try_it()
    assert "signed for a lesson" not in [entry.act for entry in scene.ca.journal()]


def test_a_server_that_calls_itself_a_ca_is_refused_by_one_verifier_alone(scene: Scene, issued: Issued) -> None:
    form = operators(scene)
    form.choose("certificate", number=1)
    form.what_if.change, form.what_if.resign, form.what_if.password = "ca", SIGNED, CA_PASSWORD
    tried = form.what_if.try_it()
    assert not isinstance(tried.after, str)
    words = {each.judge: each.word for each in tried.after.verdicts if each.version}
    assert words.pop("pyca/cryptography") == "refused"
    assert set(words.values()) <= {"accepted"}


@pytest.mark.parametrize("name", ["ca", "key-usage", "unknown-critical"])
def test_a_ca_is_judged_by_a_server_that_it_issued_and_may_issue_no_more(
    name: str, scene: Scene, issued: Issued
) -> None:
    form = operators(scene)
    form.choose("ca")
    what_if = form.what_if
    assert what_if.below == issued.certificate.certificate
    assert (
        what_if.judged_by == "A CA is judged by what was issued below it: here by certificate 1, santiagodev.lab.test."
    )
    assert (what_if.purpose, what_if.name) == ("tls-server", "santiagodev.lab.test")
    what_if.change, what_if.resign, what_if.password = name, SIGNED, CA_PASSWORD
    tried = what_if.try_it()
    assert {each.word for each in tried.before.verdicts if each.version} == {"accepted"}
    assert not isinstance(tried.after, str)
    words = {each.judge: each.word for each in tried.after.verdicts if each.version}
    assert words["openssl"] == "refused"
    assert words["pyca/cryptography"] == "refused"
    assert tried.of == "certificate 1, santiagodev.lab.test"
    assert scene.ca.certificates().total == 1
    assert scene.ca.ca_certificate().certificate.der != tried.der


def test_a_ca_that_issued_nothing_is_judged_by_itself_and_that_is_said(scene: Scene) -> None:
    form = operators(scene)
    form.choose("ca")
    assert form.what_if.below is None
    assert "nothing of that is here and in force" in form.what_if.judged_by
    page = Desk(scene.lab.instance("MyCA"), part="operator").explain()
    page.view.opened(what="ca")
    assert "nothing of that is here and in force" in texts(page)
    form.what_if.change = "ca"
    assert form.what_if.try_it().of == ""


def test_path_length_0_forbids_no_server_of_the_cas_own_and_that_is_said(scene: Scene, issued: Issued) -> None:
    form = operators(scene)
    form.choose("ca")
    form.what_if.change, form.what_if.resign, form.what_if.password = "path-length", SIGNED, CA_PASSWORD
    tried = form.what_if.try_it()
    assert not isinstance(tried.after, str)
    assert [each.word for each in tried.after.verdicts] == [each.word for each in tried.before.verdicts]
    assert tried.remark.startswith("The path length alone changes no verdict: this CA issued certificate 1, santi")


def test_path_length_0_of_a_root_forbids_what_an_intermediate_below_it_issued(scene: Scene, issued: Issued) -> None:
    server = scene.ca.ca_certificate().certificate
    middle = samples.key(KeyAlgorithm.EC_P256, 1)
    asked = samples.request(DN(common_name="Middle"), (), of=middle)
    between = samples.issued(asked, usage=Usage.INTERMEDIATE, path_length=1, now=scene.clock.now)
    leaf = samples.issued(issuer=between, issuer_key=middle, serial=9, now=scene.clock.now)
    root = samples.root()

    class Below(Library):
        """A desk whose CA is an intermediate."""

        def known(self) -> tuple[Certificate, ...]:
            return (between, root)

        def crls(self) -> tuple[bytes, ...]:
            return ()

        def _in_force(self) -> list[Certificate]:
            return [server, leaf]

    form = Explain(Below(scene.lab.instance("MyCA"), Part.OPERATOR))
    form.upload("root.cer", root.der)
    assert form.what_if.below == leaf
    form.what_if.change = "path-length"
    tried = form.what_if.try_it()
    assert "path length" not in tried.remark
    assert "some verifiers do not look" in tried.remark
    assert tried.before.verdicts[0].word == "accepted"
    assert not isinstance(tried.after, str)
    assert tried.after.verdicts[0].word == "refused"


def test_revoked_certificates_judge_no_ca(scene: Scene, issued: Issued) -> None:
    scene.ca.revoke(1, reason="keyCompromise", password=CA_PASSWORD)
    form = operators(scene)
    form.choose("ca")
    assert form.what_if.below is None


def test_on_a_clients_desk_the_ca_is_judged_by_the_clients_own_certificate(scene: Scene, santiago: Instance) -> None:
    scene.issue(scene.ca.pending()[-1])
    santiago.client.get_ca_certificate()
    santiago.client.get(1)
    form = clients(santiago)
    form.choose("ca")
    assert form.what_if.below is not None
    assert form.what_if.below.serial == 1
    form.what_if.change = "key-usage"
    tried = form.what_if.try_it()
    assert tried.before.verdicts[0].word == "accepted"
    assert not isinstance(tried.after, str)
    assert tried.after.verdicts[0].word == "refused"


# --- comparing ----------------------------------------------------------------------------------------------------


def test_a_certificate_is_compared_with_its_request_and_any_two_with_each_other(scene: Scene, issued: Issued) -> None:
    form = operators(scene)
    form.choose("certificate", number=1)
    assert [each.label for each in form.compare.relatives] == ["its request"]
    found = form.compare.with_relative(0)
    assert {"subject", "subjectPublicKeyInfo"} <= set(found.same)
    assert "keyUsage" in [each.field for each in found.differences]
    with pytest.raises(InvalidField):
        form.compare.with_relative(1)
    form.compare.choose("certificate", number=1)
    assert form.compare.comparison.equal
    form.choose("ca")
    assert form.compare.comparison is None


# --- the page -----------------------------------------------------------------------------------------------------


def test_a_page_leads_from_a_field_to_what_if_and_the_verdicts(scene: Scene, issued: Issued) -> None:
    page = Desk(scene.lab.instance("MyCA"), part="operator").explain()
    page.view.opened(what="certificate", number="1")
    form = page.form
    lens = next(each for each in within(page) if isinstance(each, Lens))
    form.select(BASIC)
    assert lens.chosen is form.chosen
    message(lens, {"kind": "act", "turn": lens._turn, "act": "change:ca"})
    pressed(page, "Change it and ask the verifiers")
    assert "What the verifiers say" in texts(page)
    assert page.view.kept() == {"what": "certificate", "number": "1", "name": ""}


def test_clicks_and_enter_sign_nothing_without_the_password(scene: Scene, issued: Issued) -> None:
    page = Desk(scene.lab.instance("MyCA")).explain()
    page.view.opened(what="certificate", number="1")
    page.form.what_if.resign = SIGNED
    for widget in list(living()):
        if isinstance(widget, widgets.Button):
            message(widget, {"event": "click"})
        if isinstance(widget, SecretField):
            message(widget, {"kind": "enter"})
    assert "signed for a lesson" not in [entry.act for entry in scene.ca.journal()]


def test_cards_lead_to_their_explanation(scene: Scene, issued: Issued) -> None:
    scene.submit("Quito")
    page = Desk(scene.lab.instance("MyCA"), part="operator").page
    for task, words, kind in (
        ("certificates", {"number": "1"}, "certificate"),
        ("certificates", {"number": "0"}, "certificate"),
        ("pending", {"request": "2"}, "certificate request"),
    ):
        page.turn_to(task, **words)
        pressed(page._main, "Explain it")
        assert page.task == "explain"
        assert page.view.form.part.kind.name == kind
    assert page.view.kept() == {"what": "request", "number": "2", "name": ""}


def test_a_page_that_is_told_nonsense_stays_as_it_is(scene: Scene) -> None:
    page = Desk(scene.lab.instance("MyCA"), part="operator").explain()
    page.view.opened(what="zap", number="1")
    page.view.opened(what="paste")
    assert page.form.found is None
    page.view.opened(what="certificate", number="x" * 5000)
    assert page.form.found is None
    assert "whole number" in texts(page)


def test_hostile_names_are_text(scene: Scene) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    page = Desk(scene.lab.instance("MyCA"), part="operator").explain()
    page.form.upload(hostile, samples.issued(samples.request(DN(common_name=hostile))).der)
    page.form.compare.upload(hostile, samples.issued().der)
    page.form.what_if.try_it()
    markup = texts(page)
    assert "<img" not in markup
    assert "&lt;img" in markup
