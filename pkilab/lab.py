"""`Lab` and `Instance`: the only place where the parts are put together, and where the environment is read."""

from __future__ import annotations

import os
import random
import secrets
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.errors import CannotWrite, InvalidField, NameTaken, NotConfigured
from pkilab.model.names import check_host, check_instance
from pkilab.model.running import Status
from pkilab.model.settings import InstanceSettings, ServiceSettings

if TYPE_CHECKING:
    from pkilab.authority.post import Post
    from pkilab.authority.served import Served
    from pkilab.authority.server import CAServer
    from pkilab.client.client import CAClient
    from pkilab.mail.service import MailService
    from pkilab.model.message import Delivered, OutgoingMessage, ReceivedMessage
    from pkilab.store.registry import Registry
    from pkilab.store.tls import ServerTls
    from pkilab.web.service import Service

_PASSWORDS = ("PKILAB_PASSWORD", "PKILAB_SMTP_PASSWORD")


def utc_now() -> datetime:
    """Return the time, in UTC with its zone."""
    return datetime.now(UTC)


def default_path() -> Path:
    """Return where the lab lies when nobody says: `PKILAB_HOME`, else the platform's user data folder."""
    named = os.environ.get("PKILAB_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path  # not needed where the place was named

    return user_data_path("pkilab")


def default_actor() -> str:
    """Return who is acting when nobody says: the JupyterHub user, else the system's."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getuser()
    except (KeyError, OSError):  # A container's user may have no entry in the password database.
        return f"uid {os.getuid()}"


class Lab:
    """A folder that holds everything: the instances, their state, the mailboxes.

    Nothing is written before something is configured.

    Args:
        path: the folder; else `PKILAB_HOME`, else the platform's user data folder.
        registry: the address of a PostgreSQL database; else `PKILAB_REGISTRY`, else SQLite in the folder.
        clock: gives the time in UTC; lessons and tests set it.
        actor: who is acting; else the JupyterHub user, else the system's.
    """

    def __init__(
        self,
        path: str | Path | None = None,
        *,
        registry: str | None = None,
        clock: Callable[[], datetime] = utc_now,
        actor: str = "",
    ) -> None:
        if path is not None and not str(path).strip():
            raise InvalidField("Lab", "name a folder, or leave it out.")
        self.path = (Path(path) if path is not None else default_path()).expanduser().absolute()
        self._registry_url = registry or os.environ.get("PKILAB_REGISTRY", "")
        self._clock = clock
        self._actor = actor
        _draw_in_notebooks()

    def __repr__(self) -> str:
        """Return where it lies."""
        return f"<Lab {self.path}>"

    @property
    def actor(self) -> str:
        """Return who is acting."""
        return self._actor or default_actor()

    @cached_property
    def registry(self) -> Registry:
        """Return the registry of requests and certificates; it is made on first use.

        Raises:
            RegistryError, CannotWrite: it cannot be used.
        """
        from pkilab.store.registry import Registry, from_folder  # SQLAlchemy is loaded when it is needed

        return Registry(self._registry_url) if self._registry_url else from_folder(self.path)

    def instance(self, name: str, *, node: str = "") -> Instance:
        """Return an instance of this name; it is made when it is first configured.

        Args:
            name: 1-64 of letters, digits, `-` and `_`.
            node: the host name that it goes by; else the one saved earlier, else this machine's.

        Raises:
            InvalidField: the name or the node breaks its rule.
            NameTaken: there is one whose name differs only by letter case.
        """
        checked = check_instance(name)
        for existing in self.instances():
            if existing.lower() == checked.lower() and existing != checked:
                raise NameTaken(checked, existing)
        return Instance(self, checked, check_host(node, "Node") if node else "")

    def instances(self) -> tuple[str, ...]:
        """Return the names of the instances that were configured as anything, sorted."""
        try:
            return tuple(sorted(entry.name for entry in self._instances.iterdir() if entry.is_dir()))
        except FileNotFoundError:
            return ()

    @property
    def _instances(self) -> Path:
        return self.path / "instances"

    @property
    def main_ca(self) -> str | None:
        """Return the CA server that is reached at the default path: the one chosen, else the first one configured."""
        from pkilab.store import authorities

        with self.registry.reading() as tx:
            return authorities.main(tx)

    @main_ca.setter
    def main_ca(self, instance: str) -> None:
        """Choose the main CA.

        Raises:
            NotConfigured: the instance is no CA server.
        """
        from pkilab.store import authorities

        self.instance(instance).server.settings  # noqa: B018 - raises where there is none
        with self.registry.writing() as tx:
            authorities.set_main(tx, instance)

    def serve(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        settings: ServiceSettings | None = None,
        tls: ServerTls | None = None,
    ) -> Service:
        """Return the web service of all CA servers of this lab, to be run in the background by `with`.

        Port 0 takes a free one; `service.url` and `service.port` tell which. With `tls` it speaks HTTPS.

        Raises:
            PortBusy: another program has the port.
        """
        from pkilab.web.service import Service  # FastAPI is loaded when it is needed

        return Service(self.application(settings), host=host, port=port, tls=tls.context if tls else None)

    def tls(self, root: str, *, instance: str | None = None, password: str | None = None) -> ServerTls:
        """Return what a service needs to speak HTTPS with the certificate and key of a file root (W5).

        They lie in the manager directory of an instance, the main CA's unless named. `password` opens the key.

        Raises:
            NotConfigured: no instance was named, and there is no main CA. Else as `store.tls.from_files`.
        """
        from pkilab.store import tls

        name = instance or self.main_ca
        if name is None:
            raise NotConfigured("This lab", "server")
        found = self.instance(name)
        known = found.server.chain().certificates if found.server.configured else ()
        return tls.from_files(found.manager, root, password, known=known, now=self._clock())

    def tls_quickstart(self, *, host: str = "127.0.0.1") -> ServerTls:
        """Return what a service needs to speak HTTPS with a self-signed certificate, which is kept in the lab (W5).

        It is for this machine's names and for `host`. CannotWrite is raised where it cannot be kept.
        """
        from pkilab.model.san import server_names
        from pkilab.store import tls

        here = socket.gethostname()
        names = server_names(here, host)
        return tls.quickstart(self.path / "tls", here, names, now=self._clock(), entropy=secrets.token_bytes)

    @property
    def authorities(self) -> Served:
        """Return the configured CA servers, as the web service asks for them."""
        from pkilab.authority.served import Served

        return Served(lambda: self.registry, lambda name: self.instance(name).server)

    def application(self, settings: ServiceSettings | None = None) -> object:
        """Return the web service as an ASGI application."""
        from pkilab.web.app import create

        return create(self.authorities, settings=settings or ServiceSettings())

    # --- mail -------------------------------------------------------------------------------------------------

    def mail_service(self, *, port: int = 0, inbox: bool = True) -> MailService:
        """Return the mail service, to be run in the background by `with`: it sends, and has the lab's own inbox.

        Several may run; each does what no other does. `inbox=False` only sends. `port` 0 takes a free one.
        """
        return self._post.service(port=port, inbox=inbox)

    def deliver(self, *, hurry: bool = False) -> Delivered:
        """Send the mail that is due, or with `hurry` all that waits, and return what was sent, what waits and why.

        Raises:
            RegistryError, CannotWrite: the lab cannot be used.
        """
        return self._post.deliver(hurry=hurry)

    def deliver_briefly(self, seconds: float = 1.5) -> Delivered:
        """Try to send what is due within so many seconds, unless a service does; raises as `deliver` does."""
        return self._post.deliver_briefly(seconds)

    def outbox(self) -> tuple[OutgoingMessage, ...]:
        """Return the mail that was not sent yet, the oldest first, each with why; raises as `deliver` does."""
        return self._post.waiting()

    def inbox(self, instance: str | None = None) -> tuple[ReceivedMessage, ...]:
        """Return what the lab's own inbox received, the newest last; of an instance, only what is to its addresses.

        Raises:
            InvalidField, NameTaken: it is no instance's name.
            RegistryError, CannotRead: the instance's settings cannot be read.
        """
        return self._post.inbox(None if instance is None else self.instance(instance).addresses)

    # --- running ----------------------------------------------------------------------------------------------

    def status(self) -> Status:
        """Return what `pkilab lab` runs of this lab, and what waits in it; nothing is written.

        Raises:
            RegistryError: the registry cannot be used.
        """
        from pkilab.running import state

        kept = state.running(self.path)
        nothing = Status(lab=self.path, running=kept.running if kept else None)
        if not self._registry_url and not (self.path / "registry.sqlite3").exists():
            return nothing
        from pkilab.authority.queues import queues

        return replace(nothing, queues=queues(self.registry), outbox=self.outbox())

    def environment(self) -> dict[str, str]:
        """Return the environment for programs that belong to this lab: as ours, but for passwords."""
        kept = {name: value for name, value in os.environ.items() if name not in _PASSWORDS}
        return {**kept, "PKILAB_HOME": str(self.path)}

    @cached_property
    def _post(self) -> Post:
        from pkilab.authority.post import Post
        from pkilab.mail.mailbox import Mailbox

        return Post(
            lab=self.path,
            registry=lambda: self.registry,
            manager=lambda name: Instance(self, name, "").manager,
            clock=self._clock,
            jitter=random.random,
            mailbox=Mailbox(self.path / "mail"),
        )


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
    def addresses(self) -> frozenset[str]:
        """Return the mail addresses that are this instance's own: as a CA server, and its contact's as a client (M3).

        Raises:
            RegistryError, CannotRead: its settings cannot be read.
        """
        own = self.lab._post.addresses(self.name)  # noqa: SLF001 - the lab's own part
        contact = self.client.settings.contact.email if self.client.configured else ""
        return own | {contact} if contact else own

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
        return self.manager.parent / "instance.json"

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
                clock=self.lab._clock,  # noqa: SLF001 - the lab's own part
                entropy=secrets.token_bytes,
                actor=lambda: self.lab.actor,
                prepare=self._prepare,
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
                prepare=self._prepare,
                own_files=self._own_files,
            )
        )

    def _prepare(self) -> None:
        """Make the instance's folder and note its node, once for all processes and letter cases of its name."""
        from pkilab.store import files, settings
        from pkilab.store.reasons import reason
        from pkilab.store.serial import locked_beside

        wanted = InstanceSettings(name=self.name, node=self.node)
        try:
            files.make_folders(self.lab.path)  # A lab of clients alone has no registry that made it.
        except OSError as error:
            raise CannotWrite("Lab", self.lab.path, reason(error)) from error
        with locked_beside(self.lab.path / "instances", field="Lab"):
            self.lab.instance(self.name)
            if not self._settings_path.exists() or settings.load(InstanceSettings, self._settings_path) != wanted:
                settings.save(wanted, self._settings_path, field="Lab")

    def _own_files(self) -> frozenset[Path]:
        """Return the files of this instance's own CA."""
        if not self.server.configured:
            return frozenset()
        settings = self.server.settings
        base = Path(settings.directory) / settings.root
        return frozenset(base.with_name(base.name + end) for end in (".key", ".cer", ".srl", "-chain.cer", ".journal"))


def _draw_in_notebooks() -> None:
    """Let IPython draw the model's nouns, where there is an IPython."""
    module = sys.modules.get("IPython")
    ipython = module.get_ipython() if module else None
    if ipython is not None:
        from pkilab.views import display

        display.register(ipython)
