"""A request that renews a certificate is recognised, whoever sends it, and shown to the operator (X3)."""

import pytest

from pkilab.model.algorithm import KeyAlgorithm
from pkilab.model.dn import DN
from pkilab.model.names import RequestName
from pkilab.model.request import Submission
from pkilab.x509 import keys
from tests.scene import ANA, CA_PASSWORD, Scene, signing_request


def told(scene: Scene, part: str, request: object) -> bool:
    return any(part in text for text in scene.ca.warnings(request))  # type: ignore[arg-type]


def test_a_new_key_under_the_same_name_and_subject_renews(configured: Scene) -> None:
    first = configured.issue(configured.submit()).number
    configured.clock.forward(days=300)
    request = configured.submit()
    assert request.renews == first
    assert told(configured, f"It renews certificate {first} (SantiagoDev), which is valid", request)
    assert told(configured, "the same subject, with a new key", request)
    second = configured.issue(request).certificate
    assert second.renews == first
    assert f"It renews number {first}." in configured.outbox()[-1].body
    assert configured.ca.certificate(second.number) == second
    third = configured.submit()
    assert third.renews == second.number  # the newest counts


def test_the_same_key_renews_whatever_the_name(configured: Scene) -> None:
    key = keys.generate(KeyAlgorithm.EC_P256)
    number = configured.issue(configured.send(signing_request(key=key), "One")).number
    again = configured.send(signing_request(sans=("DNS:new.lab.test",), key=key), "Two")
    assert again.renews == number
    assert told(configured, "with the same key", again)
    assert told(configured, "new DNS:new.lab.test; left out DNS:santiagodev.lab.test", again)


@pytest.mark.parametrize("changed", ["root", "instance", "host", "subject"])
def test_what_differs_in_name_or_subject_renews_nothing(configured: Scene, changed: str) -> None:
    configured.issue(configured.submit())
    subject = DN(common_name="other.lab.test") if changed == "subject" else DN(common_name="santiagodev.lab.test")
    parts = {"host": "santiago", "instance": "SANTIAGO", "root": "SantiagoDev"}
    if changed in parts:
        parts[changed] += "x"
    content = signing_request(subject=subject)
    request = configured.ca.submit(Submission(name=RequestName(**parts), csr=content.pem, contact=ANA)).request
    assert request.renews is None


def test_letter_case_of_host_and_instance_does_not_count(configured: Scene) -> None:
    number = configured.issue(configured.submit()).number
    name = RequestName("SANTIAGO", "santiago", "SantiagoDev")
    content = signing_request()
    assert configured.ca.submit(Submission(name=name, csr=content.pem, contact=ANA)).request.renews == number


def test_many_at_once_are_each_recognised(configured: Scene) -> None:
    numbers = {f"Host{at}": configured.issue(configured.submit(f"Host{at}")).number for at in range(5)}
    again = [
        Submission(name=RequestName("santiago", "SANTIAGO", root), csr=signing_request(root).pem, contact=ANA)
        for root in [*numbers, "New"]
    ]
    receipts = configured.ca.submit_many(again)
    assert [receipt.request.renews for receipt in receipts] == [*numbers.values(), None]  # type: ignore[union-attr]


def test_a_key_that_was_revoked_as_compromised_is_pointed_out(configured: Scene) -> None:
    key = keys.generate(KeyAlgorithm.EC_P256)
    number = configured.issue(configured.send(signing_request(key=key), "One")).number
    configured.ca.revoke(number, reason="keyCompromise", password=CA_PASSWORD)
    again = configured.send(signing_request("Two", key=key), "Two")
    assert told(configured, "issue nothing for it", again)
    fresh = configured.send(signing_request(), "One")
    assert told(configured, f"It renews certificate {number} (One), which is revoked", fresh)
    assert not told(configured, "issue nothing for it", fresh)
