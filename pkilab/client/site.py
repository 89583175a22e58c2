"""What a CA client is handed: its place on disk, the clock, and which files are its own CA's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pkilab.errors import FileInUse, NotConfigured
from pkilab.model.settings import ClientSettings
from pkilab.store import nearby, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSite:
    """The instance that a CA client is, with its surroundings."""

    instance: str
    node: str
    manager: Path
    """The manager directory, absolute."""
    clock: Callable[[], datetime]
    """Gives the time, in UTC with its zone."""
    establish: Callable[[], AbstractContextManager[None]]
    """Makes the instance's place on disk for a `with` block that writes there; gone again if that is new and fails."""
    own_files: Callable[[], frozenset[Path]]
    """Gives the files of the instance's own CA, resolved, which nothing that a client does may displace."""

    @property
    def settings_path(self) -> Path:
        """Return where the client's settings lie."""
        return self.manager / "client.json"

    def load(self) -> ClientSettings:
        """Return the settings.

        Raises:
            NotConfigured: there are none yet.
        """
        if not self.settings_path.exists():
            error = NotConfigured(self.instance, "client")
            lab = self.manager.parents[2]
            if not nearby.is_lab(lab):
                error.add_note(nearby.no_lab(lab))
            raise error
        return settings.load(ClientSettings, self.settings_path)

    def file(self, root: str, ending: str) -> Path:
        """Return the path of a file of the manager directory that may be written.

        Raises:
            FileInUse: it is one of the instance's own CA.
        """
        path = self.manager / f"{root}{ending}"
        if path.resolve() in self.own_files():
            raise FileInUse(path)
        return path
