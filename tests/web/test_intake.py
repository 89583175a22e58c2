"""What arrives together is taken together, and each gets its own answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from pkilab.errors import NotConfigured, RegistryError, TooManyPending
from pkilab.model.contact import Contact
from pkilab.model.names import RequestName
from pkilab.model.request import Submission
from pkilab.web import intake
from pkilab.web.intake import Intake
from tests.scene import signing_request
from tests.web.asking import FailingCA, Only


class Group(FailingCA):
    """A CA that notes each group, waits in the first one until it is released, and answers with the root."""

    def __init__(self) -> None:
        super().__init__(ValueError())
        self.groups: list[list[str]] = []
        self.began, self.released = threading.Event(), threading.Event()

    def take(self, checked: Sequence[Any]) -> list[Any]:  # type: ignore[override]  # this one works
        roots = [each.name.root for each in checked]
        self.groups.append(roots)
        self.began.set()
        self.released.wait(10)
        if "broken" in roots:
            raise ZeroDivisionError
        if "lost" in roots:
            raise RegistryError("", "it is gone")
        return [TooManyPending(7) if root == "full" else root for root in roots]


PEM = signing_request().pem


def submission(root: str) -> Submission:
    return Submission(name=RequestName("h", "I", root), csr=PEM, contact=Contact("Ana"))


def submit(ca: Group, *roots: str, name: str | None = None) -> list[Any]:
    """Submit the first one, then all others while it is being taken; return each one's answer or error."""
    taking = Intake(Only(ca))

    async def one(root: str) -> Any:
        _, answer = await taking.submit(name, submission(root))
        return answer

    async def story() -> list[Any]:
        first = asyncio.create_task(one(roots[0]))
        await asyncio.to_thread(ca.began.wait, 10)
        others = [asyncio.create_task(one(root)) for root in roots[1:]]
        await asyncio.sleep(0.05)
        ca.released.set()
        return await asyncio.gather(first, *others, return_exceptions=True)

    return asyncio.run(story())


def test_what_arrives_while_a_group_is_taken_makes_the_next_one() -> None:
    ca = Group()
    roots = [f"R{at}" for at in range(20)]
    assert submit(ca, *roots) == roots
    assert ca.groups == [["R0"], roots[1:]]


def test_a_group_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 3)
    ca = Group()
    submit(ca, *(f"R{at}" for at in range(8)))
    assert [len(group) for group in ca.groups] == [1, 3, 3, 1]


def test_each_gets_its_own_answer_and_nobody_another_ones_error() -> None:
    ca = Group()
    first, full, broken, fine = submit(ca, "first", "full", "broken", "fine")
    assert (first, fine) == ("first", "fine")
    assert isinstance(full, TooManyPending)
    assert isinstance(broken, ZeroDivisionError)
    assert ca.groups == [["first"], ["full", "broken", "fine"], ["full"], ["broken"], ["fine"]]


def test_when_the_registry_is_lost_all_are_told_and_nothing_is_tried_again() -> None:
    ca = Group()
    answers = submit(ca, "first", "lost", "other")
    assert answers[0] == "first"
    assert all(isinstance(answer, RegistryError) for answer in answers[1:])
    assert len(ca.groups) == 2


def test_who_goes_away_while_waiting_stops_nobody() -> None:
    ca = Group()
    taking = Intake(Only(ca))

    async def story() -> Any:
        gone = asyncio.create_task(taking.submit(None, submission("gone")))
        await asyncio.to_thread(ca.began.wait, 10)
        gone.cancel()
        stays = asyncio.create_task(taking.submit("MyCA", submission("stays")))
        await asyncio.sleep(0.05)
        ca.released.set()
        return await asyncio.wait_for(stays, 10)

    assert asyncio.run(story()) == (ca, "stays")


def test_a_ca_that_is_not_there_is_said_so() -> None:
    async def ask(name: str | None, ca: Group | None) -> None:
        await Intake(Only(ca)).submit(name, submission("R"))

    for name, ca in ((None, None), ("Other", Group())):
        with pytest.raises(NotConfigured):
            asyncio.run(ask(name, ca))


def test_a_large_request_is_checked_too() -> None:
    ca = Group()
    ca.released.set()
    large = replace(submission("R"), csr=PEM + " " * 10_000)
    answer: Any = asyncio.run(Intake(Only(ca)).submit(None, large))
    assert answer == (ca, "R")
