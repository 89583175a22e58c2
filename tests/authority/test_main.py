"""Choosing the lab's main CA is an act of an operator, and journalled as one."""

import pytest

from pkilab.errors import NotConfigured
from tests.scene import Scene, settings


def test_choosing_the_main_ca_is_journalled_with_the_one_before(configured: Scene) -> None:
    other = configured.lab.instance("Other", node="other.lab.test").server
    other.configure(**settings(root="Other"))
    other.make_main(by="rosa")
    assert configured.lab.main_ca == "Other"
    last = other.journal()[-1]
    assert (last.act, last.by, dict(last.facts)) == ("made the main CA", "rosa", {"before": "MyCA"})
    assert other.verify_journal().problems == ()
    assert other.verify_journal().unproven == ()
    assert [entry.act for entry in configured.ca.journal()] == ["configured"]


def test_who_is_the_main_ca_already_stays_it_without_an_entry(configured: Scene) -> None:
    configured.lab.main_ca = "MyCA"
    assert [entry.act for entry in configured.ca.journal()] == ["configured"]


def test_what_is_no_ca_server_cannot_be_chosen(configured: Scene) -> None:
    with pytest.raises(NotConfigured, match="Nobody is not configured"):
        configured.lab.main_ca = "Nobody"
    assert configured.lab.main_ca == "MyCA"
