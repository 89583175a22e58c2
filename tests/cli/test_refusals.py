"""What a key's algorithm cannot do is refused in one sentence in Python, in a shell and in a form (C7)."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import ipywidgets as widgets
import pytest

from pkilab.errors import CannotDo, PkilabError
from pkilab.forms.documents import XML
from pkilab.forms.own import Own
from pkilab.lab import Lab
from tests.cli.shell import ACKNOWLEDGED, PASSWORD, Serving, Shell

NEW = "correct horse of the container"
ML_DSA_IN_TLS = ssl.OPENSSL_VERSION_INFO[:2] >= (3, 5)
"""Whether the OpenSSL of this Python knows ML-DSA: then TLS works, else it is refused."""


@dataclass
class Holder:
    """Santiago, whose certificate Odd is of an algorithm that not every program knows."""

    shell: Shell
    folder: Path

    def __post_init__(self) -> None:
        self.client = Lab(self.shell.lab).instance("Santiago").client
        self.script, self.order = self.folder / "hello.sh", self.folder / "order.xml"
        self.script.write_text("echo hello\n")
        self.order.write_text("<order/>")

    def form(self) -> Own:
        form = Own(self.client)
        form.show("Odd")
        return form

    def export(self) -> list[Callable[[], str]]:
        store = self.folder / "odd.p12"

        def typed() -> str:
            form = self.form().export
            form.container_password = form.confirmation = NEW
            return _form(form, form.export)

        return [
            lambda: _python(lambda: self.client.export("Odd", pkcs12=store, container_password=NEW)),
            lambda: self.command("export", "--root", "Odd", "--pkcs12", str(store), PKILAB_EXPORT_PASSWORD=NEW),
            typed,
        ]

    def try_tls(self) -> list[Callable[[], str]]:
        def typed() -> str:
            form = self.form().tls
            return _form(form, form.try_tls)

        return [
            lambda: _python(lambda: self.client.try_tls("Odd")),
            lambda: self.command("try-tls", "--root", "Odd"),
            typed,
        ]

    def sign(self) -> list[Callable[[], str]]:
        def typed() -> str:
            form = self.form().sign
            form.take("hello.sh", b"echo hello\n")
            return _form(form, form.sign)

        return [
            lambda: _python(lambda: self.client.sign(self.script, root="Odd")),
            lambda: self.command("sign", str(self.script), "--root", "Odd"),
            typed,
        ]

    def sign_xml(self) -> list[Callable[[], str]]:
        def typed() -> str:
            form = self.form().sign
            form.kind = XML
            form.take("order.xml", b"<order/>")
            return _form(form, form.sign)

        return [
            lambda: _python(lambda: self.client.sign_xml(self.order, root="Odd")),
            lambda: self.command("sign-xml", str(self.order), "--root", "Odd"),
            typed,
        ]

    def encrypt_xml(self) -> list[Callable[[], str]]:
        def typed() -> str:
            form = self.form().encrypt
            form.take("order.xml", b"<order/>")
            form.recipient = "Odd"
            return _form(form, form.encrypt)

        return [
            lambda: _python(lambda: self.client.encrypt_xml(self.order, recipient="Odd")),
            lambda: self.command("encrypt-xml", str(self.order), "--for", "Odd"),
            typed,
        ]

    def command(self, *words: str, **variables: str) -> str:
        """Return what a command refuses with, in the words of its one line."""
        done = self.shell("--instance", "Santiago", "client", *words, "--json", **variables)
        assert (done.code, done.json["error"]["code"]) == (1, "CannotDo"), done
        return str(done.json["error"]["message"])


def _python(act: Callable[[], object]) -> str:
    with pytest.raises(CannotDo) as refused:
        act()
    return str(refused.value)


def _form(form: widgets.Widget, act: Callable[[], object]) -> str:
    with pytest.raises(PkilabError) as refused:
        act()
    assert isinstance(refused.value, CannotDo)
    return " ".join(form.told.sentences)


@pytest.fixture
def holder(served: Shell, tmp_path: Path) -> Iterator[Callable[[str], Holder]]:
    def make(algorithm: str) -> Holder:
        asked = ("--root", "Odd", "--cn", "santiago.lab.test", "--no-password", "--key-algorithm", algorithm)
        sent = served.ok("client", "submit", *asked)
        (request,) = served.ok("server", "pending")
        checked = ("--fingerprint", sent["fingerprint"]["sha256"], *ACKNOWLEDGED)
        done = served.ok("server", "issue", str(request["id"]), "--usage", "tls", *checked, password=PASSWORD)
        served.ok("client", "get", str(done["number"]))
        served.ok("client", "get-ca")
        return Holder(served, tmp_path)

    yield make
    widgets.Widget.close_all()


@pytest.mark.parametrize(
    ("algorithm", "act", "kind", "instead"),
    [
        ("ml-dsa-44", "export", "ML-DSA", "An RSA, ECDSA or Ed25519 key would do"),
        ("ml-dsa-65", "sign", "ML-DSA", "An RSA or ECDSA key would do"),
        ("ml-dsa-87", "sign_xml", "ML-DSA", "An RSA or ECDSA key would do"),
        ("ml-dsa-44", "encrypt_xml", "ML-DSA", "A certificate with an RSA key would do"),
        ("ed25519", "sign", "Ed25519", "An RSA or ECDSA key would do"),
        ("ed25519", "sign_xml", "Ed25519", "An RSA or ECDSA key would do"),
        ("ed25519", "encrypt_xml", "Ed25519", "A certificate with an RSA key would do"),
    ],
)
def test_the_sentence_names_the_algorithm_and_the_one_that_would_do_each_way(
    holder: Callable[[str], Holder], algorithm: str, act: str, kind: str, instead: str
) -> None:
    refused_alike(holder(algorithm), act, kind, instead)


def refused_alike(found: Holder, act: str, kind: str, instead: str) -> None:
    """Each way an act is refused in the same sentence, which says both, and leaves no file."""
    ways: list[Callable[[], str]] = getattr(found, act)()
    before = sorted(found.folder.iterdir())
    told = [way() for way in ways]
    assert len(set(told)) == 1, told
    assert kind in told[0]
    assert instead in told[0]
    assert sorted(found.folder.iterdir()) == before


def test_tls_is_tried_with_ml_dsa_where_this_openssl_knows_it_and_else_refused(
    holder: Callable[[str], Holder],
) -> None:
    found = holder("ml-dsa-44")
    if not ML_DSA_IN_TLS:
        refused_alike(found, "try_tls", "ML-DSA", "for an RSA, ECDSA or Ed25519 key")
        return
    form = found.form().tls
    form.try_tls()
    typed = found.shell.ok("--instance", "Santiago", "client", "try-tls", "--root", "Odd")
    told = [found.client.try_tls("Odd").message, typed["message"], form.result.message]
    assert set(told) == {"A server and a client with Odd.cer met as santiago.lab.test, and each accepted the other."}


def test_ed25519_is_exported(holder: Callable[[str], Holder]) -> None:
    found = holder("ed25519")
    form = found.form().export
    form.container_password = form.confirmation = NEW
    form.export()
    store = found.folder / "odd.p12"
    variables = {"PKILAB_EXPORT_PASSWORD": NEW}
    done = found.shell(
        "--instance", "Santiago", "client", "export", "--root", "Odd", "--pkcs12", str(store), **variables
    )
    assert (done.code, store.exists()) == (0, True)


def test_ml_dsa_is_served_where_this_openssl_knows_it_and_else_refused(holder: Callable[[str], Holder]) -> None:
    found = holder("ml-dsa-44")
    contexts = (found.client.tls_server, found.client.tls_client)
    if ML_DSA_IN_TLS:
        assert all(isinstance(context("Odd"), ssl.SSLContext) for context in contexts)
        with Serving(found.shell.lab, "--instance", "Santiago", "--tls", "Odd") as serving:
            assert "https://127.0.0.1:" in serving.said
            assert serving.end() == (0, "", "")
        return
    for context in contexts:
        told = _python(lambda context=context: context("Odd"))  # type: ignore[misc]
        assert "ML-DSA" in told
        assert "for an RSA, ECDSA or Ed25519 key" in told
        assert "would do" in told
    done = found.shell("--instance", "Santiago", "serve", "--tls", "Odd", "--port", "0")
    assert done.code == 1
    assert "ML-DSA" in done.err
    assert "RSA, ECDSA or Ed25519 key" in done.err
