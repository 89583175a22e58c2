"""A client's own files on a page that looks once a second: the CA server is asked about them now and then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pkilab.forms.ports import Client
from pkilab.model.own import OwnFiles, Reported

_SELDOM = 10
"""After so many looks the CA server is asked again what it tells of the certificates."""
_IN_VAIN = 60
"""After so many, where it gave no answer before."""


class Asked:
    """The files of a client, with what the CA server told of the certificates among them when it was asked last."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._told: dict[str, Reported] = {}
        self._left = 0

    def look(self, *, now: bool = False) -> tuple[OwnFiles, ...]:
        """Return the files; the server is asked where that is due, where one is new, or `now` if it answers at all.

        Raises:
            PkilabError: as `client.own`.
        """
        found = self.files()
        self._left -= 1
        new = any(key not in self._told for each in found if (key := _key(each)))
        if not new and self._left > 0 and not (now and self._answers):
            return found
        asked = tuple(self._client.own())
        self._told = {key: each.reported for each in asked if (key := _key(each)) and each.reported is not None}
        self._left = _SELDOM if self._answers else _IN_VAIN
        return asked

    def files(self) -> tuple[OwnFiles, ...]:
        """Return the files with what the server told before; it is not asked."""
        found: Sequence[OwnFiles] = self._client.own(ask=False)
        return tuple(replace(each, reported=self._told.get(_key(each))) for each in found)

    @property
    def _answers(self) -> bool:
        """Tell whether the server told anything when it was asked last."""
        return any(each.state is not None and not each.why for each in self._told.values())


def _key(own: OwnFiles) -> str:
    return own.certificate.fingerprint.sha256 if own.certificate is not None else ""
