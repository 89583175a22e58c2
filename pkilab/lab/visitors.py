"""Visitors of the clients' dashboard: each makes instances of their own, and opens them again by an access code."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pkilab.errors import NameTaken, NotAVisitors, TooManyGuesses, UnknownVisitor, WrongAccessCode
from pkilab.model.names import check_instance

if TYPE_CHECKING:
    from pkilab.lab.instance import Instance
    from pkilab.lab.lab import Lab
    from pkilab.store.access import Access

_TICKET = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """An instance that a visitor made, and when it got its access code."""

    instance: str
    since: datetime
    configured: bool
    """Whether it is configured as a CA client."""


class Visitors:
    """The instances of a lab that visitors made. Those made elsewhere, CA servers above all, cannot be opened here."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def known(self) -> tuple[Visitor, ...]:
        """Return the instances that visitors made, sorted by name.

        Raises:
            CannotRead: what is kept of an access code cannot be read.
        """
        from pkilab.store import access

        found = []
        for name in self._lab.instances():
            instance = self._lab.instance(name)
            kept = access.load(instance.folder)
            if kept is not None:
                found.append(Visitor(instance=name, since=kept.made_at, configured=instance.client.configured))
        return tuple(found)

    def exists(self, name: str) -> bool:
        """Tell whether there is an instance of this name, in any letter case.

        Raises:
            InvalidField: it can be no instance's name.
        """
        return check_instance(name).lower() in {each.lower() for each in self._lab.instances()}

    def welcome(self, name: str) -> tuple[Instance, str]:
        """Make an instance for a visitor; return it and its access code, which is shown once and kept nowhere.

        Raises:
            InvalidField: it can be no instance's name.
            NameTaken: there is one of this name already, in whatever letter case.
            CannotWrite: the system refused; nothing was made.
        """
        from pkilab.store import access

        checked = check_instance(name)
        with self._lab.changing_instances():
            if self.exists(checked):
                taken = next(each for each in self._lab.instances() if each.lower() == checked.lower())
                raise NameTaken(checked, taken)
            label = checked.lower().replace("_", "-").strip("-") or "visitor"
            instance = self._lab.instance(checked, node=f"{label}.lab.test")
            kept, code = self._code()
            with instance.established():
                access.save(instance.folder, kept)
        return instance, code

    def admit(self, name: str, code: str) -> Instance:
        """Return the instance of a visitor who knows its access code. Wrong guesses are slowed down.

        Raises:
            UnknownVisitor: there is no instance of this name.
            NotAVisitors: it was made elsewhere.
            WrongAccessCode, TooManyGuesses: it stays closed.
        """
        from pkilab.store import access

        instance = self._visitors(name)
        with self._lab.changing_instances():  # one guess after the other, whoever guesses
            kept = self._kept(instance)
            now = self._lab.clock()
            if wait := kept.wait(now):
                raise TooManyGuesses(instance.name, wait)
            if not kept.matches(code):
                access.save(instance.folder, kept.after_refusal(now))
                raise WrongAccessCode(instance.name)
            if kept.refused:
                access.save(instance.folder, kept.after_entry())
        return instance

    def ticket(self, name: str) -> str:
        """Return what opens a visitor's instance again for half a day, as when its page is reloaded.

        Raises:
            UnknownVisitor, NotAVisitors: there is no such instance.
        """
        instance = self._visitors(name)
        words = f"{instance.name}.{int((self._lab.clock() + _TICKET).timestamp())}"
        return f"{words}.{self._kept(instance).seal(words)}"

    def resume(self, ticket: str) -> Instance:
        """Return the instance that a ticket opens.

        Raises:
            WrongAccessCode: it is none of this lab's, it is over, or a new code was set since.
            UnknownVisitor, NotAVisitors, InvalidField: there is no such instance any more.
        """
        words, _, seal = ticket.rpartition(".")
        name, _, end = words.rpartition(".")
        instance = self._visitors(name)
        good = hmac.compare_digest(self._kept(instance).seal(words).encode(), seal.encode())
        if not good or not end.isdecimal() or int(end) < self._lab.clock().timestamp():
            raise WrongAccessCode(instance.name)
        return instance

    def new_code(self, name: str) -> str:
        """Give a visitor's instance a new access code, in place of the one that was forgotten, and return it.

        Raises:
            UnknownVisitor, NotAVisitors: there is no such instance.
            CannotWrite: the system refused; the earlier one holds.
        """
        from pkilab.store import access

        instance = self._visitors(name)
        with self._lab.changing_instances():
            self._kept(instance)
            kept, code = self._code()
            access.save(instance.folder, kept)
        return code

    def _visitors(self, name: str) -> Instance:
        checked = check_instance(name)
        for each in self._lab.instances():
            if each.lower() == checked.lower():
                return self._lab.instance(each)
        raise UnknownVisitor(checked)

    def _kept(self, instance: Instance) -> Access:
        from pkilab.store import access

        kept = access.load(instance.folder)
        if kept is None:
            raise NotAVisitors(instance.name)
        return kept

    def _code(self) -> tuple[Access, str]:
        from pkilab.store import access

        return access.new(secrets.token_bytes(32), self._lab.clock())
