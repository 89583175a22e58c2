"""Verify, and taking over certificates issued elsewhere, as cells and as hostile pages do it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pkilab.desk import Desk
from pkilab.errors import InvalidField, NotIssuedHere, NotReady, PkilabError
from pkilab.forms.adopt import Adopt
from pkilab.forms.certificates import Certificates, _row
from pkilab.forms.parts.upload import Upload
from pkilab.forms.verify import OF_THE_CA, UPLOADED, Verify
from pkilab.views import text
from tests.client.conftest import Town, town
from tests.forms import pages
from tests.scene import CA_PASSWORD, Scene, signing_request

__all__ = ["town"]


def operators(scene: Scene) -> Verify:
    form = Desk(scene.lab.instance("MyCA"), part="operator").verify().form
    assert isinstance(form, Verify)
    return form


def test_a_number_of_the_ca_is_judged_for_purpose_name_and_time(scene: Scene) -> None:
    number = scene.issue(scene.submit()).number
    form = operators(scene)
    assert form.offers == ("certificate", "ca", "paste")
    assert form.blocked("verify") == ("Number is needed.",)
    form.number, form.purpose, form.host = number, "tls-server", "santiagodev.lab.test"
    assert form.verify().accepted
    assert [way.label for way in form.hood.ways] == ["Python", "pkilab", "openssl", "On the wire"]
    form.host = "other.lab.test"
    assert not form.verify().accepted
    form.host, form.at = "", str((scene.clock.now + timedelta(days=800)).date())
    assert not form.verify().accepted
    form.at = "soon"
    assert form.problems["at"]
    with pytest.raises(NotReady):
        form.verify()


def test_a_revoked_certificate_is_seen_by_the_cas_list_and_by_an_uploaded_one(scene: Scene) -> None:
    number = scene.issue(scene.submit()).number
    form = operators(scene)
    form.number = number
    form.lists = OF_THE_CA
    with pytest.raises(PkilabError):
        form.verify()
    scene.ca.revoke(number, reason="superseded", password=CA_PASSWORD)
    judged = form.verify()
    assert not judged.accepted
    assert any("looks at no revocation list" in each for each in judged.differences)
    form.lists = UPLOADED
    assert form.blocked("verify") == ("Choose the revocation list.",)
    with pytest.raises(PkilabError):
        form.take_list("x.crl", b"nonsense")
    form.take_list("MyCA.crl", scene.ca.crl().der)
    assert not form.verify().accepted


def test_what_is_pasted_or_uploaded_is_judged_by_whom_one_trusts(scene: Scene, tmp_path: Path) -> None:
    other = Scene(tmp_path / "other")
    other.configure()
    issued = other.issue(other.submit())
    form = operators(scene)
    form.take("leaf.der", issued.certificate.certificate.der)
    assert (form.what, form.pasted) == ("paste", issued.pem)
    assert not form.verify().accepted
    form.take_trust("root.cer", other.ca.ca_certificate().pem.encode())
    assert form.verify().accepted
    form.pasted = "nonsense"
    with pytest.raises(InvalidField):
        form.verify()


def test_a_client_judges_its_own_files_and_no_others(town: Town) -> None:
    client = town.client
    client.submit(root="Web", csr=signing_request("Web").pem)
    number = town.scene.issue(town.scene.ca.pending()[-1]).number
    client.get(number)
    client.get_ca_certificate()
    page = Desk(town.scene.lab.instance("Temuco"), part="client").verify()
    form = page.form
    assert isinstance(form, Verify)
    page.view.opened(file="Web.cer")
    assert form.verify().accepted
    assert page.view.kept() == {"file": "Web.cer"}
    form.file = "../../MyCA/mgr/ca/MyCA.cer"
    with pytest.raises(InvalidField):
        form.verify()
    form.file = "Web.key"
    with pytest.raises(PkilabError):
        form.verify()
    with pytest.raises(InvalidField):
        form.choose("request", number="1")


def test_a_hostile_page_makes_no_verdict(scene: Scene) -> None:
    page = Desk(scene.lab.instance("MyCA")).verify()
    form = page.form
    assert isinstance(form, Verify)
    for each in [each for each in pages.within(page) if isinstance(each, Upload)]:
        pages.forge(each, most=1 << 40)
        pages.message(each, {"kind": "file", "name": "x"}, [b"-----BEGIN CERTIFICATE-----"])
        pages.message(each, {"kind": "file", "name": "x"}, [b"x" * (1 << 22)])
    pages.pressed(page, "Ask the verifiers")
    assert form.result is None
    assert form.told is not None


def test_certificates_from_elsewhere_are_taken_over(scene: Scene, tmp_path: Path) -> None:
    first, second, third = (scene.issue(scene.submit(root)) for root in ("One", "Two", "Three"))
    numbers = {"One": first.number, "Two": second.number, "Three": third.number}
    scene.ca.reinitialize(confirmed=True)
    scene.ca.configure(root="MyCA", directory=scene.directory, issued_days=365, existing=True)
    form = Adopt(scene.ca)
    assert form.blocked("adopt") == ("Choose at least one file.",)
    form.take("C:\\fakepath\\One.cer", first.pem.encode())
    (tmp_path / "Two.der").write_bytes(second.certificate.certificate.der)
    form.paths = str(tmp_path / "Two.der")
    form.host, form.origin = "old.lab.test", "OLD"
    done = form.adopt()
    assert [(each.root, each.name.host) for each in done.certificates] == [
        ("One", "old.lab.test"),
        ("Two", "old.lab.test"),
    ]
    assert (form.handed, form.name_, form.paths) == ((), "", "")
    assert scene.ca.certificate(first.number).fingerprint == first.fingerprint
    form.take("Three.cer", third.pem.encode())
    form.host = form.origin = ""
    form.adopt()
    table = Certificates(scene.ca)
    listed = {row.cells[1]: row.cells[3] for row in map(_row, table.look().certificates)}
    assert listed == {"One": "OLD on old.lab.test", "Two": "OLD on old.lab.test", "Three": "elsewhere"}
    drawn = {root: text.draw(scene.ca.certificate(number)) for root, number in numbers.items()}
    assert "Taken over from" in drawn["Two"]
    assert "OLD on old.lab.test" in drawn["Two"]
    assert "elsewhere" in drawn["Three"]


def test_what_another_ca_signed_is_not_taken_over_and_large_files_are_refused(scene: Scene, tmp_path: Path) -> None:
    other = Scene(tmp_path / "other")
    other.configure()
    form = Adopt(scene.ca)
    form.take("theirs.cer", other.issue(other.submit()).pem.encode())
    with pytest.raises(NotIssuedHere):
        form.adopt()
    assert scene.ca.certificates().total == 0
    with pytest.raises(InvalidField):
        form.take("large", b"x" * (9 << 20))
