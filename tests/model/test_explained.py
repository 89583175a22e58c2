"""Nouns that have octets explain them, as soon as somebody is named who does."""

import pkilab.lab  # noqa: F401 - it says who explains
from pkilab.explain import Explained
from tests.x509 import samples


def test_a_certificate_and_a_request_explain_themselves() -> None:
    for noun in (samples.root(), samples.issued(), samples.request()):
        found = noun.explain()
        assert isinstance(found, Explained)
        assert found.tree.data == noun.der
        assert str(found).startswith("This is a certificate")
