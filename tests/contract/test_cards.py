"""The cards of acts that were really done: all the facts that are promised, each once (S6, S11, C2, C4, C5)."""

from __future__ import annotations

from typing import Any

import pytest

from pkilab import DN, Contact, Usage
from pkilab.views import text
from tests.contract.conftest import Serving
from tests.scene import CA_PASSWORD, verified


@pytest.fixture
def done(serving: Serving) -> dict[str, Any]:
    """What each act of the story gave back."""
    ca = serving.lab.instance("MyCA").server
    client = serving.lab.instance("Santiago", node="santiago.lab.test").client
    port = int(serving.url.rpartition(":")[2])
    acts: dict[str, Any] = {"client": client.configure(host="localhost", port=port, contact=Contact("Ana"))}
    acts["reached"] = client.test_connection()
    acts["sent"] = client.submit(root="SantiagoDev", subject=DN(common_name="santiago.lab.test"), password=CA_PASSWORD)
    acts["again"] = client.resubmit(root="SantiagoDev")
    (waiting,) = ca.pending()
    acts["issued"] = ca.issue(waiting.id, usage=Usage.TLS, password=CA_PASSWORD, verified=verified(waiting))
    acts["saved"] = client.get(1)
    acts["unchanged"] = client.get(1)
    acts["ca"] = client.get_ca_certificate()
    acts["over"] = ca.reinitialize(confirmed=True)
    acts["existing"] = ca.configure(root="MyCA", directory="ca", issued_days=30)
    return acts


def test_no_card_says_its_title_or_a_path_twice(done: dict[str, Any]) -> None:
    for act in done.values():
        title, _, rest = text.draw(act).partition("\n")
        assert title not in rest
        opening = " ".join(title.split()[:5])
        assert opening not in rest, f"{title!r} is said again"


def test_configuring_names_files_fingerprints_the_mail_and_what_to_do(serving: Serving, done: dict[str, Any]) -> None:
    drawn = text.draw(done["existing"])
    folder = serving.lab.instance("MyCA").manager / "ca"
    for told in (
        *(str(folder / f"MyCA.{ending}") for ending in ("key", "cer", "srl")),
        done["existing"].fingerprint.sha256,
        done["existing"].fingerprint.sha1,
        "It uses the key and certificate that were there",
        "A confirmation is on its way to ca-admin@myca.lab.test",
    ):
        assert told in drawn
    assert drawn.startswith("CA server MyCA is configured\n")


def test_a_submission_names_request_ca_and_node_and_advises(done: dict[str, Any]) -> None:
    drawn = text.draw(done["sent"])
    node = done["reached"].host
    what = f"SantiagoDev was successfully submitted to Certificate Authority instance MyCA on node {node}"
    assert drawn.split("\n")[0].endswith(what)
    for told in (
        done["sent"].fingerprint.sha256,
        done["sent"].fingerprint.sha1,
        "Keep the fingerprints",
        "must not read it to you",
        "Move key and request to encrypted removable media.",
        str(done["sent"].key_path),
        str(done["sent"].csr_path),
    ):
        assert told in drawn
    assert "and is still pending; no second request was made" in text.draw(done["again"]).split("\n")[0]


def test_issuing_names_number_and_request_and_advises(done: dict[str, Any]) -> None:
    drawn = text.draw(done["issued"])
    assert drawn.startswith("Certificate number 1 was issued for santiago.lab.test:Santiago:SantiagoDev\n")
    assert "Remove the medium with the CA's private key now, and lock it away." in drawn


def test_fetching_says_where_with_fingerprints_and_whose_key_it_belongs_to(done: dict[str, Any]) -> None:
    for name, title in (
        ("saved", "Certificate number 1 was saved\n"),
        ("unchanged", "Certificate number 1 was there already, unchanged\n"),
        ("ca", "The CA's certificate was saved\n"),
    ):
        act, drawn = done[name], text.draw(done[name])
        assert drawn.startswith(title)
        for told in (str(act.path), act.fingerprint.sha256, act.fingerprint.sha1):
            assert drawn.count(told) == 1
    assert "It belongs to the key SantiagoDev.key." in text.draw(done["saved"])
    assert str(done["ca"].chain_path) in text.draw(done["ca"])
    assert "Compare its fingerprint with the operator before you trust it." in text.draw(done["ca"])


def test_a_client_and_its_server_are_named(serving: Serving, done: dict[str, Any]) -> None:
    assert text.draw(done["client"]).startswith("Santiago is a client of the CA server\n")
    assert "Next, get the CA certificate" in text.draw(done["client"])
    assert text.draw(done["reached"]).startswith(f"Reached MyCA on {done['reached'].host}\n")
    assert f"http://localhost:{serving.url.rpartition(':')[2]}/isc/pki" in text.draw(done["reached"])
