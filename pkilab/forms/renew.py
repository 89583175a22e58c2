"""Renew a certificate from the client (X3), for a new key or for the same one: the form's model."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from traitlets import Any as AnyTrait

from pkilab.errors import PkilabError
from pkilab.forms.model import act
from pkilab.forms.submit import algorithms
from pkilab.forms.traits import choice, secret
from pkilab.forms.using import UsingRoot
from pkilab.model.acts import Submitted
from pkilab.model.own import OwnFiles
from pkilab.views import hood

NEW, SAME, AS_IT_IS = "new", "same", "as-it-is"


class Renew(UsingRoot):
    """Asking for a new certificate of the same subject and names, and sending a request again that lies here."""

    key = choice("The key", (("A new key", NEW), ("The key in use", SAME)), default=NEW)
    key_algorithm = choice("Key algorithm", [("As the one in use", AS_IT_IS), *algorithms()], default=AS_IT_IS)
    password = secret("Password of the new key", hint="It encrypts the new key. Left empty, the key lies open.")
    confirmation = secret("Password again")
    key_password = secret("Password of the key in use", hint="It is kept nowhere.", required=True)

    known = AnyTrait(())
    """The numbers of the certificates that this instance had under the file root before."""

    def clear(self) -> None:
        """Forget what was chosen, too."""
        self.key, self.key_algorithm = NEW, AS_IT_IS
        super().clear()

    def absent(self, name: str) -> bool:
        """The two ways have their own fields; a key that lies open asks for no password."""
        if name == "key_password":
            return self.key == NEW or self.key_open
        return name in {"password", "confirmation", "key_algorithm"} and self.key == SAME

    def crosswise(self) -> dict[str, str]:
        """Tell whether the two passwords differ, as soon as both stand there."""
        if self.key == NEW and self.confirmation and self.password != self.confirmation:
            return {"confirmation": "The two passwords differ."}
        return {}

    def hindrances(self, act: str) -> Sequence[str]:
        """There has to be something to renew, or to send again."""
        own: OwnFiles | None = self.own
        if own is None:
            return ("Choose a file root first.",)
        found = [] if self.client.configured else ["Configure this instance as a CA client first."]
        if act == "resubmit":
            return (*found, *([] if own.waiting else ["Nothing waits to be sent again."]))
        if own.certificate is None:
            found.append("There is no certificate to renew.")
        if self.key == SAME and not own.key:
            found.append("The key in use is not here. Take a new one.")
        if self.key == NEW and self.password and not self.confirmation:
            found.append("Password again is needed.")
        return found

    @act("Making the request, and sending it …")
    def renew(self) -> Submitted:
        """Ask for the new certificate; key and certificate in use stay so until it is fetched.

        Raises:
            PkilabError: as `client.renew`; where it could not be sent, `resubmit` sends it again.
        """
        self.result = None
        self.known = self._known()
        same, encrypted = self.key == SAME, bool(self.password)
        algorithm = None if self.key_algorithm == AS_IT_IS else self.key_algorithm
        done: Submitted = (
            self.client.renew(root=self.own.root, rekey=False, password=self.key_password or None)
            if same
            else self.client.renew(
                root=self.own.root,
                password=self.password or None,
                confirmation=self.confirmation or None,
                key_algorithm=algorithm,
            )
        )
        opened = self.own.key_encrypted if same else encrypted
        self.hood = hood.renew(done, same_key=same, password=opened, other_algorithm=algorithm is not None)
        self.result = done
        return done

    @act("Sending the request again …", needs=())
    def resubmit(self) -> Submitted:
        """Send the request again that lies under this root (C3).

        Raises:
            PkilabError: as `client.resubmit`; the request stays.
        """
        self.known = self._known()
        done: Submitted = self.client.resubmit(root=self.own.root)
        self.hood = hood.resubmit(done)
        self.result = done
        return done

    def _known(self) -> tuple[int, ...]:
        with suppress(PkilabError):
            page = self.client.certificates(search=self.own.root, mine=True, limit=500)
            return tuple(each.number for each in page.certificates)
        return ()
