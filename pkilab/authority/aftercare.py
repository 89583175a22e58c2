"""What a CA server does about certificates after they were issued: the verbs that `CAServer` has for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pkilab.authority import adopt, change, lists, responder, revoke, watch
from pkilab.authority.alerts import alerts
from pkilab.authority.answering import Answering, OcspAnswer
from pkilab.authority.site import Site
from pkilab.model.aftercare import Adopted, Published, ResponderRenewed, Revoked, SettingsChanged
from pkilab.model.alert import Alert
from pkilab.model.certificate import Certificate
from pkilab.model.crl import RevocationList
from pkilab.model.revocation import RevocationReason
from pkilab.store import crls, responders


class Aftercare:
    """The part of a CA server that revokes, publishes, answers, watches and takes over."""

    _site: Site

    def now(self) -> datetime:
        """Return the time by which this CA lives, in UTC."""
        return self._site.clock()

    def revoke(
        self,
        number: int,
        *,
        reason: RevocationReason | str,
        password: str | None = None,
        invalid_since: datetime | None = None,
        by: str = "",
    ) -> Revoked:
        """Revoke a certificate, or put it on hold with `certificateHold`, and sign the revocation lists anew (X2).

        `invalid_since` says since when its key is feared to be in wrong hands.

        Raises:
            PkilabError: see `authority.revoke`; nothing was revoked then.
        """
        chosen = RevocationReason.parse(reason)
        return revoke.revoke(self._site, number, reason=chosen, password=password, invalid_since=invalid_since, by=by)

    def lift(self, number: int, *, password: str | None = None, by: str = "") -> Revoked:
        """Lift the hold of a certificate, and sign the revocation lists anew.

        Raises:
            NotHeld: there is no hold; other revocations cannot be taken back.
        """
        return revoke.lift(self._site, number, password=password, by=by)

    def publish_crl(self, *, password: str | None = None, ahead: int | None = None, by: str = "") -> Published:
        """Sign the current revocation list, and `ahead` more that take over one after the other.

        None: as many as are ahead now. Raises as `authority.lists.publish` does.
        """
        return lists.publish(self._site, password=password, ahead=ahead, by=by)

    def crl(self) -> RevocationList:
        """Return the revocation list that counts now, as the web service serves it.

        Raises:
            NoRevocationList: none was published yet.
        """
        return lists.current(self._site)

    def crls(self) -> tuple[RevocationList, ...]:
        """Return the revocation lists that were signed: the current one, and those ahead of their time."""
        with self._site.registry.reading() as tx:
            return crls.all(tx, self._site.instance)

    def renew_responder(self, *, password: str | None = None, by: str = "") -> ResponderRenewed:
        """Make a new key for the OCSP responder, and a certificate for it, for a short time."""
        return responder.renew(self._site, password=password, by=by)

    @property
    def responder(self) -> Certificate | None:
        """Return the certificate of the OCSP responder, None where none was made yet."""
        with self._site.registry.reading() as tx:
            return responders.newest(tx, self._site.instance)

    def ocsp(self, request: bytes) -> OcspAnswer:
        """Return the answer to an OCSP request in DER, as the web service gives it (RFC 6960)."""
        return self.answering().answer(request)

    def answering(self) -> Answering:
        """Return what answers OCSP requests, and remembers between them what it read."""
        return Answering(self._site)

    def alerts(self) -> tuple[Alert, ...]:
        """Return what the operator has to see to: what of this CA runs out soon, is over, or is missing."""
        with self._site.registry.reading() as tx:
            return alerts(tx, self._site.authority(tx), self._site.clock())

    def remind(self) -> int:
        """Store the mails about what runs out that were not stored yet, and return how many (X3)."""
        return watch.remind(self._site)

    def adopt(self, *files: str | Path | tuple[str, bytes], host: str = "", origin: str = "", by: str = "") -> Adopted:
        """Record certificates that this CA issued elsewhere; `host` and `origin` are where they are listed from.

        A file is a path, or a name with the octets that came under it.

        Raises:
            NotIssuedHere, NumberTaken: nothing was adopted.
        """
        return adopt.adopt(self._site, files, host=host, origin=origin, by=by)

    def change(
        self,
        *,
        public_url: str | None = None,
        crl_days: int | None = None,
        responder_days: int | None = None,
        remind_days: Sequence[int] | None = None,
        by: str = "",
    ) -> SettingsChanged:
        """Change settings that concern what becomes of certificates; None leaves one as it is.

        Raises:
            InvalidField: a value breaks its rule, or nothing was given.
        """
        return change.change(
            self._site,
            public_url=public_url,
            crl_days=crl_days,
            responder_days=responder_days,
            remind_days=remind_days,
            by=by,
        )
