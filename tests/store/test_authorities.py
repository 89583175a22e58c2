"""CA servers in the registry, in every store."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, insert, select

from pkilab.errors import AlreadyConfigured, NotConfigured
from pkilab.model.crl import RevocationList
from pkilab.model.message import Message
from pkilab.model.settings import MailSecurity, MailSettings
from pkilab.store import authorities, certificates, crls, journal, outbox, reminders, requests, responders
from pkilab.store.authorities import Dropped
from pkilab.store.registry import Transaction
from pkilab.store.reminders import Due
from pkilab.store.schema import METADATA, REVOCATIONS, SETTINGS
from tests.store.samples import NOON, Records, authority, ca_settings, leaf, root_certificate, verification


def test_what_is_added_reloads_equal(tx: Transaction) -> None:
    whole = replace(authority(), chain=(leaf("upper.lab.test", 7), root_certificate()))
    authorities.add(tx, whole)
    assert authorities.get(tx, "MyCA") == whole


def test_an_instance_is_a_ca_server_once(tx: Transaction) -> None:
    authorities.add(tx, authority())
    with pytest.raises(AlreadyConfigured):
        authorities.add(tx, authority())
    assert len(authorities.all(tx)) == 1


def test_the_name_is_taken_exactly(tx: Transaction) -> None:
    authorities.add(tx, authority())
    assert authorities.get(tx, "myca") is None
    assert authorities.get(tx, "") is None


def test_all_come_in_the_order_in_which_they_were_configured(tx: Transaction) -> None:
    for instance in ("Zed", "Alpha", "Middle"):
        authorities.add(tx, authority(instance))
    assert [each.settings.instance for each in authorities.all(tx)] == ["Zed", "Alpha", "Middle"]


def test_settings_are_replaced(tx: Transaction) -> None:
    authorities.add(tx, authority())
    authorities.add(tx, authority("Other"))
    mail = MailSettings(administrator="boss@lab.test", host="mail.lab.test", port=587, security=MailSecurity.STARTTLS)
    changed = replace(ca_settings(), public_url="https://ca.lab.test/", mail=mail)
    authorities.replace_settings(tx, changed)
    assert authorities.get(tx, "MyCA") == replace(authority(), settings=changed)
    assert authorities.get(tx, "Other") == authority("Other")


def test_settings_of_no_ca_server_are_refused(tx: Transaction) -> None:
    with pytest.raises(NotConfigured):
        authorities.replace_settings(tx, ca_settings("Nobody"))


def test_the_main_ca_is_the_first_until_another_is_chosen(tx: Transaction) -> None:
    assert authorities.main(tx) is None
    authorities.add(tx, authority("First"))
    authorities.add(tx, authority("Second"))
    assert authorities.main(tx) == "First"
    authorities.set_main(tx, "Second")
    authorities.set_main(tx, "Second")
    assert authorities.main(tx) == "Second"
    with pytest.raises(NotConfigured):
        authorities.set_main(tx, "Nobody")


@pytest.mark.parametrize("chosen", [None, "Second"])
def test_the_main_ca_is_the_same_after_it_was_dropped_and_configured_anew(tx: Transaction, chosen: str | None) -> None:
    for instance in ("First", "Second", "Third"):
        authorities.add(tx, authority(instance))
    if chosen:
        authorities.set_main(tx, chosen)
    main = chosen or "First"
    authorities.drop(tx, main)
    assert authorities.main(tx) is None
    authorities.add(tx, authority("Fourth"))
    assert authorities.main(tx) is None
    authorities.add(tx, authority(main))
    assert authorities.main(tx) == main


def test_where_the_main_ca_is_gone_another_can_be_chosen(tx: Transaction) -> None:
    authorities.add(tx, authority("First"))
    authorities.add(tx, authority("Second"))
    authorities.drop(tx, "First")
    authorities.set_main(tx, "Second")
    authorities.add(tx, authority("First"))
    assert authorities.main(tx) == "Second"


def test_the_only_ca_of_a_lab_becomes_the_main_one_whichever_was_before(tx: Transaction) -> None:
    authorities.add(tx, authority("First"))
    authorities.drop(tx, "First")
    assert authorities.main(tx) is None
    authorities.add(tx, authority("Second"))
    assert authorities.main(tx) == "Second"
    authorities.add(tx, authority("First"))
    assert authorities.main(tx) == "Second"


@pytest.mark.parametrize("act", ["drop", "add"])
def test_a_lab_that_did_not_write_its_main_ca_down_keeps_it_too(tx: Transaction, act: str) -> None:
    authorities.add(tx, authority("First"))
    authorities.add(tx, authority("Second"))
    tx.connection.execute(delete(SETTINGS))
    assert authorities.main(tx) == "First"
    if act == "add":
        authorities.add(tx, authority("Third"))
    authorities.drop(tx, "First")
    assert authorities.main(tx) is None
    authorities.add(tx, authority("First"))
    assert authorities.main(tx) == "First"


def fill(tx: Transaction, ca: str) -> None:
    """Leave a row of `ca` in every table."""
    records = Records(tx, ca)
    request = records.request()
    requests.record_verification(tx, ca, request.id, verification(request))
    records.issued(1)
    row = tx.connection.scalar(select(func.max(METADATA.tables["certificates"].c.id)))
    tx.connection.execute(
        insert(REVOCATIONS).values(certificate_id=row, reason="superseded", revoked_at=NOON, revoked_by="opal")
    )
    crl = RevocationList(ca=ca, number=1, this_update=NOON, next_update=NOON, revoked=1, der=b"x")
    crls.replace(tx, ca, [crl], key_sha256="00")
    responders.add(tx, ca, root_certificate(), counted=False, at=NOON, by="opal")
    reminders.note(tx, ca, [Due("crl", NOON, 7)], at=NOON)
    authorities.set_main(tx, ca)
    journal.append(tx, ca, at=NOON, by="opal", act="configured", facts={})
    message = Message(message_id=f"<{ca}@lab.test>", sender="a@lab.test", recipient="b@lab.test", subject="s", body="b")
    outbox.put(tx, ca, [message], NOON)


def rows(tx: Transaction) -> dict[str, int]:
    tables = METADATA.tables.values()
    return {table.name: tx.connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_dropping_takes_all_of_one_ca_but_journal_and_mail(tx: Transaction) -> None:
    fill(tx, "Kept")
    before = rows(tx)
    fill(tx, "Gone")
    assert authorities.drop(tx, "Gone") == Dropped(requests=1, certificates=1)
    assert rows(tx) == before | {"journal": 2, "outbox": 2}
    assert authorities.get(tx, "Gone") is None
    assert certificates.listed(tx, "Gone") == []
    assert len(certificates.listed(tx, "Kept")) == 1
    with pytest.raises(NotConfigured):
        authorities.drop(tx, "Gone")


def test_counts_say_what_dropping_would_forget(tx: Transaction) -> None:
    fill(tx, "MyCA")
    found = authorities.counts(tx, "MyCA")
    assert (found.pending, found.certificates, found.revoked) == (1, 1, 1)


def test_a_dump_holds_every_row_that_dropping_takes_in_json(tx: Transaction) -> None:
    fill(tx, "Other")
    fill(tx, "MyCA")
    dump = json.loads(json.dumps(authorities.dump(tx, "MyCA")))
    before = rows(tx)
    authorities.drop(tx, "MyCA")
    gone = {name: count - rows(tx)[name] for name, count in before.items() if name != "settings"}
    assert {name: len(found) for name, found in dump.items()} == {name: count for name, count in gone.items() if count}
    assert dump["requests"][0]["csr"].startswith("-----BEGIN CERTIFICATE REQUEST-----\n")
    assert dump["certificates"][0]["der"] == leaf("santiago.lab.test", 1).pem
    assert dump["authorities"][0]["instance"] == "MyCA"
    assert dump["requests"][0]["received_at"] == "2026-11-23T12:00:01.123456Z"


def test_a_row_number_is_never_given_again(tx: Transaction) -> None:
    """A link or a journal entry that names request 1 must not lead to another one later."""
    first = Records(tx).request()
    authorities.drop(tx, "MyCA")
    assert Records(tx).request().id > first.id
