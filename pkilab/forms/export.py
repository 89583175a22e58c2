"""Export key, certificate, chain and roots for other programs (C7): the form's model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pkilab.forms.model import act
from pkilab.forms.ports import Client
from pkilab.forms.traits import choice, line, secret, tick
from pkilab.forms.using import UsingRoot
from pkilab.model.own import OwnFiles
from pkilab.model.uses import Exported, Made
from pkilab.views import hood
from pkilab.views.hood import Hood

PKCS12, CHAIN, TRUST = "pkcs12", "chain", "trust"


class Export(UsingRoot):
    """What other programs read, to be saved by the browser or, where that is allowed, as a file of this machine.

    Args:
        client: the CA client.
        paths: whether files of this machine may be named: not on a page for visitors from elsewhere.
    """

    kind = choice(
        "What is exported",
        (
            ("Key, certificate and chain: PKCS#12", PKCS12),
            ("The certificate and its issuers, for a server: PEM", CHAIN),
            ("The roots to trust: PEM", TRUST),
        ),
        default=PKCS12,
    )
    legacy = tick("With the old encryption (3DES, SHA-1), for programs that read nothing newer")
    password = secret("Password of the private key", hint="It is kept nowhere.", required=True)
    container_password = secret(
        "PKCS#12 password", hint="A new one: who has file and password has the key.", required=True
    )
    confirmation = secret("PKCS#12 password again", required=True)
    path = line("File on this machine", hint="Left empty, your browser saves it. An existing file is kept aside.")

    def __init__(self, client: Client, *, paths: bool) -> None:
        self.paths = paths
        super().__init__(client)
        self.observe(lambda _: self.forget_result(), names="kind")

    def clear(self) -> None:
        """Forget what was chosen and typed, too."""
        own: OwnFiles | None = self.own
        self.kind, self.legacy, self.path = (PKCS12 if own is None or own.key else TRUST), False, ""
        super().clear()

    def absent(self, name: str) -> bool:
        """Passwords are for PKCS#12; a key that lies open asks for none of its own; a path is for this machine."""
        if name == "path":
            return not self.paths
        if name == "password" and self.key_open:
            return True
        return name in {"legacy", "password", "container_password", "confirmation"} and self.kind != PKCS12

    def crosswise(self) -> dict[str, str]:
        """Tell whether the two passwords differ, as soon as both stand there."""
        if self.kind == PKCS12 and self.confirmation and self.container_password != self.confirmation:
            return {"confirmation": "The two passwords differ."}
        return {}

    def hindrances(self, act: str) -> Sequence[str]:
        """What is exported has to be there."""
        del act
        own: OwnFiles | None = self.own
        if own is None:
            return ("Choose a file root first.",)
        if self.kind != TRUST and own.certificate is None:
            return ("There is no certificate to export.",)
        if self.kind == PKCS12 and not own.key:
            return ("The private key is not here.",)
        return ()

    @act("Exporting …")
    def export(self) -> Made | Exported:
        """Make what was chosen: a `Made` for the browser to save, or an `Exported` where a path was named.

        Raises:
            PkilabError: as `client.export`; nothing was written.
        """
        self.forget_result()
        place = self.path.strip() if self.paths else ""
        done = self._written(place) if place else self._made()
        self.hood = self._under()
        self.result = done
        return done

    def _made(self) -> Made:
        octets, root = self.client.octets, self.own.root
        if self.kind == CHAIN:
            return octets.chain(root)
        if self.kind == TRUST:
            return octets.trust()
        return octets.pkcs12(
            root,
            password=self.password or None,
            container_password=self.container_password,
            confirmation=self.confirmation,
            legacy=self.legacy,
        )

    def _written(self, place: str) -> Exported:
        path = Path(place).expanduser()
        if self.kind == TRUST:
            return self.client.export(trust=path)
        if self.kind == CHAIN:
            return self.client.export(self.own.root, chain=path)
        return self.client.export(
            self.own.root,
            pkcs12=path,
            password=self.password or None,
            container_password=self.container_password,
            confirmation=self.confirmation,
            legacy=self.legacy,
        )

    def _under(self) -> Hood:
        own: OwnFiles = self.own
        instance, octets = self.client.instance, self.client.octets
        if self.kind == TRUST or own.certificate is None:
            return hood.export_trust(instance=instance, roots=octets.trust().octets.decode("ascii"))
        chain = octets.above(own.certificate).certificates
        if self.kind == CHAIN:
            shown = [each for each in chain if each is own.certificate or not each.self_issued]
            return hood.export_chain(own.root, instance=instance, certificates=shown)
        return hood.export(
            own.root,
            instance=instance,
            manager=self.client.directory,
            certificate=own.certificate,
            above=chain[1:],
            encrypted=own.key_encrypted,
            legacy=self.legacy,
        )
