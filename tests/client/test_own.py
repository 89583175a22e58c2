"""What lies in a client's manager directory, and its certificates put to use without a file being written."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pkilab.client import transport
from pkilab.errors import CannotDo, InvalidField, NothingToTrust, PasswordsDiffer, SignatureRefused, WrongPassword
from pkilab.model.certificate import CertificateState
from pkilab.model.dn import DN
from pkilab.model.own import Reported
from pkilab.model.usage import Usage
from pkilab.views import text
from pkilab.x509 import container
from tests.client.conftest import Town
from tests.scene import ANA, CA_PASSWORD, Scene

PASSWORD = "correct horse of Temuco"
OTHER = "correct horse of the container"


def get(town: Town, root: str, algorithm: str = "ec-p256", *, password: str | None = PASSWORD) -> None:
    town.client.submit(
        root=root, subject=DN(common_name=f"{root.lower()}.lab.test"), key_algorithm=algorithm, password=password
    )
    (request,) = town.scene.ca.pending()
    town.client.get(town.scene.issue(request, Usage.TLS).number)


def snapshot(town: Town) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in town.client.directory.rglob("*") if path.is_file()}


def test_own_files_are_told_by_root(town: Town) -> None:
    client = town.client
    assert client.own() == ()
    client.submit(root="web", subject=DN(common_name="web.lab.test"), key_algorithm="ec-p256", password=PASSWORD)
    (waits,) = client.own()
    assert (waits.root, waits.key, waits.key_encrypted, waits.certificate, waits.waiting) == (
        "web", True, True, None, True,
    )  # fmt: skip
    assert str(waits) == "web: an encrypted key, a request"
    client.get(town.scene.issue(town.scene.ca.pending()[0]).number)
    get(town, "Alt", password=None)
    client.get_ca_certificate()
    alt, ca, web = client.own()
    assert [each.root for each in (alt, ca, web)] == ["Alt", "MyCA", "web"]
    assert (ca.key, ca.chain, ca.belongs, ca.waiting) == (False, True, None, False)
    assert (alt.key_encrypted, alt.belongs) == (False, True)
    assert (web.belongs, web.waiting) == (True, False)
    client.renew(root="web", password=PASSWORD)
    begun = client.own()[2]
    assert begun.renewal is not None
    assert begun.waiting
    assert begun.belongs


def revoke(town: Town, root: str, reason: str) -> None:
    (number,) = [each.number for each in town.scene.ca.certificates().certificates if each.root == root]
    town.scene.ca.revoke(number, reason=reason, password=CA_PASSWORD)


def test_own_files_tell_what_the_ca_says_of_their_certificates(town: Town) -> None:
    for root in ("Gone", "Good", "Held"):
        get(town, root, password=None)
    town.client.get_ca_certificate()
    revoke(town, "Gone", "keyCompromise")
    revoke(town, "Held", "certificateHold")
    gone, good, held, ca = (each.reported for each in town.client.own())
    assert gone is not None
    assert good == ca == Reported(state=CertificateState.VALID)
    assert held is not None
    assert (gone.state, gone.revoked_for, gone.revoked) == (CertificateState.REVOKED, "keyCompromise", True)
    assert gone.revoked_at is not None
    assert gone.revoked_at == town.scene.ca.certificate(1).revocation.at  # type: ignore[union-attr]
    assert (held.state, held.revoked) == (CertificateState.HELD, True)
    assert f"revoked since {gone.revoked_at:%Y-%m-%d}, keyCompromise" in str(town.client.own()[0])
    assert "on hold since" in str(town.client.own()[2])
    assert [each.reported for each in town.client.own(ask=False)] == [None] * 4
    town.scene.ca.lift(3, password=CA_PASSWORD)
    assert town.client.own()[2].reported == good


def test_what_the_ca_cannot_be_asked_is_told_as_not_known(town: Town, tmp_path: Path) -> None:
    get(town, "Gone", password=None)
    revoke(town, "Gone", "superseded")
    other = Scene(tmp_path / "other", clock=town.scene.clock)
    other.configure()
    settings = town.client.settings
    with other.lab.serve() as elsewhere:  # its CA has the same name and gave the same number
        other.issue(other.submit())
        town.client.configure(host="127.0.0.1", port=elsewhere.port, contact=ANA)
        (found,) = town.client.own()
        assert found.reported is not None
        assert (found.reported.state, found.reported.revoked) == (None, False)
        assert found.reported.why.startswith("Another CA issued it")
        assert "not known whether revoked" in str(found)
    (found,) = town.client.own()
    assert found.reported is not None
    assert found.reported.state is None
    assert "nothing listens there" in found.reported.why
    other.lab.registry.close()
    town.client.configure(host=settings.host, port=settings.port, contact=ANA)
    town.scene.clock.forward(days=400)
    (found,) = town.client.own()
    assert found.reported is not None
    assert found.reported.state is CertificateState.REVOKED


def test_an_expired_certificate_is_expired_whoever_is_asked(town: Town) -> None:
    get(town, "Gone", password=None)
    town.service.stop()
    town.scene.clock.forward(days=400)
    (found,) = town.client.own()
    assert found.reported is not None
    assert found.reported.state is CertificateState.EXPIRED
    assert found.reported.why


def test_a_server_of_the_original_tells_nothing_of_revocation(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    get(town, "Gone", password=None)
    revoke(town, "Gone", "superseded")
    monkeypatch.setattr(transport, "_api", lambda *_: "")
    (found,) = town.client.own()
    assert found.reported is not None
    assert found.reported.state is None
    assert "no API" in found.reported.why


def test_a_handshake_tells_of_a_revocation_that_tls_does_not_look_up(town: Town) -> None:
    get(town, "Gone", password=None)
    town.client.get_ca_certificate()
    assert "revo" not in town.client.try_tls("Gone").message
    revoke(town, "Gone", "certificateHold")
    held = town.client.try_tls("Gone")
    assert "Yet the certificate is on hold, which TLS by itself does not look up" in held.message
    town.scene.ca.revoke(1, reason="keyCompromise", password=CA_PASSWORD)
    gone = town.client.try_tls("Gone")
    assert gone.version.startswith("TLSv1.")
    assert "a peer who checks the CA's revocation list refuses it." in gone.message
    told = text.draw(gone)
    assert "revoked since" in told
    assert "Renew it with a new key." in told


def test_own_files_tell_what_is_amiss_and_hide_nothing(town: Town) -> None:
    get(town, "One", password=None)
    get(town, "Two", password=None)
    folder = town.client.directory
    (folder / "One.key").write_bytes((folder / "Two.key").read_bytes())
    (folder / "Two.csr").write_text("nonsense")
    (folder / "Two.cer").write_text("nonsense")
    (folder / "Three-chain.cer").write_bytes((folder / "One.cer").read_bytes())
    (folder / "not a root.key").write_text("x")
    one, three, two = town.client.own()
    assert one.belongs is False
    assert three.root == "Three-chain"
    assert (two.certificate, len(two.troubles)) == (None, 2)


def test_the_files_of_an_instances_own_ca_are_none_of_its_client(town: Town) -> None:
    own = town.scene.lab.instance("MyCA").client
    own.configure(host="127.0.0.1", port=town.service.port, contact=ANA)
    (own.directory / "MyCA.cer").symlink_to(town.scene.directory / "MyCA.cer")
    (own.directory / "MyCA.key").symlink_to(town.scene.directory / "MyCA.key")
    assert own.own() == ()


def test_a_file_is_signed_and_checked_and_nothing_is_written(
    town: Town, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    client = town.client
    get(town, "Sign")
    client.get_ca_certificate()
    before = snapshot(town)
    with pytest.raises(WrongPassword):
        client.octets.sign("script.sh", b"echo hello\n", root="Sign", password="wrong horse")
    made = client.octets.sign("C:\\fakepath\\script.sh", b"echo hello\n", root="Sign", password=PASSWORD)
    assert made.name == "script.sh.p7s"
    assert "octets" not in repr(made)
    checked = client.octets.verify_signature("script.sh", b"echo hello\n", made.octets)
    assert checked.certificate.names == ("DNS:sign.lab.test",) or "sign.lab.test" in checked.message
    with pytest.raises(SignatureRefused):
        client.octets.verify_signature("script.sh", b"echo hallo\n", made.octets)
    assert snapshot(town) == before
    (tmp_path / "script.sh").write_bytes(b"echo hello\n")
    (tmp_path / "script.sh.p7s").write_bytes(made.octets)
    subprocess.run(
        [tool("openssl"), "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "script.sh.p7s", "-content",
         tmp_path / "script.sh", "-purpose", "any", "-CAfile", client.directory / "MyCA.cer"],
        check=True, capture_output=True,
    )  # fmt: skip


def test_xml_is_signed_checked_encrypted_and_opened(town: Town) -> None:
    octets = town.client.octets
    get(town, "Doc", "rsa-2048")
    with pytest.raises(NothingToTrust):
        octets.verify_xml("order.xml", b"<order/>")
    town.client.get_ca_certificate()
    signed = octets.sign_xml("order.xml", b"<order><card>42</card></order>", root="Doc", password=PASSWORD)
    assert signed.name == "order-signed.xml"
    assert b"42" in (octets.verify_xml(signed.name, signed.octets).content or b"")
    with pytest.raises(SignatureRefused):
        octets.verify_xml(signed.name, signed.octets.replace(b"42", b"43"))
    certificate = (town.client.directory / "Doc.cer").read_bytes()
    for recipient in ("Doc", certificate):
        sealed = octets.encrypt_xml("order.xml", b"<o><card>42</card></o>", recipient=recipient, element=".//card")
        assert b"<card>" not in sealed.octets
        assert octets.decrypt_xml(sealed.name, sealed.octets, root="Doc", password=PASSWORD).octets.endswith(
            b"<o><card>42</card></o>"
        )
    with pytest.raises(InvalidField, match="File root"):
        octets.encrypt_xml("order.xml", b"<o/>", recipient="../Doc")


def test_a_container_has_its_own_password(town: Town) -> None:
    octets = town.client.octets
    get(town, "Web")
    with pytest.raises(InvalidField, match="choose a password"):
        octets.pkcs12("Web", password=PASSWORD)
    with pytest.raises(PasswordsDiffer):
        octets.pkcs12("Web", password=PASSWORD, container_password=OTHER, confirmation="another horse")
    for legacy in (False, True):
        made = octets.pkcs12("Web", password=PASSWORD, container_password=OTHER, confirmation=OTHER, legacy=legacy)
        assert made.name == "Web.p12"
        container.read(made.octets, OTHER, path=Path("Web.p12"))
    assert octets.chain("Web").octets.count(b"BEGIN") == 1
    town.client.get_ca_certificate()
    assert octets.trust().octets.count(b"BEGIN") == 1


def test_what_an_algorithm_cannot_do_is_said(town: Town) -> None:
    get(town, "Future", "ml-dsa-44", password=None)
    octets = town.client.octets
    with pytest.raises(CannotDo, match="RSA"):
        octets.pkcs12("Future", container_password=OTHER, confirmation=OTHER)
    with pytest.raises(CannotDo, match="RSA"):
        octets.sign("a", b"a", root="Future")
