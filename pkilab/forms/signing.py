"""The part of a form's model that signs with the CA's private key: where the key is, and its password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from traitlets import Any as AnyTrait

from pkilab.errors import MediumEjected, PkilabError
from pkilab.forms.model import FormModel
from pkilab.forms.ports import Server
from pkilab.forms.traits import secret
from pkilab.model.acts import Found


class WithCAKey(FormModel):
    """A form that signs as the CA at some time. The password is asked for at each act, and kept nowhere."""

    password = secret("Password", hint="That of the CA's private key. It is kept nowhere.", required=True)

    medium = AnyTrait(None, allow_none=True)
    """What lies where the CA's private key was configured."""

    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__()
        self.observe(lambda _: self.recheck(), names="medium")

    @property
    def key_encrypted(self) -> bool:
        """Tell whether the CA's private key asks for a password; one that is not there is taken to."""
        found: Found | None = self.medium
        return found is None or found.key is None or found.key_encrypted

    @property
    def key_missing(self) -> str:
        """Return where the private key should be, if it is not there; else nothing."""
        found: Found | None = self.medium
        return str(found.directory / f"{found.root}.key") if found is not None and found.key is None else ""

    @property
    def keyless(self) -> tuple[str, ...]:
        """Return what blocks signing while the key is not there."""
        if self.key_missing:
            return (f"Mount the medium with the CA's private key: {self.key_missing} is not there.",)
        return ()

    @property
    def signer(self) -> dict[str, Any]:
        """Return who signs, as what stands under the hood is told: settings, certificate, whether the key is locked."""
        issuer = self.server.ca_certificate().certificate
        return {"settings": self.server.settings, "issuer": issuer, "key_encrypted": self.key_encrypted}

    def found_key(self) -> Found | None:
        """Look where the key should be; None where that cannot be told: signing tells what is wrong with it."""
        try:
            settings = self.server.settings
            try:
                return self.server.look(root=settings.root, directory=settings.directory)
            except MediumEjected as ejected:
                return Found(directory=ejected.path, root=settings.root, key=None, certificate=None, serial=None)
        except PkilabError:
            return None


class Signing(WithCAKey):
    """A form each of whose acts signs as the CA."""

    hood = AnyTrait(None, allow_none=True)
    """The last act under the hood."""

    def absent(self, name: str) -> bool:
        """A key that lies open asks for no password."""
        return name == "password" and not self.key_encrypted

    def hindrances(self, act: str) -> Sequence[str]:
        """Nothing is signed without the key."""
        del act
        return self.keyless

    def look_at_medium(self) -> None:
        """Look whether the key is there."""
        self.medium = self.found_key()
