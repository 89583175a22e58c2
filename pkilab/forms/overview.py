"""Where you stand: what an instance is, what waits, what was issued, and the next sensible step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import unquote

import ipywidgets as widgets
from traitlets import Any as AnyTrait

from pkilab.errors import NotConfigured
from pkilab.forms.asked import Asked
from pkilab.forms.fields import Words, html
from pkilab.forms.model import FormModel
from pkilab.forms.ports import Client, Server
from pkilab.forms.view import FormView, Surroundings, bar, card, two
from pkilab.model.certificate import Certificate, IssuedCertificate, ListedCertificate
from pkilab.model.medium import KeyPlace
from pkilab.model.order import CertificateOrder
from pkilab.model.own import OwnFiles, Reported
from pkilab.model.running import Queue
from pkilab.model.settings import DEFAULT_PATH, ClientSettings
from pkilab.views import html as views
from pkilab.views.escape import escape
from pkilab.views.own import notable
from pkilab.views.words import counted

_DRAWN = 500
"""Certificates whose lives are looked at for the picture."""

_TOLD = 5
"""Sentences on certificates that stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that can be taken: the task that it opens, and what stands on its button."""

    task: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where an instance stands, as far as its desk has the part: as a CA server, and as a CA client.

    `queue` and `client` are None while it is not configured so.
    """

    as_server: bool
    as_client: bool
    queue: Queue | None
    client: ClientSettings | None
    waiting: int = 0
    """Requests of the client whose certificates are not here yet."""
    held: int = 0
    """Certificates of the client, each with its key."""
    notable: tuple[str, ...] = ()
    """Sentences on certificates of the client that were revoked, are on hold or expired, and on what is not known."""
    lives: tuple[ListedCertificate, ...] = ()
    """The client's certificates with what they are worth, as far as the CA told."""
    key: KeyPlace | None = None
    """Where the CA's private key lies."""
    guest: bool = False
    """Whether a CA server is elsewhere in the lab, so that one begins as its client."""

    @property
    def server_step(self) -> Step | None:
        """Return the operator's next step."""
        if not self.as_server:
            return None
        if self.queue is None:
            return Step(task="configure_server", label="Configure this server")
        if self.queue.pending:
            waiting = counted(self.queue.pending, "pending request", "pending requests")
            return Step(task="pending", label=f"Look at {waiting}")
        if self.queue.certificates:
            return Step(task="certificates", label="See what was issued")
        return Step(task="pending", label="Wait for a request")

    @property
    def client_step(self) -> Step | None:
        """Return the client's next step."""
        if not self.as_client:
            return None
        if self.client is None:
            return Step(task="configure_client", label="Configure this client")
        if self.waiting:
            return Step(task="get_certificates", label="Get certificates")
        if self.held:
            return Step(task="own", label="See your certificates")
        return Step(task="submit", label="Submit a request")

    @property
    def next_step(self) -> Step | None:
        """Return the one step that is sensible before all others."""
        server, client = self.server_step, self.client_step
        if server is None or client is None:
            return server or client
        begins_as_client = self.queue is None and (self.guest or self.client is not None)
        if begins_as_client or (self.queue and not self.queue.pending and self.client is None):
            return client
        return server


def stand(
    server: Server | None,
    client: Client | None,
    *,
    ca_elsewhere: Callable[[], bool] = lambda: False,
    key: Callable[[], KeyPlace] | None = None,
    files: Callable[[], Sequence[OwnFiles]] | None = None,
) -> Stand:
    """Return where an instance stands; a part that its desk has not is None.

    `key` looks where the CA's private key lies, once there is a CA.
    `files` gives the client's own files; without it they are looked at, and the CA server is not asked about them.

    Raises:
        RegistryError, CannotRead: the lab cannot be read.
    """
    queue = server.queue() if server is not None else None
    configured = client is not None and client.configured
    look = files or (lambda: client.own(ask=False) if client is not None else ())
    own = look() if configured else ()
    return Stand(
        as_server=server is not None,
        as_client=client is not None,
        queue=queue,
        client=client.settings if client is not None and configured else None,
        waiting=sum(each.waiting for each in own),
        held=sum(each.key and each.certificate is not None for each in own),
        notable=notable(own),
        lives=tuple(_life(each, each.certificate) for each in own if each.key and each.certificate),
        key=key() if queue is not None and key is not None else None,
        guest=queue is None and ca_elsewhere(),
    )


def _life(own: OwnFiles, found: Certificate) -> ListedCertificate:
    told = own.reported or Reported()
    return ListedCertificate(
        number=found.serial,
        host="",
        instance="",
        root=own.root,
        not_before=found.not_before,
        not_after=found.not_after,
        state=told.state.value if told.state else "",
        revoked_at=told.revoked_at,
        revoked_for=told.revoked_for,
    )


def ca_of(settings: ClientSettings) -> str:
    """Return what a client's CA is called: by its instance where the path names it, else by its host."""
    name = unquote(settings.path.removesuffix(DEFAULT_PATH)).strip("/")
    return name if settings.path.endswith(DEFAULT_PATH) and name else settings.host


class Overview(FormModel):
    """Where the instance stands. It has no fields and no acts; `look` reads the lab anew."""

    stand = AnyTrait(None, allow_none=True)
    """Where the instance stands, a `Stand`."""

    def __init__(
        self,
        server: Server | None,
        client: Client | None,
        *,
        clock: Callable[[], datetime],
        ca_elsewhere: Callable[[], bool] = lambda: False,
        key: Callable[[], KeyPlace] | None = None,
    ) -> None:
        self.server, self.client = server, client
        self.clock = clock
        self._ca_elsewhere, self._key = ca_elsewhere, key
        self._asked = Asked(client) if client is not None else None
        super().__init__()
        self._take(self._asked.files if self._asked else None)

    def look(self) -> Stand:
        """Look where the instance stands now; its CA is asked now and then about the client's certificates.

        Raises:
            RegistryError, CannotRead: the lab cannot be read.
        """
        return self._take(self._asked.look if self._asked else None)

    def _take(self, files: Callable[[], Sequence[OwnFiles]] | None) -> Stand:
        found = stand(self.server, self.client, ca_elsewhere=self._ca_elsewhere, key=self._key, files=files)
        self.stand = found
        return found


class OverviewView(FormView):
    """A card for each part with its next step; then the chain of trust, and when certificates expire."""

    form: Overview

    def __init__(self, form: Overview, around: Surroundings, *, name: str) -> None:
        super().__init__(form, around, title="Where you stand", lead=f"This is the instance {name}.")
        self._parts = widgets.VBox()
        self._picture = html("")
        self._drawn: object = None
        form.observe(lambda _: self._draw(), names="stand")
        stack = widgets.VBox([self._parts, self._picture])
        stack.add_class("pkilab-stack")
        self.fill(stack)
        self._draw()

    def refresh(self) -> None:
        """Look again; only what changed is drawn anew."""
        self.form.look()
        self._draw_picture()

    def _draw(self) -> None:
        stand: Stand = self.form.stand
        cards = [card for card in (self._server(stand), self._client(stand)) if card is not None]
        self._parts.children = (two(*cards) if len(cards) == 2 else widgets.VBox(cards),)
        self._draw_picture()

    def _server(self, stand: Stand) -> widgets.Widget | None:
        if not stand.as_server:
            return None
        queue = stand.queue
        if queue is None:
            said = "Not configured yet. A CA server has a key, checks who asks, and issues certificates."
            return card(
                "CA server", _path(0, "Configure", "Receive requests", "Issue"), _say(said), self._button(stand, 0)
            )
        waits = counted(queue.pending, "request waits", "requests wait")
        issued = counted(queue.certificates, "certificate was issued", "certificates were issued")
        at = 1 if not (queue.pending or queue.certificates) else 2 if not queue.certificates else 3
        advised = [alert.sentence for alert in queue.alerts]
        if stand.key is not None and stand.key.advice:
            advised.append(stand.key.advice)
        revoked = f", {queue.revoked} of them revoked or on hold" if queue.revoked else ""
        return card(
            "CA server",
            _path(at, "Configure", "Receive requests", "Issue"),
            _say(f"{waits[:1].upper()}{waits[1:]}; {issued}{revoked}."),
            *(_say(told, "pkilab-advice") for told in advised),
            self._button(stand, 0),
        )

    def _client(self, stand: Stand) -> widgets.Widget | None:
        if not stand.as_client:
            return None
        settings = stand.client
        if settings is None:
            said = "Not configured yet. A CA client makes key pairs, and asks a CA to certify them."
            return card("CA client", _path(0, "Configure", "Submit", "Fetch"), _say(said), self._button(stand, 1))
        said = f"It sends its requests to {ca_of(settings)}; {settings.contact.name} answers for them."
        at = 2 if stand.waiting else 3 if stand.held else 1
        return card(
            "CA client",
            _path(at, "Configure", "Submit", "Fetch"),
            _say(f"{said} {_here(stand)}".rstrip()),
            *(_say(sentence, "pkilab-advice") for sentence in stand.notable[:_TOLD]),
            *([_say(f"And {len(stand.notable) - _TOLD} more.")] if len(stand.notable) > _TOLD else []),
            self._button(stand, 1),
        )

    def _button(self, stand: Stand, part: int) -> widgets.Widget:
        """Return the button of a part's next step, the primary one if it is the next of all."""
        go, step = self.around.go, (stand.server_step, stand.client_step)[part]
        if go is None or step is None:
            return html("")
        task = step.task
        more = {}
        if part == 1 and stand.client is not None:
            more = {"submit": "Submit a request", "get_certificates": "Get certificates"}
        if part == 0 and stand.queue is not None and stand.queue.alerts:
            more["revocation"] = "See to revocation"
        if part == 0 and stand.key is not None and stand.key.medium and stand.key.advice:
            more["media"] = "Go to the media"
        return bar(
            self.button(step.label, lambda: go(task), main=step == stand.next_step),
            *(self.button(label, partial(go, other)) for other, label in more.items() if other != task),
        )

    def _draw_picture(self) -> None:
        """Draw the chain of trust and the lives of certificates, when they changed or a day is over."""
        server, stand = self.form.server, self.form.stand
        now = self.form.clock()
        if server is None or stand.queue is None:
            lives = views.timeline(stand.lives, now=now) if stand.lives else ""
            if (now.date(), stand.lives) != self._drawn:
                self._drawn, self._picture.value = (now.date(), stand.lives), lives
            return
        try:
            own: IssuedCertificate = server.ca_certificate()
            chain = server.chain()
            # Whatever changes a life here is an act in the journal; above it stand other CAs.
            last = tuple(entry.sequence for entry in server.journal_page(limit=1))
            seen = (chain, stand.queue.certificates, last, now.date())
            if seen == self._drawn:
                return
            listing = server.certificates(order=CertificateOrder.UNTIL, limit=_DRAWN)
        except NotConfigured:  # it was started over this moment
            return
        lives = ""
        if listing.certificates and stand.queue.certificates <= _DRAWN:
            lives = views.timeline(listing.certificates, now=now, ca=own.certificate)
        self._drawn, self._picture.value = seen, views.draw(chain) + lives


def _here(stand: Stand) -> str:
    """Return what of the client waits and what is here, in a sentence; nothing where there is neither."""
    waits = counted(stand.waiting, "request waits for its certificate", "requests wait for their certificates")
    held = counted(stand.held, "certificate is here", "certificates are here")
    told = "; ".join(text for number, text in ((stand.waiting, waits), (stand.held, held)) if number)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _path(at: int, *steps: str) -> widgets.HTML:
    """Return steps as chips; those before `at` are done."""
    chips = []
    for place, step in enumerate(steps):
        if place < at:
            chips.append(f'<li>✓ <span class="pkilab-unseen">done: </span>{escape(step)}</li>')
        elif place == at:
            chips.append(f'<li class="pkilab-here" aria-current="step">{escape(step)}</li>')
        else:
            chips.append(f"<li>{escape(step)}</li>")
    return html(f'<ul class="pkilab-path" aria-label="Steps">{"".join(chips)}</ul>')


def _say(sentence: str, how: str = "") -> Words:
    said = Words("p", how, sentence)
    said.add_class("pkilab-words")
    return said
