"""docs/files.md tells of the files that there are, with their modes."""

import os
import re
import stat
from pathlib import Path

import pytest

from pkilab import DN, Contact, Lab, Usage, Verification
from pkilab.course import lesson_password

PAGE = Path(__file__).resolve().parents[2] / "docs" / "files.md"
PASSWORD = "correct horse battery staple"
TEXT = PAGE.read_text(encoding="utf-8")
TREE = re.search(r"^```\n<lab>/\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
assert TREE
NAMED = dict(re.findall(r"^ +(\S+)  .*?(0[0-7]{3})?$", TREE[1], re.MULTILINE))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A lab in which everything that the page's tree shows has happened."""
    lab = Lab(tmp_path_factory.mktemp("files") / "lab")
    ca = lab.instance("MyCA").server

    def configure(*, new: bool) -> None:
        ca.configure(
            root="MyCA",
            directory="ca",
            issued_days=10,
            password=PASSWORD if new else None,
            subject=DN(common_name="Training CA") if new else None,
            key_algorithm="ec-p256" if new else None,
            ca_days=30 if new else None,
            smtp_host="127.0.0.1",
            smtp_port=9,
            smtp_username="ca",
            smtp_password=PASSWORD,
        )

    configure(new=True)
    with lab.serve() as service:
        client = lab.instance("Santiago").client
        client.configure(host="localhost", port=service.port, contact=Contact("Ana"))
        sent = client.submit(root="SantiagoDev", subject=DN(common_name="x"), key_algorithm="ec-p256")
        sound = Verification(identity=True, authority=True, purpose=True, fingerprint=sent.fingerprint.sha256)
        ca.issue(1, usage=Usage.TLS, verified=sound, password=PASSWORD)
        client.get_ca_certificate()
        client.get(1)
    quick = lab.tls_quickstart()
    with lab.serve(tls=quick) as service:
        compared = quick.fingerprint.sha256
        client.configure(
            host="localhost", port=service.port, contact=Contact("Ana"), https=True, trust_fingerprint=compared
        )
    lab.media.new("stick")
    lab.media.eject("stick")
    lab.visitors.welcome("Ana")
    lesson_password(lab)
    ca.reinitialize(confirmed=True)
    configure(new=False)
    ca.publish_crl(password=PASSWORD)
    ca.renew_responder(password=PASSWORD)
    with lab.mail_service():
        return lab


def files(lab: Lab) -> list[Path]:
    return [path for path in lab.path.rglob("*") if path.is_file()]


def test_every_file_of_a_lab_is_named(lab: Lab) -> None:
    for path in files(lab):
        top = path.relative_to(lab.path).parts[0]
        if top in {"mail", "run"}:
            assert f"{top}/" in NAMED
        elif path.name.endswith(".lock"):
            assert f"`{path.name.replace('MyCA', '<root>')}`" in TEXT
        elif path.name.startswith("registry.sqlite3-"):
            assert f"`{path.name}`" in TEXT or f"`{path.name.removeprefix('registry.sqlite3')}`" in TEXT
        else:
            assert path.name in NAMED or f"{path.parent.name}/" in NAMED, path.name


def test_every_file_that_is_named_is_there(lab: Lab) -> None:
    there = {path.name + "/" * path.is_dir() for path in lab.path.rglob("*")}
    assert set(NAMED) - there == set()


@pytest.mark.skipif(os.name == "nt", reason="there are no modes")
def test_modes_are_as_told(lab: Lab) -> None:
    told = {name: int(mode, 8) for name, mode in NAMED.items() if mode}
    assert len(told) > 8
    for path in lab.path.rglob("*"):
        name = f"{path.parent.name}/" if f"{path.parent.name}/" in told else path.name
        if path.is_dir() or name in told:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else told[name]), path.name
