"""What a command is called with: the lab, the instance that acts, and how to answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkilab.authority.server import CAServer
    from pkilab.client.client import CAClient
    from pkilab.lab import Instance, Lab


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The options that every command has; None: not given there."""

    lab: str | None = None
    instance: str | None = None
    json: bool = False
    debug: bool = False


class Call:
    """One call of a command. The lab and its registry are touched when the command first asks for them."""

    def __init__(self, context: typer.Context, common: Common) -> None:
        self.context = context
        self.json = common.json
        self.debug = common.debug
        self._common = common

    def wrong_usage(self, sentence: str) -> NoReturn:
        """End with exit code 2, the usage and a sentence."""
        self.context.fail(sentence)

    @property
    def instance(self) -> str | None:
        """Return the name of the instance that was given, if any."""
        return self._common.instance

    @cached_property
    def lab(self) -> Lab:
        """Return the lab: the one named, else as `pkilab.lab` finds it."""
        from pkilab.lab import Lab

        return Lab(self._common.lab)

    @property
    def server(self) -> CAServer:
        """Return the CA server that is meant: the one named, else the only one of this lab."""
        return self._instance("server", _servers).server

    @property
    def client(self) -> CAClient:
        """Return the CA client that is meant: the one named, else the only one of this lab."""
        return self._instance("client", _clients).client

    def named(self, *, node: str = "") -> Instance:
        """Return the instance that was named; nothing is guessed where one is made. `node`: its host name."""
        if self._common.instance is None:
            self.wrong_usage("Name the instance with --instance NAME; a new name makes a new instance.")
        return self.lab.instance(self._common.instance, node=node)

    def _instance(self, role: str, find: Callable[[Lab], tuple[str, ...]]) -> Instance:
        from pkilab.errors import NotConfigured
        from pkilab.store.nearby import no_lab

        if self._common.instance is not None:
            instance = self.lab.instance(self._common.instance)
            if not self.lab.path.exists():  # A folder that was mistyped is not made by looking into it.
                error = NotConfigured(instance.name, role)
                error.add_note(no_lab(self.lab.path))
                raise error
            return instance
        known = find(self.lab)
        if len(known) == 1:
            return self.lab.instance(known[0])
        there = f"CA {role}s here: {', '.join(known)}." if known else f"No CA {role} is configured here yet."
        return self.wrong_usage(f"Name the instance with --instance NAME. {there} (The lab is {self.lab.path}.)")


def _servers(lab: Lab) -> tuple[str, ...]:
    return lab.authorities.names() if lab.instances() else ()


def _clients(lab: Lab) -> tuple[str, ...]:
    return tuple(name for name in lab.instances() if lab.instance(name).client.configured)
