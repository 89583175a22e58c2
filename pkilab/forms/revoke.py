"""Revoke a certificate, put it on hold, or lift the hold (X2): the form's model and its view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import ipywidgets as widgets
from traitlets import Any as AnyTrait

from pkilab.errors import InvalidField
from pkilab.forms.fields import field, html
from pkilab.forms.model import act
from pkilab.forms.ports import Server
from pkilab.forms.signing import Signing
from pkilab.forms.traits import choice, line
from pkilab.forms.view import FormView, Surroundings, act_button, card, shown_when
from pkilab.model.aftercare import Revoked
from pkilab.model.certificate import CertificateState, IssuedCertificate
from pkilab.model.revocation import RevocationReason
from pkilab.views import hood
from pkilab.views import html as views

_WORDS = {
    RevocationReason.UNSPECIFIED: "no reason given",
    RevocationReason.KEY_COMPROMISE: "its private key is in wrong hands",
    RevocationReason.CA_COMPROMISE: "the private key of the CA that it is for is in wrong hands",
    RevocationReason.AFFILIATION_CHANGED: "the names in it are no longer right",
    RevocationReason.SUPERSEDED: "another one took its place",
    RevocationReason.CESSATION_OF_OPERATION: "what it was for is no longer there",
    RevocationReason.CERTIFICATE_HOLD: "on hold: can be lifted again",
    RevocationReason.PRIVILEGE_WITHDRAWN: "its holder may no longer have it",
    RevocationReason.AA_COMPROMISE: "an attribute authority's key is in wrong hands",
}
_REASONS = [(f"{reason.value}: {told}", str(reason)) for reason, told in _WORDS.items()]
_HOLD = str(RevocationReason.CERTIFICATE_HOLD)
_OPEN = (CertificateState.VALID, CertificateState.NOT_YET_VALID, CertificateState.EXPIRED)


def parse_since(text: str) -> datetime:
    """Return the day that a person typed, from its beginning in UTC.

    Raises:
        InvalidField: it is none.
    """
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise InvalidField("In wrong hands since", "write the day as year-month-day, such as 2026-11-23.") from None


class Revoke(Signing):
    """What becomes of one certificate. It is signed into a new revocation list at once."""

    reason = choice(
        "Reason",
        _REASONS,
        default=str(RevocationReason.UNSPECIFIED),
    )
    since = line("In wrong hands since", hint="A day, such as 2026-11-23, where it is known.", check=parse_since)
    certificate = AnyTrait(None, allow_none=True)
    """The certificate that it is about."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.observe(lambda _: self.recheck(), names=["certificate"])

    def take(self, certificate: IssuedCertificate | None) -> None:
        """Take up a certificate; what stood in the fields for another is forgotten."""
        before: IssuedCertificate | None = self.certificate
        if certificate is None or before is None or before.number != certificate.number:
            self.password, self.since, self.reason = "", "", str(RevocationReason.UNSPECIFIED)
            self.result = self.told = self.hood = None
        self.certificate = certificate
        if certificate is not None:
            self.look_at_medium()
        self.untouch()

    @property
    def held(self) -> bool:
        """Tell whether the certificate is on hold."""
        found: IssuedCertificate | None = self.certificate
        return found is not None and found.state is CertificateState.HELD

    @property
    def revocable(self) -> bool:
        """Tell whether it can be revoked: it is on hold, or nothing was done to it."""
        found: IssuedCertificate | None = self.certificate
        return found is not None and found.number != 0 and (self.held or found.state in _OPEN)

    def absent(self, name: str) -> bool:
        """Since when a key is in wrong hands is asked for where that is the reason."""
        if name == "since":
            return self.reason not in {RevocationReason.KEY_COMPROMISE, RevocationReason.CA_COMPROMISE}
        return super().absent(name)

    def hindrances(self, act: str) -> Sequence[str]:
        """A certificate has to be there; one that was revoked for good stays so."""
        if self.certificate is None:
            return ("Choose a certificate first.",)
        if act == "lift" and not self.held:
            return ("It is not on hold.",)
        if act == "revoke" and not self.revocable:
            return ("It is revoked already, and stays so.",)
        if act == "revoke" and self.held and self.reason == RevocationReason.CERTIFICATE_HOLD:
            return ("It is on hold already. Choose another reason, or lift the hold.",)
        return super().hindrances(act)

    @act("Revoking, and signing the revocation list …")
    def revoke(self) -> Revoked:
        """Revoke the certificate, or put it on hold.

        Raises:
            PkilabError: as `server.revoke`; nothing was revoked then.
        """
        since = None if self.absent("since") or not self.since.strip() else parse_since(self.since)
        done: Revoked = self.server.revoke(
            self.certificate.number, reason=self.reason, password=self.password or None, invalid_since=since
        )
        return self._done(done)

    @act("Lifting the hold, and signing the revocation list …", needs=("password",))
    def lift(self) -> Revoked:
        """Lift the hold.

        Raises:
            PkilabError: as `server.lift`; it stays on hold then.
        """
        done: Revoked = self.server.lift(self.certificate.number, password=self.password or None)
        return self._done(done)

    def _done(self, done: Revoked) -> Revoked:
        self.certificate = done.certificate
        self.reason, self.since = str(RevocationReason.UNSPECIFIED), ""
        self.hood = hood.revoke(done, **self.signer)
        self.result = done
        return done


class RevokeView(FormView):
    """What can be done about a certificate; `done` is called after something was."""

    form: Revoke

    def __init__(self, form: Revoke, around: Surroundings, *, done: Callable[[], object]) -> None:
        super().__init__(form, around, title="", lead="")
        self._done = done
        form.observe(lambda _: self._draw(), names=["certificate", "medium", "result"])
        self._draw()

    def _draw(self) -> None:
        form, found = self.form, self.form.certificate
        if found is None or found.number == 0:
            self.fill()
        elif form.result is not None and form.result.number == found.number:
            self.fill(html(views.draw(form.result, under=form.hood)), *self._acts())
        else:
            self.fill(*self._acts())

    def _acts(self) -> Sequence[widgets.Widget]:
        form, guard = self.form, self.around.guard
        password = [field(form, "password")] if form.key_encrypted else []
        if form.held:
            return (
                card(
                    "It is on hold",
                    *password,
                    act_button(form, "lift", "Lift the hold", guard, done=self._after),
                    why="Whoever checks is told that it does not count, until the hold is lifted or it is revoked.",
                ),
                self._revoking(password=False),
            )
        return (self._revoking(password=True),) if form.revocable else ()

    def _revoking(self, *, password: bool) -> widgets.Widget:
        form, guard = self.form, self.around.guard
        compromised = {str(RevocationReason.KEY_COMPROMISE), str(RevocationReason.CA_COMPROMISE)}
        asked = [field(form, "password")] if password and form.key_encrypted else []
        return card(
            "Revoke it",
            field(form, "reason", options=[each for each in _REASONS if not form.held or each[1] != _HOLD]),
            shown_when(field(form, "since"), form, "reason", lambda reason: reason in compromised),
            *asked,
            act_button(form, "revoke", "Revoke the certificate", guard, main=False, danger=True, done=self._after),
            why="It cannot be taken back, but for a hold. Its contact is told by mail, and the revocation list is "
            "signed anew.",
        )

    def _after(self) -> None:
        self._done()
        self._draw()
