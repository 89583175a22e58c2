"""Mail that waits, in every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pkilab.model.message import Message, OutgoingMessage
from pkilab.store import outbox
from pkilab.store.registry import Registry, Transaction
from tests.store.samples import NOON

LATER = NOON + timedelta(minutes=5)


def message(number: int) -> Message:
    return Message(
        message_id=f"<{number}@ca.lab.test>",
        sender="ca-admin@lab.test",
        recipient="ana@lab.test",
        subject=f"Certificate {number} – ready",
        body="Fetch it.\n\nYour CA\n",
    )


def put(tx: Transaction, *numbers: int) -> tuple[OutgoingMessage, ...]:
    outbox.put(tx, "MyCA", [message(number) for number in numbers], NOON)
    return outbox.waiting(tx)


def test_what_is_put_waits_whole_and_is_due_at_once(tx: Transaction) -> None:
    first, second = put(tx, 1, 2)
    assert first == OutgoingMessage(
        id=first.id, instance="MyCA", message=message(1), created_at=NOON, attempts=0, next_at=NOON
    )
    assert outbox.due(tx, NOON, 10) == (first, second)
    assert outbox.due(tx, NOON - timedelta(microseconds=1), 10) == ()


def test_a_message_is_put_once(tx: Transaction) -> None:
    put(tx, 1)
    assert len(put(tx, 1)) == 1


def test_what_was_sent_waits_no_more(tx: Transaction) -> None:
    first, second = put(tx, 1, 2)
    outbox.sent(tx, first.id, LATER)
    assert outbox.waiting(tx) == outbox.due(tx, LATER, 10) == (second,)
    outbox.failed(tx, first.id, "a second sender failed", LATER)
    assert outbox.due(tx, LATER, 10) == (second,)


def test_what_failed_waits_for_its_time_and_says_why(tx: Transaction) -> None:
    (first,) = put(tx, 1)
    outbox.failed(tx, first.id, "no answer", LATER)
    assert outbox.due(tx, NOON, 10) == ()
    expected = replace(first, attempts=1, next_at=LATER, error="no answer")
    assert outbox.due(tx, LATER, 10) == outbox.waiting(tx) == (expected,)


def test_the_longest_due_come_first_and_no_more_than_asked(tx: Transaction) -> None:
    first, second, third = put(tx, 1, 2, 3)
    outbox.failed(tx, first.id, "no answer", LATER)
    assert [each.id for each in outbox.due(tx, LATER, 10)] == [second.id, third.id, first.id]
    assert [each.id for each in outbox.due(tx, LATER, 1)] == [second.id]


def test_mail_of_instances_that_are_left_alone_is_not_due(tx: Transaction) -> None:
    (first,) = put(tx, 1)
    outbox.put(tx, "Other", [message(2)], NOON)
    assert [each.instance for each in outbox.due(tx, NOON, 10, without={"MyCA"})] == ["Other"]
    assert outbox.due(tx, NOON, 10, without={"Other", "Third"}) == (first,)
    assert outbox.due(tx, NOON, 10, without={"Other", "MyCA"}) == ()


def test_mail_of_an_act_that_is_undone_is_never_sent(registry: Registry) -> None:
    def act(tx: Transaction) -> None:
        put(tx, 1)
        raise InterruptedError

    with pytest.raises(InterruptedError), registry.writing() as tx:
        act(tx)
    with registry.reading() as tx:
        assert outbox.waiting(tx) == ()
