"""`Instance`: one installation taking part in a lab, as CA server, as CA client, or as both."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.model.settings import InstanceSettings

if TYPE_CHECKING:
    from pkilab.authority.server import CAServer
    from pkilab.client.client import CAClient
    from pkilab.lab.lab import Lab

SETTINGS = "instance.json"
"""The file that makes a folder an instance."""


class Instance:
    """One installation taking part in a lab: a name, a node and a manager directory; CA server, CA client, or both."""

    def __init__(self, lab: Lab, name: str, node: str) -> None:
        self.lab = lab
        self.name = name
        self._node = node

    def __repr__(self) -> str:
        """Return its name and where it lies."""
        return f"<Instance {self.name} in {self.lab.path}>"

    @property
    def manager(self) -> Path:
        """Return the manager directory, where keys and certificates of a client lie."""
        return self.lab.path / "instances" / self.name / "mgr"

    @property
    def folder(self) -> Path:
        """Return the instance's own folder, in which its manager directory lies."""
        return self.manager.parent

    @property
    def addresses(self) -> frozenset[str]:
        """Return the mail addresses that are this instance's own: as a CA server, and its contact's as a client (M3).

        Raises:
            RegistryError, CannotRead: its settings cannot be read.
        """
        own = self.lab.post.addresses(self.name)
        contact = {self.client.settings.contact.email} if self.client.configured else set()
        if not self.server.configured:
            own, contact = frozenset(), contact | own
        return own | ({each for each in contact if each and each.lower() not in self._of_other_servers()})

    def _of_other_servers(self) -> frozenset[str]:
        """Return the addresses of the lab's other CA servers: whoever types one as a contact's reads no mail of it."""
        if not self.lab.instances():
            return frozenset()
        others = (name for name in self.lab.authorities.names() if name != self.name)
        return frozenset(address.lower() for name in others for address in self.lab.post.addresses(name))

    @property
    def node(self) -> str:
        """Return the host name that the instance goes by."""
        from pkilab.store import settings

        if self._node:
            return self._node
        path = self._settings_path
        return settings.load(InstanceSettings, path).node if path.exists() else socket.gethostname()[:100]

    @property
    def _settings_path(self) -> Path:
        return self.manager.parent / SETTINGS

    @cached_property
    def server(self) -> CAServer:
        """Return the instance as a CA server."""
        from pkilab.authority.server import CAServer
        from pkilab.authority.site import Site

        return CAServer(
            Site(
                instance=self.name,
                node=self.node,
                manager=self.manager,
                registry=self.lab.registry,
                clock=self.lab.clock,
                entropy=secrets.token_bytes,
                actor=lambda: self.lab.actor,
                check_place=self.lab.media.check,
                establish=self.established,
            )
        )

    @cached_property
    def client(self) -> CAClient:
        """Return the instance as a CA client."""
        from pkilab.client.client import CAClient
        from pkilab.client.site import ClientSite

        return CAClient(
            ClientSite(
                instance=self.name,
                node=self.node,
                manager=self.manager,
                clock=self.lab.clock,
                establish=self.established,
                own_files=self._own_files,
            )
        )

    @contextmanager
    def established(self) -> Iterator[None]:
        """Make the instance's folder and note its node, once for all processes and letter cases of its name.

        If the block raises, an instance that was new is gone again.

        Raises:
            NameTaken: another process has made one whose name differs by letter case.
            CannotWrite: the system refused.
        """
        from pkilab.store import files, settings

        wanted = InstanceSettings(name=self.name, node=self.node)
        with self.lab.changing_instances():
            self.lab.instance(self.name)
            new = not self._settings_path.exists()
            if new or settings.load(InstanceSettings, self._settings_path) != wanted:
                settings.save(wanted, self._settings_path, field="Lab")
        with ExitStack() as on_failure:
            if new:
                on_failure.callback(files.abandon, self._settings_path, self.manager)
            yield
            on_failure.pop_all()

    def _own_files(self) -> frozenset[Path]:
        """Return the files of this instance's own CA."""
        if not self.server.configured:
            return frozenset()
        settings = self.server.settings
        base = Path(settings.directory).resolve() / settings.root
        return frozenset(
            base.with_name(base.name + end) for end in (".key", ".cer", ".srl", "-chain.cer", ".crlnumber", ".journal")
        )
