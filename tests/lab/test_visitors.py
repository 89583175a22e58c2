"""Visitors of the clients' dashboard: instances of their own, opened again by an access code."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from pkilab import Contact, Lab
from pkilab.errors import InvalidField, NameTaken, NotAVisitors, TooManyGuesses, UnknownVisitor, WrongAccessCode
from tests.scene import Clock, settings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lab(tmp_path: Path, clock: Clock) -> Lab:
    return Lab(tmp_path / "lab", clock=clock)


def test_a_new_name_makes_an_instance_that_its_code_opens_again(lab: Lab) -> None:
    instance, code = lab.visitors.welcome("Santiago_1")
    assert (instance.name, instance.node) == ("Santiago_1", "santiago-1.lab.test")
    again = lab.visitors.admit("santiago_1", code.lower().replace("-", " "))
    assert (again.name, again.node, again.manager) == (instance.name, instance.node, instance.manager)
    again.client.configure(host="localhost", contact=Contact("Ana"))
    (visitor,) = lab.visitors.known()
    assert (visitor.instance, visitor.configured) == ("Santiago_1", True)


def test_no_file_holds_the_code(lab: Lab) -> None:
    _, code = lab.visitors.welcome("Santiago")
    kept = b"".join(path.read_bytes() for path in lab.path.rglob("*") if path.is_file())
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept
    assert (lab.path / "instances/Santiago/access.json").stat().st_mode & 0o777 == 0o600


def test_a_name_is_taken_in_whatever_letter_case(lab: Lab) -> None:
    lab.visitors.welcome("Santiago")
    with pytest.raises(NameTaken):
        lab.visitors.welcome("SANTIAGO")
    with pytest.raises(InvalidField):
        lab.visitors.welcome("../MyCA")


def test_one_of_many_who_choose_a_name_at_once_gets_it(lab: Lab) -> None:
    def welcome(_: int) -> str:
        try:
            return Lab(lab.path).visitors.welcome("Santiago")[1]
        except NameTaken:
            return ""

    with ThreadPoolExecutor(8) as threads:
        codes = [code for code in threads.map(welcome, range(8)) if code]
    assert len(codes) == 1
    lab.visitors.admit("Santiago", codes[0])


def test_instances_made_elsewhere_stay_closed(lab: Lab) -> None:
    lab.instance("MyCA").server.configure(**settings())
    lab.instance("Engineer").client.configure(host="localhost", contact=Contact("Eve"))
    for name in ("MyCA", "myca", "Engineer"):
        for code in ("", "AAAA-AAAA-AAAA"):
            with pytest.raises(NotAVisitors):
                lab.visitors.admit(name, code)
        with pytest.raises(NameTaken):
            lab.visitors.welcome(name)
        with pytest.raises(NotAVisitors):
            lab.visitors.new_code(name)
    with pytest.raises(UnknownVisitor):
        lab.visitors.admit("Nobody", "")
    assert lab.visitors.known() == ()


def test_guesses_are_slowed_down_and_not_looked_at_meanwhile(lab: Lab, clock: Clock) -> None:
    _, code = lab.visitors.welcome("Santiago")
    waits = []
    for _ in range(14):
        with pytest.raises(WrongAccessCode):
            lab.visitors.admit("Santiago", "WRNG-WRNG-WRNG")
        try:
            lab.visitors.admit("Santiago", "WRNG-WRNG-WRNG")
        except TooManyGuesses as error:
            waits.append(error.wait)
            with pytest.raises(TooManyGuesses):  # the right one is not looked at either
                lab.visitors.admit("Santiago", code)
            clock.now += timedelta(seconds=error.wait)
        except WrongAccessCode:
            waits.append(0)
    assert waits == sorted(waits)
    assert max(waits) == 300
    lab.visitors.admit("Santiago", code)
    with pytest.raises(WrongAccessCode):  # after an entry one may mistype again
        lab.visitors.admit("Santiago", "WRNG")


def test_guesses_at_once_are_counted_one_by_one(lab: Lab) -> None:
    lab.visitors.welcome("Santiago")

    def guess(_: int) -> str:
        try:
            Lab(lab.path, clock=lab.clock).visitors.admit("Santiago", "WRNG")
        except (WrongAccessCode, TooManyGuesses) as error:
            return error.code
        return "let in"

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(guess, range(12))) == ["TooManyGuesses"] * 9 + ["WrongAccessCode"] * 3


def test_the_operator_sets_a_new_code_and_the_old_one_is_over(lab: Lab) -> None:
    _, old = lab.visitors.welcome("Santiago")
    new = lab.visitors.new_code("santiago")
    assert new != old
    lab.visitors.admit("Santiago", new)
    with pytest.raises(WrongAccessCode):
        lab.visitors.admit("Santiago", old)


def test_a_ticket_opens_for_half_a_day_and_until_there_is_a_new_code(lab: Lab, clock: Clock) -> None:
    lab.visitors.welcome("Santiago")
    lab.visitors.welcome("Quito")
    ticket = lab.visitors.ticket("Santiago")
    assert lab.visitors.resume(ticket).name == "Santiago"
    name, end, seal = ticket.split(".")
    for forged in (
        f"Quito.{end}.{seal}",
        f"{name}.{int(end) + 9}.{seal}",
        f"{name}.{end}.",
        f"{name}.{end}.{seal[:-1]}é",
    ):
        with pytest.raises(WrongAccessCode):
            lab.visitors.resume(forged)
    for nonsense in ("", "..", "x"):
        with pytest.raises((InvalidField, UnknownVisitor)):
            lab.visitors.resume(nonsense)
    clock.now += timedelta(hours=13)
    with pytest.raises(WrongAccessCode):
        lab.visitors.resume(ticket)
    ticket = lab.visitors.ticket("Santiago")
    lab.visitors.new_code("Santiago")
    with pytest.raises(WrongAccessCode):
        lab.visitors.resume(ticket)


def test_a_visitor_who_claims_an_operators_address_reads_none_of_its_mail(lab: Lab) -> None:
    lab.instance("MyCA").server.configure(**settings())
    visitor, _ = lab.visitors.welcome("Mallory")
    visitor.client.configure(host="localhost", contact=Contact("M", email="CA-Admin@MyCA.lab.test"))
    assert "ca-admin@myca.lab.test" not in {each.lower() for each in visitor.addresses}
    lookalike, _ = lab.visitors.welcome("MyCA-")
    assert lookalike.addresses == frozenset()
    assert lab.instance("MyCA").addresses == {"ca-admin@myca.lab.test"}
    visitor.client.configure(host="localhost", contact=Contact("M", email="mallory@lab.test"))
    assert visitor.addresses == {"mallory@lab.test", "ca-admin@mallory.lab.test"}
