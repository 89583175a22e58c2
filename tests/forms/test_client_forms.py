"""The forms of a CA client, as a cell fills them: configure, submit, get certificates; against a real service."""

from pathlib import Path

import pytest

from pkilab.errors import InvalidCSR, InvalidField, NotReady, Refused, Unreachable
from pkilab.forms.configure_client import BY_FILE, BY_FINGERPRINT, ConfigureClient, Suggested
from pkilab.forms.get_certificates import GetCertificates
from pkilab.forms.paging import PAGE
from pkilab.forms.submit import ELSEWHERE, Submit, alternative_names
from pkilab.lab import Instance
from pkilab.model.contact import Contact
from pkilab.web.service import Service
from pkilab.x509 import keys
from tests.scene import Scene, signing_request

PASSWORD = "correct horse of Santiago"


def test_a_client_is_configured_and_its_form_knows_it_again(scene: Scene, service: Service) -> None:
    client = scene.lab.instance("Quito").client
    form = ConfigureClient(client, Suggested(host="localhost", port=service.port))
    assert (form.host, form.port) == ("localhost", str(service.port))
    assert form.blocked("save") == ("Contact name is needed.",)
    assert form.problems == {}
    form.contact_name, form.contact_email = "Ana", "ana"
    assert "mail address" in form.problems["contact_email"]
    with pytest.raises(NotReady):
        form.save()
    form.contact_email = "ana@lab.test"
    assert form.test().instance == "MyCA"
    form.save()
    assert client.settings.contact == Contact("Ana", email="ana@lab.test")
    again = ConfigureClient(client)
    assert (again.host, again.port, again.contact_name) == ("localhost", str(service.port), "Ana")


def test_a_ca_that_comes_while_the_form_is_open_is_suggested_unless_somebody_typed(scene: Scene) -> None:
    form = ConfigureClient(scene.lab.instance("Quito").client)
    assert form.open_to_suggestions
    form.suggest(Suggested(host="localhost", port=18000))
    assert (form.host, form.port) == ("localhost", "18000")
    form.host = "ca.lab.test"
    form.suggest(Suggested(host="localhost", port=1))
    assert (form.host, form.port) == ("ca.lab.test", "18000")


def test_a_test_of_the_connection_says_what_it_met_and_saves_nothing(scene: Scene, service: Service) -> None:
    client = scene.lab.instance("Quito").client
    form = ConfigureClient(client)
    form.host, form.port = "localhost", 1
    with pytest.raises(Unreachable):
        form.test()
    assert "nothing listens there" in form.told.sentences[0]
    assert not client.configured


def test_what_a_test_of_the_connection_met_holds_until_the_way_there_is_changed(scene: Scene, service: Service) -> None:
    form = ConfigureClient(scene.lab.instance("Quito").client, Suggested(host="localhost", port=service.port))
    form.test()
    form.contact_name = "Ana"
    assert form.reached.instance == "MyCA"
    form.host = "elsewhere.lab.test"
    assert form.reached is None


@pytest.mark.parametrize("port", ["", "0", "65536", "nonsense", "5277.3", "-1"])
def test_a_port_is_said_to_be_wrong_beside_it(scene: Scene, port: str) -> None:
    form = ConfigureClient(scene.lab.instance("Quito").client)
    form.port = port
    assert form.problems["port"]
    assert form.blocked("save")


def test_trust_over_https_by_file_and_by_compared_fingerprint(scene: Scene, tmp_path: Path) -> None:
    quick = scene.lab.tls_quickstart()
    with scene.lab.serve(tls=quick) as service:
        client = scene.lab.instance("Quito").client
        form = ConfigureClient(client)
        form.host, form.port, form.contact_name = "localhost", service.port, "Ana"
        form.security = BY_FINGERPRINT
        assert form.look().fingerprint.sha256 == quick.fingerprint.sha256
        assert form.blocked("save") == ("Fingerprint of the server's certificate is needed.",)
        form.trust_fingerprint = "00" * 32
        with pytest.raises(Unreachable):
            form.save()
        assert not client.configured
        form.trust_fingerprint = quick.fingerprint.sha256
        form.save()
        assert client.settings.trust_fingerprint == quick.fingerprint.sha256
        form.security, form.trust = BY_FILE, str(tmp_path / "nowhere.pem")
        with pytest.raises(InvalidField):
            form.save()
        form.trust = str(scene.path / "tls" / "quickstart.cer")
        form.save()
        assert client.test_connection().instance == "MyCA"


def test_a_request_is_made_and_sent(scene: Scene, santiago: Instance) -> None:
    form = Submit(santiago.client)
    assert form.blocked("submit")[0] == "File root is needed."
    form.root, form.common_name, form.country = "SantiagoDev", "santiago.lab.test", "CL"
    form.names = "santiago.lab.test, 10.0.0.7\nana@lab.test\nhttps://santiago.lab.test/"
    form.key_algorithm = "ec-p256"
    form.password = PASSWORD
    assert form.blocked("submit") == ("Password again is needed.",)
    form.confirmation = "correct horse"
    assert form.problems["confirmation"] == "The two passwords differ."
    form.confirmation = PASSWORD
    sent = form.submit()
    assert (form.password, form.confirmation) == ("", "")
    (request,) = scene.ca.pending()
    assert request.fingerprint == sent.fingerprint
    assert request.subject == "C = CL, CN = santiago.lab.test"
    assert request.names == (
        "DNS:santiago.lab.test",
        "IP:10.0.0.7",
        "email:ana@lab.test",
        "URI:https://santiago.lab.test/",
    )
    key = (santiago.manager / "SantiagoDev.key").read_bytes()
    assert keys.is_encrypted(key)
    keys.load(key, PASSWORD, path=Path("SantiagoDev.key"))
    assert [way.label for way in form.hood.ways] == ["Python", "pkilab", "openssl", "On the wire"]
    assert PASSWORD not in repr(form.hood)


def test_an_instance_that_is_no_client_sends_nothing(scene: Scene) -> None:
    form = Submit(scene.lab.instance("Quito").client)
    form.root, form.common_name = "QuitoDev", "quito.lab.test"
    assert form.blocked("submit") == ("Configure this instance as a CA client first.",)
    with pytest.raises(NotReady):
        form.submit()


def test_a_request_that_could_not_be_sent_is_sent_again(scene: Scene, service: Service, santiago: Instance) -> None:
    form = Submit(santiago.client)
    form.root, form.common_name, form.key_algorithm = "SantiagoDev", "santiago.lab.test", "ec-p256"
    assert form.blocked("resubmit") == ("Nothing waits to be sent again.",)
    service.stop()
    with pytest.raises(Unreachable):
        form.submit()
    assert form.stays == "SantiagoDev"
    assert any("resubmit" in sentence for sentence in form.told.sentences)
    with scene.lab.serve() as another:
        settings = santiago.client.settings
        santiago.client.configure(host="localhost", port=another.port, contact=settings.contact)
        sent = form.resubmit()
    assert form.stays == ""
    assert [each.fingerprint for each in scene.ca.pending()] == [sent.fingerprint]


def test_a_request_of_another_tool_is_pasted_or_uploaded(scene: Scene, santiago: Instance) -> None:
    form = Submit(santiago.client)
    form.root, form.made = "Foreign", ELSEWHERE
    assert form.blocked("submit") == ("Certificate signing request is needed.",)
    form.csr = "nonsense"
    with pytest.raises(InvalidCSR):
        form.submit()
    pasted, uploaded = signing_request("one"), signing_request("two")
    form.csr = pasted.pem
    form.submit()
    form.root = "Second"
    form.upload(uploaded.der)
    form.submit()
    assert [each.fingerprint for each in scene.ca.pending()] == [pasted.fingerprint, uploaded.fingerprint]
    assert not list(santiago.manager.glob("*.key"))
    form.upload(b"-----BEGIN nonsense\xff")
    with pytest.raises(InvalidCSR):
        form.submit()


def test_a_root_that_is_pathological_is_refused_beside_it(santiago: Instance) -> None:
    form = Submit(santiago.client)
    for root in ("cache", "../x", "a b", "x" * 65, "<img src=x>"):
        form.root = root
        assert form.problems["root"]
        assert any(reason.startswith("File root:") for reason in form.blocked("submit"))


def test_kinds_of_alternative_names_are_guessed_where_they_are_left_out() -> None:
    assert [str(name) for name in alternative_names("fd00::7\nURN:uuid:1\nDNS:*.lab.test, IP:10.0.0.1")] == [
        "IP:fd00::7",
        "URI:URN:uuid:1",
        "DNS:*.lab.test",
        "IP:10.0.0.1",
    ]
    with pytest.raises(InvalidField):
        alternative_names("not a name")


def test_a_certificate_that_is_waited_for_arrives_and_is_fetched(scene: Scene, santiago: Instance) -> None:
    submit = Submit(santiago.client)
    submit.root, submit.common_name, submit.key_algorithm = "SantiagoDev", "santiago.lab.test", "ec-p256"
    submit.submit()
    form = GetCertificates(santiago.client)
    form.wait_for("SantiagoDev", submit.known)
    form.ask()
    assert (form.page.total, form.arrived) == (0, None)
    issued = scene.issue(scene.ca.pending()[0])
    form.look_again()
    assert form.arrived == issued.number
    assert form.get_ca_certificate().path.name == "MyCA.cer"
    saved = form.get(issued.number)
    assert saved.key_path == santiago.manager / "SantiagoDev.key"
    assert saved.path.read_bytes() == issued.pem.encode()
    assert form.waiting == ""


def test_the_list_is_searched_narrowed_and_turned(scene: Scene, service: Service, santiago: Instance) -> None:
    waiting = [scene.submit(f"Root{at}") for at in range(PAGE + 3)]
    for request in waiting:
        scene.issue(request)
    form = GetCertificates(santiago.client)
    first = form.ask()
    assert (len(first.certificates), first.total, form.earlier) == (PAGE, PAGE + 3, False)
    form.turn("before")
    form.turn("after")
    form.look_again()
    assert [each.root for each in form.page.certificates] == [f"Root{at}" for at in range(PAGE, PAGE + 3)]
    assert form.earlier
    form.turn("before")
    form.look_again()
    assert form.page == first
    form.search = "root27"
    form.look_again()
    assert [each.root for each in form.page.certificates] == ["Root27"]
    form.search, form.mine = "", True
    form.look_again()
    assert form.page.total == PAGE + 3  # sent as SANTIAGO on santiago: letter case does not count
    quito = scene.lab.instance("Quito", node="quito")
    quito.client.configure(host="localhost", port=service.port, contact=Contact("Eva"))
    other = GetCertificates(quito.client)
    other.mine = True
    assert other.ask().total == 0


def test_a_list_that_cannot_be_had_says_why_and_a_wrong_number_is_refused(service: Service, santiago: Instance) -> None:
    form = GetCertificates(santiago.client)
    with pytest.raises(Refused):
        form.get(77)
    service.stop()
    form.look_again()
    assert "nothing listens there" in form.unreached
    assert form.told is None or form.told.sentences


def test_a_name_that_cannot_be_a_files_is_asked_for(scene: Scene, santiago: Instance) -> None:
    request = scene.send(signing_request("odd"), "MyCA")
    issued = scene.issue(request)
    form = GetCertificates(santiago.client)
    form.root = "../x"
    with pytest.raises(NotReady):
        form.get(issued.number)
    form.root = "Another"
    assert form.get(issued.number).path.name == "Another.cer"
    assert (form.root, form.renamed) == ("", True)
