"""Configuring a CA server: the two cases, what is written, and what is refused without a trace (S1-S6)."""

import stat
from pathlib import Path
from typing import Any

import pytest

from pkilab.errors import (
    AlreadyConfigured,
    FoundChanged,
    InvalidField,
    NotConfigured,
    PasswordsDiffer,
    PkilabError,
    SerialFileBroken,
    WrongCase,
)
from pkilab.model.dn import DN
from pkilab.model.settings import MailSecurity, Serials
from pkilab.store import secrets
from tests.scene import CA_PASSWORD, Scene, settings


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "registry.sqlite3" not in path.name and not path.name.endswith(".lock")
    }


def test_looking_makes_nothing(scene: Scene) -> None:
    found = scene.ca.look(root="MyCA", directory="ca")
    assert not found.existing
    assert found.directory == scene.directory
    assert "Neither MyCA.key nor MyCA.cer" in found.reason
    assert not scene.directory.exists()


def test_a_new_ca_has_key_certificate_and_a_fresh_serial_file(scene: Scene) -> None:
    done = scene.configure()
    assert {path.name for path in scene.directory.iterdir() if not path.name.startswith(".")} == {
        "MyCA.key",
        "MyCA.cer",
        "MyCA.srl",
        "MyCA.journal",
    }
    assert mode(scene.directory / "MyCA.key") == 0o600
    assert mode(scene.directory) == 0o700
    assert (scene.directory / "MyCA.srl").read_bytes() == b"00\n"
    assert b"ENCRYPTED PRIVATE KEY" in (scene.directory / "MyCA.key").read_bytes()
    assert (scene.directory / "MyCA.cer").read_text() == done.certificate.pem
    assert done.certificate.serial > 2**63, "the CA's own number is random"
    assert "removable media" in done.message
    assert "ca-admin@myca.lab.test" in done.message
    assert done.fingerprint == scene.ca.ca_certificate().fingerprint


def test_the_confirmation_mail_waits_with_the_fingerprint(scene: Scene) -> None:
    done = scene.configure(admin_email="boss@lab.test")
    (mail,) = scene.outbox()
    assert mail.recipient == "boss@lab.test"
    assert done.fingerprint.sha256 in mail.body
    assert CA_PASSWORD not in mail.body


def test_configuring_is_journalled(configured: Scene) -> None:
    (entry,) = configured.ca.journal()
    assert (entry.act, entry.by) == ("configured", "opal")


def test_a_configured_ca_is_not_configured_again(configured: Scene) -> None:
    before = files(configured.path)
    with pytest.raises(AlreadyConfigured):
        configured.configure(root="Other")
    assert files(configured.path) == before


@pytest.mark.parametrize(("ending", "other"), [(".key", ".cer"), (".cer", ".key")])
def test_a_file_that_is_alone_is_kept_aside_under_names_that_are_free(scene: Scene, ending: str, other: str) -> None:
    scene.directory.mkdir(parents=True)
    (scene.directory / f"MyCA{ending}").write_bytes(b"of another tool")
    (scene.directory / f"MyCA{ending}.old").write_bytes(b"older")
    found = scene.ca.look(root="MyCA", directory="ca")
    assert not found.existing
    assert f"Only MyCA{ending} is" in found.reason
    done = scene.configure(existing=False, found=found)
    assert (scene.directory / f"MyCA{ending}.old").read_bytes() == b"older"
    assert (scene.directory / f"MyCA{ending}.old.1").read_bytes() == b"of another tool"
    assert done.set_aside == (scene.directory / f"MyCA{ending}.old.1",)
    assert (scene.directory / f"MyCA{other}").exists()


def test_a_serial_file_that_is_there_counts_on(scene: Scene) -> None:
    scene.directory.mkdir(parents=True)
    (scene.directory / "MyCA.srl").write_text("FE\n")
    scene.configure()
    assert (scene.directory / "MyCA.srl").read_text() == "FE\n"
    assert scene.issue(scene.submit()).number == 0xFF


def test_a_broken_serial_file_is_an_error_before_anything_is_made(scene: Scene) -> None:
    scene.directory.mkdir(parents=True)
    (scene.directory / "MyCA.srl").write_text("\n")
    with pytest.raises(SerialFileBroken):
        scene.configure()
    assert [path.name for path in scene.directory.iterdir()] == ["MyCA.srl"]


def test_files_that_changed_since_looking_are_noticed(scene: Scene) -> None:
    found = scene.ca.look(root="MyCA", directory="ca")
    scene.directory.mkdir(parents=True)
    (scene.directory / "MyCA.cer").write_bytes(b"meanwhile")
    with pytest.raises(FoundChanged):
        scene.configure(found=found)
    assert (scene.directory / "MyCA.cer").read_bytes() == b"meanwhile"


def test_arguments_for_an_existing_ca_are_refused_for_a_new_one(scene: Scene) -> None:
    with pytest.raises(WrongCase, match="last serial number"):
        scene.configure(last_serial=5)
    with pytest.raises(WrongCase, match="an existing CA was asked for"):
        scene.configure(existing=True)


def test_arguments_for_a_new_ca_are_refused_for_an_existing_one(configured: Scene) -> None:
    configured.ca.reinitialize(confirmed=True)
    with pytest.raises(WrongCase, match="password, subject, validity of the CA certificate, key algorithm"):
        configured.configure()
    with pytest.raises(WrongCase, match="a new CA was asked for"):
        configured.configure(existing=False, password=None, subject=None, ca_days=None, key_algorithm=None)


def test_random_numbers_need_no_serial_file(scene: Scene) -> None:
    done = scene.configure(serials=Serials.RANDOM)
    assert done.serial_path is None
    assert not (scene.directory / "MyCA.srl").exists()
    numbers = [scene.issue(scene.submit(f"R{at}")).number for at in range(3)]
    assert len(set(numbers)) == 3
    assert all(number > 2**63 for number in numbers)


def test_the_smtp_password_is_kept_in_one_private_file(scene: Scene) -> None:
    scene.configure(
        smtp_host="mail.lab.test",
        smtp_username="ca",
        smtp_password="correct horse of the mail",
        smtp_confirmation="correct horse of the mail",
        smtp_security=MailSecurity.STARTTLS,
    )
    assert secrets.load(scene.manager) == "correct horse of the mail"
    holding = [path for path in scene.path.rglob("*") if path.is_file() and b"of the mail" in path.read_bytes()]
    assert [mode(path) for path in holding] == [0o600]
    assert "horse" not in repr(scene.ca.settings)
    scene.ca.reinitialize(confirmed=True)
    assert secrets.load(scene.manager) is None


def test_text_of_any_script_is_welcome(scene: Scene) -> None:
    name = DN(country="CL", organization="Образование 教育", common_name="Ñuñoa Ünïversität CA")
    scene.configure(subject=name)
    assert scene.ca.ca_certificate().subject == "C = CL, O = Образование 教育, CN = Ñuñoa Ünïversität CA"


LONG = "x" * 300
CONTROL = "a\x07b"
BAD: list[tuple[str, dict[str, Any]]] = [
    *(("File root", {"root": value}) for value in ("", LONG, CONTROL, "../x", "a/b", "CACHE", "cache", "a.b", "ä")),
    *(
        ("Directory", {"directory": value})
        for value in ("", None, LONG * 9, CONTROL, "../x", "a/../../x", "nul\0", "~/x")
    ),
    *(("Password", {"password": value}) for value in ("", "x" * 2000, CONTROL)),
    ("Validity of the CA certificate", {"ca_days": 0}),
    ("Validity of the CA certificate", {"ca_days": -1}),
    ("Validity of the CA certificate", {"ca_days": 10**9}),
    ("Validity of the CA certificate", {"ca_days": None}),
    ("Validity of issued certificates", {"issued_days": 0}),
    ("Validity of issued certificates", {"issued_days": -1}),
    ("Validity of issued certificates", {"issued_days": 10**9}),
    ("Subject", {"subject": None}),
    ("Key algorithm", {"key_algorithm": "rsa-1024"}),
    ("Serial numbers", {"serials": "dice"}),
    *(("SMTP server", {"smtp_host": value}) for value in (LONG, CONTROL, "a/b", "a b")),
    ("SMTP server", {"smtp_username": "ca"}),
    *(("SMTP port", {"smtp_host": "m.lab.test", "smtp_port": value}) for value in (0, -1, 10**9)),
    *(("SMTP username", {"smtp_host": "m.lab.test", "smtp_username": value}) for value in (LONG, CONTROL)),
    ("SMTP username", {"smtp_host": "m.lab.test", "smtp_password": "correct horse"}),
    ("SMTP password", {"smtp_host": "m", "smtp_username": "u", "smtp_password": CONTROL}),
    ("SMTP security", {"smtp_host": "m.lab.test", "smtp_security": "magic"}),
    *(("CA administrator's address", {"admin_email": value}) for value in ("boss", "a@b@c", f"{LONG}@x", "a\r\nb@c")),
    *(
        ("Public address", {"public_url": value})
        for value in (CONTROL, "ftp://x", "x", LONG * 3, "http://[::1", "http://h:99999999")
    ),
    ("By", {"by": LONG}),
    ("By", {"by": CONTROL}),
]


@pytest.mark.parametrize(("field", "changes"), BAD, ids=lambda value: repr(value)[:40])
def test_wrong_input_names_its_field_and_leaves_nothing(scene: Scene, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidField) as caught:
        scene.ca.configure(**{"ca_days": None, "subject": None} | settings(**changes) | {"root": "MyCA"} | changes)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: ")
    assert files(scene.path) == {}
    assert not scene.ca.configured


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("country", "ZZ"),
        ("country", "B"),
        ("common_name", "x" * 65),
        ("organization", "x" * 65),
        ("organizational_unit", CONTROL),
        ("locality", "x" * 129),
        ("state", "a\nb"),
    ],
)
def test_a_subject_that_breaks_a_rule_cannot_be_made(name: str, value: str) -> None:
    with pytest.raises(InvalidField):
        DN(**{name: value})


def test_two_different_passwords_are_refused(scene: Scene) -> None:
    with pytest.raises(PasswordsDiffer, match="Password"):
        scene.configure(confirmation="another")
    with pytest.raises(PasswordsDiffer, match="SMTP password"):
        scene.configure(smtp_host="m", smtp_username="u", smtp_password="one", smtp_confirmation="two")
    assert files(scene.path) == {}


def test_a_directory_that_is_a_file_is_refused(scene: Scene) -> None:
    scene.manager.mkdir(parents=True)
    (scene.manager / "ca").write_text("a file")
    with pytest.raises(InvalidField, match="Directory"):
        scene.configure()


def test_a_registry_that_fails_takes_the_files_back(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.directory.mkdir(parents=True)
    (scene.directory / "MyCA.cer").write_bytes(b"of another tool")
    before = files(scene.directory)

    def fail(*_: object, **__: object) -> None:
        raise PkilabError

    monkeypatch.setattr("pkilab.authority.configure.outbox.put", fail)
    with pytest.raises(PkilabError):
        scene.configure()
    assert files(scene.directory) == before
    assert not scene.ca.configured


def test_what_is_not_configured_says_so(scene: Scene) -> None:
    for act in (scene.ca.pending, scene.ca.ca_certificate, scene.ca.chain, lambda: scene.ca.settings):
        with pytest.raises(NotConfigured, match="MyCA is not configured as a CA server"):
            act()


def test_no_password_shows_in_a_repr(scene: Scene) -> None:
    from pkilab.authority.wish import ConfigureSettings

    wish = ConfigureSettings(**settings(smtp_password=CA_PASSWORD, confirmation=CA_PASSWORD))
    assert CA_PASSWORD not in repr(wish)
    assert CA_PASSWORD not in repr(scene.configure())


def test_a_refused_ca_leaves_no_instance_behind(scene: Scene) -> None:
    scene.directory.mkdir(parents=True)
    (scene.directory / "MyCA.cer").mkdir()
    with pytest.raises(PkilabError):
        scene.configure()
    (scene.directory / "MyCA.cer").rmdir()

    def fail(*_: object, **__: object) -> None:
        raise PkilabError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pkilab.authority.configure.outbox.put", fail)
        with pytest.raises(PkilabError):
            scene.configure()
    assert scene.lab.instances() == ()
    scene.lab.instance("MYCA")


def test_two_cas_of_a_lab_never_share_a_key(configured: Scene, tmp_path: Path) -> None:
    other = configured.lab.instance("Other").server
    link = tmp_path / "link"
    link.symlink_to(configured.directory)
    for directory in (configured.directory, link, f"{configured.directory}/../ca"):
        with pytest.raises(InvalidField, match="already in use by the CA server MyCA"):
            other.configure(root="MyCA", directory=directory, issued_days=10)
    assert not other.configured


def test_nobody_acts_under_a_name_that_is_no_line(configured: Scene) -> None:
    request = configured.submit()
    with pytest.raises(InvalidField, match="By"):
        configured.issue(request, by="a\nb\x1b[31m")
    with pytest.raises(InvalidField, match="By"):
        configured.ca.issue_many([request.id], password=CA_PASSWORD, by="x" * 300)
