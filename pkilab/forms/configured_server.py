"""What is done with a CA server that is configured: encrypt a key that lies open (S3), and start over (S8)."""

from __future__ import annotations

from collections.abc import Sequence

from traitlets import Unicode

from pkilab.errors import ConfirmationNeeded
from pkilab.forms.model import FormModel, act
from pkilab.forms.ports import Server
from pkilab.forms.traits import line, secret
from pkilab.model.acts import KeyEncrypted, Reinitialized
from pkilab.model.password import agreed


class EncryptKey(FormModel):
    """A password for a private key that lies open."""

    password = secret("Password", required=True, check=lambda password: agreed(password, None))
    confirmation = secret("Password again", required=True)

    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__()

    def crosswise(self) -> dict[str, str]:
        """Tell whether the two passwords differ, as soon as both stand there."""
        differ = self.confirmation and self.password != self.confirmation
        return {"confirmation": "The two passwords differ."} if differ else {}

    @act("Encrypting the key …")
    def encrypt(self) -> KeyEncrypted:
        """Encrypt the private key in place.

        Raises:
            PkilabError: as `server.encrypt_key`; the file is as it was.
        """
        done: KeyEncrypted = self.server.encrypt_key(password=self.password, confirmation=self.confirmation)
        self.result = done
        return done


class Reinitialize(FormModel):
    """Starting over: what it would do, and the instance's name typed as the confirmation."""

    name_typed = line("Name of this instance", required=True)

    effects = Unicode("")
    """What starting over would do, as `look` found it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__()

    @property
    def confirmed(self) -> bool:
        """Tell whether the instance's name stands there, letter by letter."""
        return bool(self.name_typed.strip() == self.server.instance)

    def hindrances(self, act: str) -> Sequence[str]:
        """Nothing is dropped unless somebody typed the instance's name, and the effects were told."""
        del act
        reasons = [] if self.effects else ["What starting over does has not been shown yet."]
        if self.name_typed.strip() and not self.confirmed:
            reasons.append(f"Type {self.server.instance} to confirm.")
        return reasons

    def look(self) -> str:
        """Find out what starting over would do now; nothing is done.

        Raises:
            NotConfigured: there is nothing to drop.
        """
        try:
            self.server.reinitialize(confirmed=False)
        except ConfirmationNeeded as needed:
            self.effects = needed.effect[:1].upper() + needed.effect[1:]
        self.recheck()
        return self.effects

    @act("Starting over …")
    def reinitialize(self) -> Reinitialized:
        """Drop configuration and records, after a copy was written.

        Raises:
            PkilabError: as `server.reinitialize`; nothing was dropped then.
        """
        done: Reinitialized = self.server.reinitialize(confirmed=self.confirmed)
        self.name_typed, self.effects = "", ""
        self.untouch()
        self.result = done
        return done
