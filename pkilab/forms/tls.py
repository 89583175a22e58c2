"""Try a certificate for TLS (C7): the form's model."""

from __future__ import annotations

from collections.abc import Sequence

from traitlets import Any as AnyTrait

from pkilab.forms.model import FormModel, act
from pkilab.forms.ports import Client
from pkilab.forms.traits import secret
from pkilab.model.own import OwnFiles
from pkilab.model.uses import TlsTried
from pkilab.views import hood


class TryTls(FormModel):
    """A TLS server and a TLS client meet, both with the certificate of the file root that is looked at."""

    password = secret("Password of the TLS key", hint="It is kept nowhere.", required=True)

    own = AnyTrait(None, allow_none=True)
    """The files of the root, an `OwnFiles`."""
    hood = AnyTrait(None, allow_none=True)
    """The last act under the hood."""

    def __init__(self, client: Client) -> None:
        self.client = client
        super().__init__()
        self.observe(lambda _: self.recheck(), names="own")

    def use(self, own: OwnFiles | None) -> None:
        """Take up another root; what was tried with the one before is forgotten."""
        before: OwnFiles | None = self.own
        self.own = own
        if own is None or before is None or before.root != own.root:
            self.password = ""
            self.result = self.told = self.hood = None
            self.untouch()

    def absent(self, name: str) -> bool:
        """A key that lies open asks for no password."""
        return name == "password" and self.own is not None and not self.own.key_encrypted

    def hindrances(self, act: str) -> Sequence[str]:
        """Key and certificate have to be there."""
        del act
        own: OwnFiles | None = self.own
        if own is None:
            return ("Choose a file root first.",)
        return () if own.key and own.certificate else ("Both the private key and its certificate are needed.",)

    @act("Letting server and client meet …")
    def try_tls(self) -> TlsTried:
        """Let them meet.

        Raises:
            PkilabError: as `client.try_tls`.
        """
        own: OwnFiles = self.own
        self.result = self.hood = None
        done = self.client.try_tls(own.root, password=self.password or None)
        self.hood = hood.tls(
            own.root,
            instance=self.client.instance,
            manager=self.client.directory,
            certificate=done.certificate,
            name=done.name,
            above=self.client.octets.above(done.certificate).certificates[1:],
            encrypted=own.key_encrypted,
        )
        self.result = done
        return done
