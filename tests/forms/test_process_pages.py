"""The pages of an operator: whatever message a page sends, no point of a verification is skipped."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest
from traitlets import TraitError

from pkilab.desk import Desk
from pkilab.desk.desk import DeskPage, Page
from pkilab.errors import NotVerified
from pkilab.forms.parts.download import Download
from pkilab.forms.parts.secret import SecretField
from pkilab.forms.parts.table import TableView
from pkilab.forms.pending import PendingRequests
from pkilab.forms.pending_view import PendingView
from pkilab.forms.process import Process, Stage
from pkilab.forms.process_view import ProcessView
from pkilab.forms.revocation import Publish
from pkilab.model.request import Request, RequestState
from tests.forms.pages import forge, living, message, pressed, saved, texts, within
from tests.scene import CA_PASSWORD, Scene, verified


@pytest.fixture
def desk(scene: Scene) -> Desk:
    return Desk(scene.lab.instance("MyCA"), part="operator")


def one(widget: Any, kind: type[Any]) -> Any:
    """The one widget of this kind within another."""
    (found,) = (each for each in within(widget) if isinstance(each, kind))
    return found


def click_all(page: Any) -> None:
    """Click every button that there is, shown or not, disabled or not; and press Enter in every password's field."""
    for widget in list(living()):
        if isinstance(widget, widgets.Button) and "Delete" not in widget.description:
            message(widget, {"event": "click"})
        if isinstance(widget, SecretField):
            message(widget, {"kind": "typed", "value": CA_PASSWORD})
            message(widget, {"kind": "enter"})


def tick(page: Any, *words: str) -> None:
    for box in [each for each in within(page) if isinstance(each, widgets.Checkbox)]:
        if any(word in box.description for word in words):
            forge(box, value=True)


def acts(scene: Scene) -> list[str]:
    return [entry.act for entry in scene.ca.journal()]


def process(desk: Desk, request: Request) -> tuple[Page, Process]:
    page = desk.process(request.id)
    form = page.form
    assert isinstance(form, Process)
    return page, form


# --- one request --------------------------------------------------------------------------------------------------


def test_clicks_on_disabled_buttons_and_enter_skip_nothing(scene: Scene, desk: Desk) -> None:
    page, form = process(desk, scene.submit())
    for missing in ("is Ana", "exactly these names", "this purpose"):
        form.take(form.request.id)
        tick(page, *({"is Ana", "exactly these names", "this purpose"} - {missing}))
        forge(one(page, widgets.Textarea), value=form.request.fingerprint.sha256)
        click_all(page)
        assert form.stage == Stage.VERIFY, missing
    form.take(form.request.id)
    tick(page, "Ana", "names", "purpose")
    click_all(page)
    request = scene.ca.request(form.request.id)
    assert (request.state, request.verification) == (RequestState.PENDING, None)
    assert acts(scene) == ["configured"]


def test_a_click_on_the_disabled_button_with_another_s_fingerprint_is_journalled(scene: Scene, desk: Desk) -> None:
    page, form = process(desk, scene.submit())
    tick(page, "Ana", "names", "purpose")
    forge(one(page, widgets.Textarea), value="AB" * 32)
    assert "✗ Does not match this request" in texts(page)
    button = pressed(page, "Issue the certificate")
    assert button.disabled
    pressed(page, "Record the mismatch")
    assert acts(scene) == ["configured", "fingerprint did not match", "fingerprint did not match"]
    assert "does not match request" in texts(page)
    assert scene.ca.request(form.request.id).verification is None


def test_a_use_that_is_not_offered_cannot_be_sent(scene: Scene, desk: Desk) -> None:
    page, form = process(desk, scene.submit())
    use = one(page, widgets.ToggleButtons)
    for index in (7, -1, None, "x"):
        with contextlib.suppress(TraitError):  # which the kernel logs
            forge(use, index=index)
        assert form.usage in {"tls", "intermediate", "code-signing"}
    assert [label for label, _ in use.options] == [
        "TLS/SSL and XML security",
        "Intermediate Certificate Authority",
        "Code signing",
    ]


def test_buttons_of_earlier_steps_do_nothing(scene: Scene, desk: Desk) -> None:
    page, form = process(desk, scene.submit())
    tick(page, "Ana", "names", "purpose")
    forge(one(page, widgets.Textarea), value=form.request.fingerprint.sha1)
    assert "SHA-256 is the safer one" in texts(page)
    pressed(page, "Issue the certificate")
    assert form.stage == Stage.ISSUE
    finish = next(each for each in within(page) if isinstance(each, widgets.Button) and each.description == "Issue")
    field = one(page, SecretField)
    other = scene.submit("Lima")
    form.take(other.id)
    message(field, {"kind": "typed", "value": CA_PASSWORD})
    message(finish, {"event": "click"})
    message(field, {"kind": "enter"})
    assert form.stage == Stage.VERIFY
    assert scene.ca.certificates().total == 0


def test_enter_in_the_password_s_field_finishes(scene: Scene, desk: Desk) -> None:
    request = scene.submit()
    scene.ca.verify(request.id, usage="tls", verified=verified(request))
    page, form = process(desk, request)
    assert "✓ Verified for TLS/SSL" in texts(page)
    pressed(page, "Issue the certificate")
    field = one(page, SecretField)
    message(field, {"kind": "enter"})
    assert form.stage == Stage.ISSUE
    assert "Password is needed." in texts(page)
    message(field, {"kind": "typed", "value": CA_PASSWORD})
    message(field, {"kind": "enter"})
    assert form.stage == Stage.DONE
    assert "Certificate number 1 was issued" in texts(page)
    assert "lock it away" in texts(page)
    assert "Under the hood" in texts(page)
    assert [each.label for each in within(page) if isinstance(each, Download)] == [
        "Download it as PEM",
        "Download it as DER",
        "Download its chain",
    ]
    assert CA_PASSWORD not in saved()


def test_fingerprints_are_on_the_page_only_on_demand_and_without_a_copy_button(scene: Scene, desk: Desk) -> None:
    page, form = process(desk, scene.submit())
    sha256 = form.request.fingerprint.sha256
    assert sha256 not in texts(page).replace("<wbr>", "")
    assert sha256 not in saved().replace("<wbr>", "")
    pressed(page, "Show its fingerprints")
    assert sha256 in texts(page).replace("<wbr>", "")
    assert "<button" not in texts(page)
    form.take(scene.submit("Lima").id)
    assert form.request.fingerprint.sha256 not in texts(page).replace("<wbr>", "")


def test_every_name_is_listed_and_nothing_of_it_is_markup(scene: Scene, desk: Desk) -> None:
    from pkilab.model.contact import Contact
    from pkilab.model.dn import DN

    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    names = tuple(f"DNS:n{at}.lab.test" for at in range(40))
    contact = Contact(evil, phone=evil, email="a@lab.test")
    request = scene.submit("Evil", subject=DN(common_name=evil, organization=evil), sans=names, contact=contact)
    page, _ = process(desk, request)
    shown = texts(page)
    assert all(f"<bdi>DNS {name[4:]}</bdi>" in shown for name in names)
    for markup in (shown, saved()):
        assert "<img" not in markup.replace(f"this is {evil}", "")
        assert "<script" not in markup.replace(f"this is {evil}", "")
    box = next(each for each in within(page) if isinstance(each, widgets.Checkbox) and evil in each.description)
    assert not box.description_allow_html


def test_a_name_that_the_common_name_becomes_is_acknowledged_too(scene: Scene, desk: Desk) -> None:
    from pkilab.model.dn import DN

    request = scene.submit("Bare", subject=DN(common_name="bare.lab.test"), sans=())
    page, _ = process(desk, request)
    assert "for TLS/SSL also DNS bare.lab.test" in texts(page)
    assert scene.issue(request).certificate.certificate.names == ("DNS:bare.lab.test",)
    page, _ = process(desk, scene.submit("Named", sans=("DNS:other.lab.test",)))
    assert "for TLS/SSL also" not in texts(page)


def test_the_medium_is_asked_for_until_it_is_there(scene: Scene, desk: Desk) -> None:
    key = scene.directory / "MyCA.key"
    key.rename(key.with_suffix(".away"))
    page, form = process(desk, scene.submit())
    assert "Mount the medium." in texts(page)
    key.with_suffix(".away").rename(key)
    page.view.refresh()
    assert "Mount the medium." not in texts(page)
    assert form.key_missing == ""


def test_a_medium_of_the_lab_is_asked_for_while_it_is_ejected(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "media-lab")
    scene.configure(directory=scene.lab.media.new("stick").path / "ca")
    scene.lab.media.eject("stick")
    page, form = process(Desk(scene.lab.instance("MyCA")), scene.submit())
    assert "Mount the medium." in texts(page)
    revocation = Desk(scene.lab.instance("MyCA")).revocation()
    revocation.view.refresh()
    assert "<strong>See to it.</strong> Mount the medium with the CA" in texts(revocation)
    pending, publish = PendingRequests(scene.ca), Publish(scene.ca)
    pending.look()
    publish.look_at_medium()
    for each in (form, pending, publish):
        assert each.keyless[0].startswith("Mount the medium with the CA's private key")
    scene.lab.media.mount("stick")
    page.view.refresh()
    assert "Mount the medium." not in texts(page)


def test_what_somebody_else_decided_is_said_on_the_next_beat(scene: Scene, desk: Desk) -> None:
    page, form = process(desk, scene.submit())
    scene.ca.delete(form.request.id, confirmed=True, reason="Nobody knows it.", by="ruth")
    page.view.refresh()
    assert "ruth deleted it" in texts(page)
    assert not [each for each in within(page) if isinstance(each, widgets.Checkbox)]


def test_what_somebody_else_verified_is_said_on_the_next_beat(scene: Scene, desk: Desk) -> None:
    request = scene.submit()
    page, form = process(desk, request)
    tick(page, "Ana")
    scene.ca.verify(request.id, usage="code-signing", verified=verified(request, by="ruth"))
    page.view.refresh()
    assert "✓ Verified for Code signing" in texts(page)
    assert form.identity
    pressed(page, "Go on with this verification")
    assert form.stage == Stage.VERIFIED
    assert not form.identity


def test_nothing_is_sent_while_nothing_changes(scene: Scene, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.submit("Lima")
    pages = [desk.process(scene.submit().id), desk.pending(), desk.certificates()]
    sent: list[Any] = []
    for page in pages:
        page.view.refresh()
    monkeypatch.setattr(widgets.Widget, "_send", lambda self, msg, buffers=None: sent.append((self, msg)))
    for page in pages:
        page.view.refresh()
    assert sent == []


# --- the table ----------------------------------------------------------------------------------------------------


@pytest.fixture
def page(desk: Desk) -> DeskPage:
    page = desk.page
    page.turn_to("pending")
    return page


def view(page: DeskPage) -> PendingView:
    found = page.view
    assert isinstance(found, PendingView)
    return found


def test_a_new_request_stands_there_on_the_next_beat(scene: Scene, page: DeskPage) -> None:
    table = one(page, TableView)
    assert table.rows == []
    assert "submitting a certificate signing request" in table.empty
    scene.submit()
    page.refresh()
    assert [row["cells"][1] for row in table.rows] == ["SantiagoDev"]


def test_rows_that_are_not_shown_and_acts_that_are_not_offered_do_nothing(scene: Scene, page: DeskPage) -> None:
    first = scene.submit()
    page.refresh()
    table = one(page, TableView)
    other = scene.submit("Lima")
    for row in (str(other.id), "99", "", "x", "../1"):
        message(table, {"kind": "act", "row": row, "act": "process"})
        message(table, {"kind": "pick", "row": row, "on": True})
    message(table, {"kind": "act", "row": str(first.id), "act": "issue"})
    message(table, {"kind": "pick", "row": str(first.id), "on": True})  # it is not verified
    assert view(page).form.picked == ()
    assert view(page).kept() == {}


def test_process_and_delete_open_the_request(scene: Scene, page: DeskPage) -> None:
    request = scene.submit()
    page.refresh()
    table = one(page, TableView)
    message(table, {"kind": "act", "row": str(request.id), "act": "delete"})
    assert view(page).kept() == {"request": str(request.id)}
    form = one(page, ProcessView).form
    assert form.stage == Stage.DELETE
    pressed(page, "Keep it")
    pressed(page, "Delete the request…")
    pressed(page, "Delete the request")
    assert scene.ca.request(request.id).state is RequestState.DELETED
    pressed(page, "Back to the pending requests")
    assert view(page).kept() == {}
    assert one(page, TableView).rows == []


def test_a_reload_opens_the_request_again_with_nothing_typed(scene: Scene, desk: Desk, page: DeskPage) -> None:
    request = scene.submit()
    page.turn_to("pending", request=str(request.id))
    form = one(page, ProcessView).form
    form.identity, form.password = True, CA_PASSWORD
    kept = {"task": "pending", **view(page).kept()}
    fresh = Desk(scene.lab.instance("MyCA"), part="operator").page
    fresh._hello(kept)
    again = one(fresh, ProcessView).form
    assert again.request == request
    assert (again.identity, again.password, again.stage) == (False, "", Stage.VERIFY)


@pytest.mark.parametrize("kept", ["99", "-1", "x", "٣", "9" * 30, "1; DROP TABLE requests"])
def test_words_that_are_no_request_open_the_table_or_say_so(scene: Scene, page: DeskPage, kept: str) -> None:
    page.turn_to("pending", request=kept)
    opened = [each for each in within(page) if isinstance(each, ProcessView)]
    assert not opened or opened[0].form.stage == Stage.GONE


def test_widgets_of_a_request_are_gone_with_it(scene: Scene, page: DeskPage) -> None:
    requests = [scene.submit(root) for root in ("One", "Two", "Three", "Four")]
    counts = []
    for request in requests:
        page.turn_to("pending", request=str(request.id))
        page.turn_to("pending")
        counts.append(len(list(living())))
    assert counts[-1] - counts[1] <= 2


def test_several_are_issued_together_and_each_has_its_result(scene: Scene, page: DeskPage) -> None:
    requests = [scene.submit(root) for root in ("One", "Two", "Three", "Four")]
    for request in requests[:3]:
        scene.ca.verify(request.id, usage="tls", verified=verified(request))
    page.refresh()
    table = one(page, TableView)
    for request in requests:
        message(table, {"kind": "pick", "row": str(request.id), "on": True})
    assert table.picked == [str(request.id) for request in requests[:3]]
    assert view(page).form.blocked("issue_chosen") == ("Password is needed.",)
    scene.ca.delete(requests[1].id, confirmed=True, by="ruth")
    message(one(page, SecretField), {"kind": "typed", "value": CA_PASSWORD})
    pressed(page, "Issue the chosen ones")
    assert "ruth deleted it" in texts(page)
    assert scene.ca.certificates().total == 2
    assert scene.ca.request(requests[3].id).verification is None
    assert CA_PASSWORD not in saved()
    assert table.picked == []


def test_a_wrong_password_keeps_the_choice(scene: Scene, page: DeskPage) -> None:
    request = scene.submit()
    scene.ca.verify(request.id, usage="tls", verified=verified(request))
    page.refresh()
    pressed(page, "Choose all verified on this page")
    field = one(page, SecretField)
    message(field, {"kind": "enter"})
    message(field, {"kind": "typed", "value": "correct horse of nobody"})
    message(field, {"kind": "enter"})
    assert "does not open MyCA.key" in texts(page)
    assert view(page).form.picked == (request.id,)
    assert scene.ca.certificates().total == 0


def test_what_was_verified_anew_is_not_issued_with_the_others(scene: Scene, page: DeskPage) -> None:
    request = scene.submit()
    scene.ca.verify(request.id, usage="tls", verified=verified(request))
    page.refresh()
    form = view(page).form
    form.pick(request.id)
    scene.clock.forward(minutes=1)
    scene.ca.verify(request.id, usage="intermediate", verified=verified(request))
    form.password = CA_PASSWORD
    batch = form.issue_chosen()
    assert batch.issued == ()
    assert "verified anew" in batch.refused[0].sentence
    assert scene.ca.certificates().total == 0


def test_only_what_was_verified_can_be_chosen_and_the_server_refuses_the_rest(scene: Scene, page: DeskPage) -> None:
    request = scene.submit()
    page.refresh()
    form = view(page).form
    form.pick(request.id)
    form.pick(99)
    assert form.picked == ()
    form._chosen[request.id] = request
    form.picked = (request.id,)
    form.password = CA_PASSWORD
    with pytest.raises(NotVerified):
        form.issue_chosen()
    assert scene.ca.certificates().total == 0


def test_search_order_and_pages_are_made_in_the_registry(scene: Scene, page: DeskPage) -> None:
    for at in range(30):
        scene.submit(f"Root{at:02}")
    page.refresh()
    table = one(page, TableView)

    def shown() -> list[str]:
        return [row["cells"][1] for row in table.rows]

    assert shown() == [f"Root{at:02}" for at in range(25)]
    assert table.note == "25 of 30 requests"
    message(table, {"kind": "page", "to": "after"})
    assert shown() == [f"Root{at:02}" for at in range(25, 30)]
    message(table, {"kind": "page", "to": "after"})  # there is none
    message(table, {"kind": "page", "to": "before"})
    assert shown()[0] == "Root00"
    message(table, {"kind": "sort", "key": "root"})
    message(table, {"kind": "sort", "key": "root"})
    assert shown()[0] == "Root29"
    assert table.order == {"key": "root", "down": True}
    message(table, {"kind": "sort", "key": "contact"})
    message(table, {"kind": "search", "text": "root0"})
    assert shown() == [f"Root{at:02}" for at in range(9, -1, -1)]
    message(table, {"kind": "search", "text": "nothing like it"})
    assert table.rows == []
    assert "Search for something else" in table.empty


def test_an_instance_that_is_no_ca_says_what_to_do(scene: Scene) -> None:
    page = Desk(scene.lab.instance("Other", node="other"), part="operator").page
    page.turn_to("pending")
    assert "Configure this server" in {each.description for each in within(page) if isinstance(each, widgets.Button)}
    page.turn_to("certificates")
    assert "not configured" in texts(page).lower() or "configure" in texts(page).lower()


# --- issued certificates ------------------------------------------------------------------------------------------


def test_certificates_are_looked_through_and_looked_at(scene: Scene, desk: Desk) -> None:
    for at in range(27):
        scene.issue(scene.submit(f"Root{at:02}"))
    page = desk.page
    page.turn_to("certificates")
    table = one(page, TableView)

    def shown() -> list[str]:
        return [row["cells"][0] for row in table.rows]

    assert shown()[:2] == ["27", "26"]
    message(table, {"kind": "page", "to": "after"})
    assert shown() == ["2", "1"]
    message(table, {"kind": "sort", "key": "number"})
    assert shown()[:2] == ["1", "2"]
    message(table, {"kind": "search", "text": "ROOT07"})
    assert shown() == ["8"]
    scene.issue(scene.submit("Root07again"))
    page.refresh()
    assert shown() == ["8", "28"]
    message(table, {"kind": "act", "row": "8", "act": "look"})
    assert "root07.lab.test" in texts(page)
    assert "Chain of trust" in texts(page)
    assert page.view.kept() == {"number": "8"}
    pressed(page, "Back to the list")
    pressed(page, "The CA's own certificate")
    assert "0, the CA" in texts(page).replace("&#x27;", "'")
    assert page.view.kept() == {"number": "0"}


@pytest.mark.parametrize("number", ["99", "x", "-1", "9" * 60])
def test_a_number_that_is_none_shows_the_list(scene: Scene, desk: Desk, number: str) -> None:
    page = desk.page
    page.turn_to("certificates", number=number)
    assert one(page, TableView) is not None


def test_downloads_are_the_certificate_and_its_chain(scene: Scene, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    issued = scene.issue(scene.submit())
    sent: dict[str, bytes] = {}

    def send(self: Download, content: dict[str, Any], buffers: Any = None) -> None:
        sent[content["name"]] = bytes(buffers[0])

    monkeypatch.setattr(Download, "send", send)
    page = desk.certificates()
    page.view.opened(number="1")
    for each in [each for each in within(page) if isinstance(each, Download)]:
        message(each, {"kind": "want"})
    assert sent == {
        "SantiagoDev.cer": issued.pem.encode(),
        "SantiagoDev.der": issued.certificate.certificate.der,
        "SantiagoDev-chain.cer": (issued.pem + scene.ca.chain().pem).encode(),
    }
