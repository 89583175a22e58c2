"""Your certificates: what lies in a client's manager directory, and what is done with it (C7, X3); the models."""

from __future__ import annotations

from dataclasses import replace

from traitlets import Any as AnyTrait

from pkilab.errors import InvalidField
from pkilab.forms.asked import Asked
from pkilab.forms.documents import Check, Decrypt, Encrypt, Sign
from pkilab.forms.export import Export
from pkilab.forms.model import FormModel
from pkilab.forms.ports import Client
from pkilab.forms.renew import Renew
from pkilab.forms.tls import TryTls
from pkilab.model.certificate import Chain, Worth
from pkilab.model.own import OwnFiles


class Own(FormModel):
    """The client's files by file root, and the forms of what is done with the root that is looked at.

    Args:
        client: the CA client.
        paths: whether an export may be written to a file of this machine.
    """

    all = AnyTrait(())
    """What lies there, an `OwnFiles` each."""
    shown = AnyTrait(None, allow_none=True)
    """The root that is looked at."""

    def __init__(self, client: Client, *, paths: bool = True) -> None:
        self.client = client
        self._asked = Asked(client)
        self.renew = Renew(client)
        self.export = Export(client, paths=paths)
        self.sign, self.decrypt = Sign(client), Decrypt(client)
        self.tls = TryTls(client)
        self.check, self.encrypt = Check(client), Encrypt(client)
        super().__init__()

    def look(self) -> tuple[OwnFiles, ...]:
        """Look again what lies there, and ask the CA server what it tells of the certificates.

        Raises:
            PkilabError: as `client.own`.
        """
        return self._take(self._asked.look(now=True))

    def look_again(self) -> None:
        """Look again what lies there; the CA server is asked now and then alone.

        Raises:
            PkilabError: as `client.own`.
        """
        self._take(self._asked.look())

    def _take(self, found: tuple[OwnFiles, ...]) -> tuple[OwnFiles, ...]:
        self.all = found
        if self.shown is not None:
            self._use(next((each for each in found if each.root == self.shown.root), None))
        return found

    def show(self, root: str) -> OwnFiles:
        """Look at what lies under a file root.

        Raises:
            InvalidField: nothing does.
        """
        found = next((each for each in self.look() if each.root == root), None)
        if found is None:
            raise InvalidField("File root", "nothing lies under this name in the manager directory.")
        self._use(found)
        return found

    def close(self) -> None:
        """Go back to the list; secrets and what was made are forgotten."""
        self._use(None)

    @property
    def chain(self) -> Chain | None:
        """Return the certificate that is looked at and those above it, as far as they are here; None without one."""
        own: OwnFiles | None = self.shown
        if own is None or own.certificate is None:
            return None
        found, told = self.client.octets.above(own.certificate), own.reported
        if told is None or told.state is None:
            return found
        worth = Worth(state=told.state, since=told.revoked_at, reason=told.revoked_for)
        return replace(found, worth=(worth, *[None] * (len(found.certificates) - 1)))

    def _use(self, own: OwnFiles | None) -> None:
        for form in (self.renew, self.tls, self.export, self.sign, self.decrypt):
            form.use(own)
        self.shown = own
