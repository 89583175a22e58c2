from dataclasses import replace

from pkilab.model.contact import Contact
from pkilab.model.names import RequestName
from pkilab.store import renewals
from pkilab.store.requests import Arrival
from tests.store.samples import NOON, SANTIAGO, Records, signing_request


def arrival(common_name: str = "santiago.lab.test", name: RequestName = SANTIAGO) -> Arrival:
    content = signing_request(common_name)
    return Arrival(
        ticket=common_name, name=name, claimed_subject="", contact=Contact("Ana"), content=content, received_at=NOON
    )


def test_name_and_subject_or_key_and_subject_tell_what_is_renewed(records: Records) -> None:
    tx = records.tx
    assert renewals.renewed(tx, "MyCA", [arrival()]) == [None]
    records.issued(7)
    records.issued(9)
    elsewhere = RequestName("other", "Other", "Other")
    folded = RequestName(SANTIAGO.host.upper(), SANTIAGO.instance.lower(), SANTIAGO.root)
    asked = [
        arrival(name=folded),
        arrival(name=elsewhere),  # the key of the first, as samples make one for each name
        arrival("fresh.lab.test", elsewhere),
        arrival("fresh.lab.test"),
        replace(arrival(), content=replace(signing_request("fresh.lab.test"), subject=arrival().content.subject)),
    ]
    assert renewals.renewed(tx, "MyCA", asked) == [9, 9, None, None, 9]
    assert renewals.renewed(tx, "MyCA", []) == []


def test_more_than_one_statement_takes(records: Records) -> None:
    records.issued(7)
    many = [arrival(name=RequestName("h", "I", f"r{at}")) for at in range(450)]
    fresh = [replace(each, content=signing_request("fresh.lab.test")) for each in many]
    assert renewals.renewed(records.tx, "MyCA", [*fresh, arrival()]) == [None] * 450 + [7]
