"""Try a certificate for TLS (C7): the form's model."""

from __future__ import annotations

from collections.abc import Sequence

from pkilab.forms.model import act
from pkilab.forms.traits import secret
from pkilab.forms.using import UsingRoot
from pkilab.model.own import OwnFiles
from pkilab.model.uses import TlsTried
from pkilab.views import hood


class TryTls(UsingRoot):
    """A TLS server and a TLS client meet, both with the certificate of the file root that is looked at."""

    password = secret("Password of the TLS key", hint="It is kept nowhere.", required=True)

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
