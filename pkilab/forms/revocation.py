"""Revocation lists, the OCSP responder and what belongs to them (X2): the form's models and its view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import ipywidgets as widgets
from traitlets import Any as AnyTrait

from pkilab.errors import InvalidField
from pkilab.forms.explaining import explain_it
from pkilab.forms.fields import field, html
from pkilab.forms.model import FormModel, act
from pkilab.forms.parts.download import Download, Handed
from pkilab.forms.ports import Server
from pkilab.forms.signing import Signing
from pkilab.forms.traits import Check, line
from pkilab.forms.view import FormView, Surroundings, act_button, bar, card, fold, shown_when, status, two
from pkilab.model.addresses import check_public_url
from pkilab.model.aftercare import Published, ResponderRenewed, SettingsChanged
from pkilab.model.certificate import Certificate
from pkilab.model.crl import RevocationList
from pkilab.model.settings import CASettings
from pkilab.views import aftercare, hood, words
from pkilab.views import html as views
from pkilab.views.escape import escape

_MOST_AHEAD = 120
_MAKE, _RENEW = "Make the responder", "Renew the responder"


def whole(label: str, most: int, *, least: int = 0) -> Check:
    """Return the rule of a field for a whole number from `least` to `most`."""

    def check(text: str) -> int:
        stripped = text.strip()
        if not (stripped.isascii() and stripped.isdigit() and len(stripped) < 9 and least <= int(stripped) <= most):
            raise InvalidField(label, f"a whole number from {least} to {most} is needed.")
        return int(stripped)

    return check


def parse_days(text: str) -> list[int]:
    """Return the days in a text, such as `30, 7, 1`; none for an empty one.

    Raises:
        InvalidField: one of them is no whole number.
    """
    check = whole("Reminders", 3650)
    return [int(str(check(part))) for part in text.replace(";", ",").split(",") if part.strip()]


class Publish(Signing):
    """Signing revocation lists: the one that counts now, and more ahead of their time."""

    ahead = line(
        "Lists ahead",
        default="0",
        hint="0: the one that counts now alone. So many more are signed now, and take over one after the other: a key "
        "that is locked away need not come out for each.",
        required=True,
        check=whole("Lists ahead", _MOST_AHEAD),
    )

    @act("Signing the revocation lists …")
    def publish(self) -> Published:
        """Sign them.

        Raises:
            PkilabError: as `server.publish_crl`; the earlier ones count on.
        """
        done: Published = self.server.publish_crl(password=self.password or None, ahead=int(self.ahead))
        self.hood = hood.publish(done, **self.signer)
        self.result = done
        return done


class RenewResponder(Signing):
    """A new key and a new certificate for the OCSP responder."""

    @act("Making the responder's key, and certifying it …")
    def renew(self) -> ResponderRenewed:
        """Make both.

        Raises:
            PkilabError: as `server.renew_responder`; the earlier one answers on.
        """
        self.result = self.server.renew_responder(password=self.password or None)
        return self.result


class ChangeSettings(FormModel):
    """The settings that can be changed at any time."""

    public_url = line(
        "Public address",
        hint="Where the web service is reached from outside, such as http://ca.lab.test:52773. Certificates that are "
        "issued from then on name where revocation is looked up.",
        check=check_public_url,
    )
    crl_days = line("Revocation lists, in days", required=True, check=whole("Revocation lists, in days", 3650, least=1))
    responder_days = line(
        "OCSP responder, in days", required=True, check=whole("OCSP responder, in days", 3650, least=1)
    )
    remind_days = line("Reminders", hint="Days before a certificate expires, such as 30, 7, 1.", check=parse_days)

    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__()

    def load(self) -> None:
        """Take over what is set."""
        settings: CASettings = self.server.settings
        self.public_url = settings.public_url
        self.crl_days, self.responder_days = str(settings.crl_days), str(settings.responder_days)
        self.remind_days = ", ".join(map(str, settings.remind_days))
        self.untouch()

    @act("Saving …")
    def change(self) -> SettingsChanged:
        """Change them.

        Raises:
            PkilabError: as `server.change`; nothing was changed then.
        """
        self.result = self.server.change(
            public_url=self.public_url,
            crl_days=int(self.crl_days),
            responder_days=int(self.responder_days),
            remind_days=parse_days(self.remind_days),
        )
        return self.result


class Revocation(FormModel):
    """Where revocation stands at a CA server, and the three things that an operator does about it."""

    lists = AnyTrait(())
    """The revocation lists: the current one, and those ahead."""
    standing = AnyTrait(())
    """What each of the lists is worth now, in words."""
    responder = AnyTrait(None, allow_none=True)
    """The certificate of the OCSP responder."""
    alerts = AnyTrait(())
    """What the operator has to see to, in sentences."""
    configured = AnyTrait(default_value=False)
    """Whether it is a CA server at all."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.publish = Publish(server)
        self.renew = RenewResponder(server)
        self.settings = ChangeSettings(server)
        super().__init__()

    def look(self) -> None:
        """Look where it stands now.

        Raises:
            PkilabError: the registry cannot be asked.
        """
        configured = self.server.configured
        if configured:
            self.lists = found = tuple(self.server.crls())
            self.standing = aftercare.standing(found, now=self.server.now())
            self.responder = self.server.responder
            self.alerts = tuple(alert.sentence for alert in self.server.alerts())
            if not self.configured:
                self.settings.load()
                # As many as there are: whoever publishes once more does not mean to withdraw the series.
                self.publish.ahead = str(sum(each == "ahead" for each in self.standing))
        self.configured = configured

    def look_at_key(self) -> None:
        """Look whether the private key is there."""
        self.publish.look_at_medium()
        self.renew.medium = self.publish.medium


class RevocationView(FormView):
    """The lists, the responder, the settings."""

    form: Revocation

    def __init__(self, form: Revocation, around: Surroundings) -> None:
        super().__init__(
            form,
            around,
            title="Revocation",
            lead="Whoever checks a certificate asks whether it was revoked: in a list that the CA signed, or of its "
            "responder. To revoke one, look at it among the issued certificates.",
        )
        self._alerts = html("")
        self._renew: widgets.Box | None = None
        self._lists = html("")
        self._responder = html("")
        self._published, self._renewed, self._changed = html(""), html(""), html("")
        form.observe(lambda _: self._draw(), names=["lists", "standing", "responder", "alerts"])
        form.publish.observe(lambda _: self._draw(), names="medium")
        form.observe(lambda _: self._lay_out(), names="configured")
        form.publish.observe(lambda _: self._lay_out(), names="medium")
        self._lay_out()

    def refresh(self) -> None:
        """Look where it stands now, and whether the key is there."""
        self.form.look()
        self.form.look_at_key()

    def opened(self, **words: str) -> None:
        """Look for the key too: it may have been mounted."""
        del words
        self.around.guard.aside(self.form.look_at_key, lambda _: None)

    def _lay_out(self) -> None:
        form, guard = self.form, self.around.guard
        if not form.configured:
            first = html('<p class="pkilab-hint">Configure this instance as a CA server first.</p>', "pkilab-words")
            self.fill(first, *self._way("Configure this server", "configure_server"))
            return
        password = [field(form.publish, "password")] if form.publish.key_encrypted else []
        again = [field(form.renew, "password")] if form.renew.key_encrypted else []
        self._renew = act_button(form.renew, "renew", _MAKE, guard, done=self._look)
        current = bar(Download("Download the current list", self._current, guard=guard), *explain_it(self, "crl"))
        lists = card(
            "Publish",
            self._lists,
            shown_when(current, form, "lists", bool),
            field(form.publish, "ahead"),
            *password,
            _told(
                form.publish, act_button(form.publish, "publish", "Publish", guard, done=self._look), self._published
            ),
            why="Signed under the CA's key, so it has to be there and its password is asked for. A list counts until "
            "its day: publish before that.",
        )
        responder = card(
            "OCSP responder",
            self._responder,
            *again,
            _told(form.renew, self._renew, self._renewed),
            why="It answers unattended, so it may not have the CA's key: it has one of its own, which the CA certifies "
            "for just that and for a short time. The CA's password stays in nobody's memory.",
        )
        self._name_button()
        settings = fold(
            "Addresses, days and reminders",
            *(field(form.settings, name) for name in form.settings.fields),
            _told(form.settings, act_button(form.settings, "change", "Save", guard, main=False), self._changed),
        )
        choose = self._way("Choose a certificate to revoke", "certificates", main=False)
        self.fill(self._alerts, two(lists, responder), card("", settings), *choose)
        self._draw()

    def _way(self, label: str, task: str, *, main: bool = True) -> list[widgets.Widget]:
        """Return the button that leads to another task; none where the form stands alone."""
        go = self.around.go
        return [bar(self.button(label, lambda: go(task), main=main))] if go is not None else []

    def _draw(self) -> None:
        form = self.form
        alerts = "".join(
            f'<p class="pkilab-advice"><strong>See to it.</strong> {escape(each)}</p>'
            for each in (*form.alerts, *form.publish.keyless)
        )
        self._alerts.value = f'<div class="pkilab-words pkilab-advised">{alerts}</div>' if alerts else ""
        self._lists.value = _told_of(form.lists, form.server.now())
        self._name_button()
        found: Certificate | None = form.responder
        self._responder.value = (
            f'<p class="pkilab-hint">Its certificate is valid until {escape(words.moment(found.not_after))}.</p>'
            if found
            else '<p class="pkilab-hint">It has no key yet, and answers nothing. The button makes one.</p>'
        )

    def _name_button(self) -> None:
        """Call the button of the responder after what it does: a first one is made, a later one renews it."""
        if self._renew is not None:
            self._renew.button.description = _RENEW if self.form.responder else _MAKE

    def _look(self) -> None:
        self.form.look()

    def _current(self) -> Handed:
        found = self.form.server.crl()
        return Handed(name=f"{found.ca}-{found.number}.crl", data=found.der, media="application/pkix-crl")


def _told_of(lists: Sequence[RevocationList], now: datetime) -> str:
    """Return the series in sentences; each of them in a table that is closed at first, as there may be hundreds."""
    first, *more = aftercare.series(lists, now=now)
    said = f"<p><strong>{escape(first)}</strong></p>" + "".join(f"<p>{escape(each)}</p>" for each in more)
    table = views.table(aftercare.lists(lists, now=now))
    each = f'<details class="pkilab-series"><summary>Each of them</summary>{table}</details>' if len(lists) > 1 else ""
    return f'<div class="pkilab-words">{said}</div>{each}'


def _told(form: FormModel, button: widgets.Box, place: widgets.HTML) -> widgets.VBox:
    """Return a button with what its act told, and what it gave back, below it."""

    def show(_: object = None) -> None:
        place.value = views.draw(form.result, under=getattr(form, "hood", None)) if form.result is not None else ""

    form.observe(show, names=["result"])
    return widgets.VBox([button, status(form), place])
