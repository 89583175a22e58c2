"""`Lab`: a folder that holds everything, and the parts put together over it."""

from __future__ import annotations

import random
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.errors import CannotWrite, InvalidField, NameTaken, NotConfigured
from pkilab.lab import environment
from pkilab.lab.instance import SETTINGS, Instance
from pkilab.model.names import check_host, check_instance
from pkilab.model.running import Status
from pkilab.model.settings import ServiceSettings

if TYPE_CHECKING:
    from pkilab.authority.post import Post
    from pkilab.authority.served import Served
    from pkilab.authority.watch import Watch
    from pkilab.lab.media import Media
    from pkilab.lab.visitors import Visitors
    from pkilab.mail.service import MailService
    from pkilab.model.message import Delivered, OutgoingMessage, ReceivedMessage
    from pkilab.model.verdict import Judged, Purpose
    from pkilab.store.registry import Registry
    from pkilab.store.tls import ServerTls
    from pkilab.web.service import Service


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
        clock: Callable[[], datetime] = environment.utc_now,
        actor: str = "",
    ) -> None:
        if path is not None and not str(path).strip():
            raise InvalidField("Lab", "name a folder, or leave it out.")
        self.path = (Path(path) if path is not None else environment.default_path()).expanduser().absolute()
        self._registry_url = registry or environment.registry_address()
        self.clock = clock
        self._actor = actor
        environment.draw_in_notebooks()

    def __repr__(self) -> str:
        """Return where it lies."""
        return f"<Lab {self.path}>"

    @property
    def actor(self) -> str:
        """Return who is acting."""
        return self._actor or environment.default_actor()

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
            return tuple(sorted(entry.name for entry in self._instances.iterdir() if (entry / SETTINGS).is_file()))
        except FileNotFoundError:
            return ()

    @cached_property
    def visitors(self) -> Visitors:
        """Return the instances that visitors of the clients' dashboard made."""
        from pkilab.lab.visitors import Visitors

        return Visitors(self)

    @contextmanager
    def changing_instances(self) -> Iterator[None]:
        """Let one process and thread at a time make or change instances; the same may enter again.

        Raises:
            CannotWrite: the lab's folder cannot be made, or somebody held it for a minute.
        """
        from pkilab.store import files
        from pkilab.store.reasons import reason
        from pkilab.store.serial import locked_beside

        try:
            files.make_folders(self.path)  # A lab of clients alone has no registry that made it.
        except OSError as error:
            raise CannotWrite("Lab", self.path, reason(error)) from error
        with locked_beside(self._instances, field="Lab"):
            yield

    @property
    def _instances(self) -> Path:
        return self.path / "instances"

    @property
    def main_ca(self) -> str | None:
        """Return the CA server that is reached at the default path: the one chosen, at first the first."""
        from pkilab.store import authorities

        with self.registry.reading() as tx:
            return authorities.main(tx)

    @main_ca.setter
    def main_ca(self, instance: str) -> None:
        """Choose the main CA.

        Raises:
            NotConfigured: the instance is no CA server.
        """
        self.instance(instance).server.make_main()

    def serve(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        settings: ServiceSettings | None = None,
        tls: ServerTls | None = None,
    ) -> Service:
        """Return the web service of all CA servers of this lab, to be run in the background by `with`.

        Port 0 takes a free one; `service.url` and `service.port` tell which. With `tls` it speaks HTTPS. It sends the
        lab's mail too, as `pkilab serve` does; what goes to the lab's own inbox waits until that runs (`mail_service`).

        Raises:
            PortBusy: another program has the port.
        """
        from pkilab.lab.serving import ServiceWithMail  # FastAPI is loaded when it is needed

        def mail() -> MailService:
            return self.mail_service(inbox=False)

        context = tls.context if tls else None
        return ServiceWithMail(self.application(settings), mail, host=host, port=port, tls=context)

    def tls(self, root: str, *, instance: str | None = None, password: str | None = None) -> ServerTls:
        """Return what a service needs to speak HTTPS with the certificate and key of a file root (W5).

        They lie in the manager directory of an instance, the main CA's unless named. `password` opens the key.

        Raises:
            NotConfigured: no instance was named, and there is no main CA. Else as `store.tls.from_files`.
        """
        from pkilab.store import tls

        name = instance or self.main_ca
        if name is None:
            raise NotConfigured("", "server")
        found = self.instance(name)
        known = found.server.chain().certificates if found.server.configured else ()
        return tls.from_files(found.manager, root, password, known=known, now=self.clock())

    def tls_quickstart(self, *, host: str = "127.0.0.1") -> ServerTls:
        """Return what a service needs to speak HTTPS with a self-signed certificate, which is kept in the lab (W5).

        It is for this machine's names and for `host`. CannotWrite is raised where it cannot be kept.
        """
        from pkilab.model.san import server_names
        from pkilab.store import tls

        here = socket.gethostname()
        names = server_names(here, host)
        return tls.quickstart(self.path / "tls", here, names, now=self.clock(), entropy=secrets.token_bytes)

    @property
    def authorities(self) -> Served:
        """Return the configured CA servers, as the web service asks for them."""
        from pkilab.authority.served import Served

        return Served(lambda: self.registry, lambda name: self.instance(name).server, self.clock)

    def application(self, settings: ServiceSettings | None = None) -> object:
        """Return the web service as an ASGI application."""
        from pkilab.web.app import create

        return create(self.authorities, settings=settings or ServiceSettings())

    # --- mail -------------------------------------------------------------------------------------------------

    def mail_service(self, *, port: int = 0, inbox: bool = True) -> MailService:
        """Return the mail service, to be run in the background by `with`: it sends, and has the lab's own inbox.

        Several may run; each does what no other does. `inbox=False` only sends. `port` 0 takes a free one.
        """
        return self.post.service(port=port, inbox=inbox)

    def deliver(self, *, hurry: bool = False) -> Delivered:
        """Send the mail that is due, or with `hurry` all that waits, and return what was sent, what waits and why.

        Raises:
            RegistryError, CannotWrite: the lab cannot be used.
        """
        return self.post.deliver(hurry=hurry)

    def deliver_briefly(self, seconds: float = 1.5) -> Delivered:
        """Try to send what is due within so many seconds, unless a service does; raises as `deliver` does."""
        return self.post.deliver_briefly(seconds)

    def outbox(self) -> tuple[OutgoingMessage, ...]:
        """Return the mail that was not sent yet, the oldest first, each with why; raises as `deliver` does."""
        return self.post.waiting()

    def inbox(self, instance: str | None = None) -> tuple[ReceivedMessage, ...]:
        """Return what the lab's own inbox received, the newest last; of an instance, only what is to its addresses.

        Raises:
            InvalidField, NameTaken: it is no instance's name.
            RegistryError, CannotRead: the instance's settings cannot be read.
        """
        return self.post.inbox(None if instance is None else self.instance(instance).addresses)

    def remind(self) -> int:
        """Store the mails about what runs out that were not stored yet, and return how many (X3).

        Raises:
            RegistryError, CannotWrite: the registry cannot be used.
        """
        return sum(self.instance(name).server.remind() for name in self.authorities.names())

    def watch(self, *, tick: float = 60.0) -> Watch:
        """Return the expiry watch, to be run in the background by `with`; it reminds every `tick` seconds."""
        from pkilab.authority.watch import Watch

        return Watch(self.post.run, self.remind, tick=tick)

    @cached_property
    def media(self) -> Media:
        """Return the lab's removable media: to make, mount and eject them, and to see where a CA's key lies."""
        from pkilab.lab.media import Media

        return Media(self)

    # --- verifying --------------------------------------------------------------------------------------------

    def verify(
        self,
        *files: str | Path,
        trust: str | Path | Iterable[str | Path] = (),
        purpose: Purpose | str = "any",
        name: str = "",
        at: datetime | None = None,
        crls: Iterable[str | Path] = (),
    ) -> Judged:
        """Return what several verifiers say of the first certificate in `files`; the others came with it (X5).

        Trusted is what the `trust` files hold, else the roots of this lab's own CA servers. `purpose` is tls-server,
        tls-client, code-signing or any; `name` what a server is reached at; `at` the time to judge for, else now.

        Raises:
            InvalidField: a value breaks its rule, or there is nobody to trust.
            CannotRead, CertificateUnreadable: a file cannot be used.
        """
        from pkilab.lab import verifying

        trusted = (trust,) if isinstance(trust, str | Path) else trust
        return verifying.verify(self, files, trust=trusted, purpose=purpose, name=name, at=at, crls=crls)

    # --- running ----------------------------------------------------------------------------------------------

    def status(self) -> Status:
        """Return what runs of this lab, and what waits in it; nothing is written.

        Raises:
            RegistryError: the registry cannot be used.
        """
        from pkilab.running import state

        kept, pages = state.running(self.path), state.running(self.path, state.DASHBOARDS)
        nothing = Status(
            lab=self.path, running=kept.running if kept else None, dashboards=pages.running if pages else None
        )
        if not self._registry_url and not (self.path / "registry.sqlite3").exists():
            return nothing
        from pkilab.authority.queues import queues

        found = queues(self.registry, self.clock())
        keys = tuple(self.media.of(queue.instance) for queue in found)
        return replace(nothing, queues=found, outbox=self.outbox(), keys=keys)

    def environment(self) -> dict[str, str]:
        """Return the environment for programs that belong to this lab: as ours, but for passwords."""
        return environment.for_programs(self.path)

    @cached_property
    def post(self) -> Post:
        """Return the mail's port: outbox, settings, password and inbox."""
        from pkilab.authority.post import Post
        from pkilab.mail.mailbox import Mailbox

        return Post(
            lab=self.path,
            registry=lambda: self.registry,
            manager=lambda name: Instance(self, name, "").manager,
            clock=self.clock,
            jitter=random.random,
            mailbox=Mailbox(self.path / "mail"),
        )
