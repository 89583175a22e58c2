"""`lab.media`: media that are mounted and ejected, on which a CA's directory can lie as on a stick."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from pkilab.errors import CannotWrite, MediumEjected
from pkilab.model.medium import KeyPlace, Medium
from pkilab.model.names import check_medium
from pkilab.store import files, media
from pkilab.store.reasons import reason
from pkilab.store.serial import SerialFile

if TYPE_CHECKING:
    from pkilab.lab.lab import Lab
    from pkilab.model.settings import CASettings


class Media:
    """The removable media of a lab. Nothing is kept in memory: another process sees the same.

    A CA server whose directory lies on a medium issues only while that is mounted, as with a real stick:

        stick = lab.media.new("stick")
        ca.configure(root="MyCA", directory=stick.path / "ca", …)
        lab.media.eject("stick")
    """

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def __repr__(self) -> str:
        """Return where they lie."""
        return f"<Media of {self._lab.path}>"

    @property
    def _folder(self) -> Path:
        return self._lab.path / "media"

    def all(self) -> tuple[Medium, ...]:
        """Return all media, by name."""
        return tuple(self._medium(name) for name in media.names(self._folder))

    def new(self, name: str) -> Medium:
        """Make an empty medium, mounted.

        Raises:
            InvalidField: the name breaks its rule.
            MediumInTheWay: there is one of this name.
            CannotWrite: it cannot be made.
        """
        checked = check_medium(name)
        try:
            files.make_folders(self._lab.path)
        except OSError as error:
            raise CannotWrite("Lab", self._lab.path, reason(error)) from error
        media.make(self._folder, checked)
        return self._medium(checked)

    def mount(self, name: str) -> Medium:
        """Mount a medium; nothing is done if it is.

        Raises:
            UnknownMedium, MediumInTheWay, CannotWrite: it is not mounted.
        """
        checked = check_medium(name)
        media.mounted(self._folder, checked)
        media.mount(self._folder, checked)
        return self._medium(checked)

    def eject(self, name: str) -> Medium:
        """Eject a medium, when nobody is just issuing with a key on it; nothing is done if it is ejected.

        Raises:
            UnknownMedium, CannotWrite: it is not ejected.
        """
        checked = check_medium(name)
        if not media.mounted(self._folder, checked):
            return self._medium(checked)
        with ExitStack() as stack:
            for settings in self._on(checked):
                serial = SerialFile(_key(settings).with_suffix(".srl"))
                if serial.path.parent.is_dir():
                    stack.enter_context(serial.lock())
            media.eject(self._folder, checked)
        return self._medium(checked)

    def of(self, instance: str) -> KeyPlace:
        """Return where the private key of a CA server lies, whether it is there, and what to do about it.

        A real directory on a real medium is told of in the same way.

        Raises:
            NotConfigured: the instance is no CA server.
        """
        settings = self._lab.instance(instance).server.settings
        path = _key(settings)
        medium = media.on(self._folder, path)
        return KeyPlace(
            instance=instance,
            path=path,
            there=path.is_file(),
            removable=bool(medium) or media.removable(self._lab.path, path.parent),
            medium=medium,
        )

    def check(self, place: Path) -> None:
        """Accept a directory that may be used.

        Raises:
            MediumEjected: it lies on a medium of this lab that is not mounted.
        """
        name = media.on(self._folder, place)
        if name and name in media.names(self._folder) and not media.mounted(self._folder, name):
            raise MediumEjected(name, place)

    def _medium(self, name: str) -> Medium:
        return Medium(
            name=name,
            path=self._folder / name,
            mounted=media.mounted(self._folder, name),
            authorities=tuple(settings.instance for settings in self._on(name)),
        )

    def _on(self, name: str) -> list[CASettings]:
        """Return the settings of the CA servers whose directories lie on a medium."""
        if not self._lab.instances():
            return []
        found = (self._lab.instance(each).server.settings for each in self._lab.authorities.names())
        return [settings for settings in found if media.on(self._folder, Path(settings.directory)) == name]


def _key(settings: CASettings) -> Path:
    return Path(settings.directory) / f"{settings.root}.key"
