"""Process a request (S10-S12, S14): the form's view."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from pkilab.forms.explaining import explain_it
from pkilab.forms.fields import field, html
from pkilab.forms.issued_files import downloads
from pkilab.forms.process import Process, Stage
from pkilab.forms.verifying import Match
from pkilab.forms.view import (
    FormView,
    Surroundings,
    act_button,
    bar,
    button,
    card,
    discard,
    fold,
    shown_when,
    two,
)
from pkilab.model.acts import Issued
from pkilab.model.request import Request
from pkilab.model.san import from_common_names
from pkilab.model.usage import Usage
from pkilab.views import html as views
from pkilab.views import words
from pkilab.views.escape import escape, visible

_LEAD = (
    "Decide whether this key belongs to this person under this name. Reach the contact by a way that an impostor "
    "cannot use: in person, or at a number you already had."
)
_STEPS = ("Read", "Verify", "Choose the use", "Issue")
_NUMBERS = {Stage.NONE: 0, Stage.ISSUE: 3, Stage.VERIFIED: 3, Stage.DONE: 4, Stage.GONE: 0, Stage.DELETE: 0}
_MATCHES = {
    Match.NONE: "",
    Match.PART: '<p class="pkilab-match">… not complete yet: SHA-256 has 64 digits, SHA-1 has 40</p>',
    Match.STRAY: '<p class="pkilab-match pkilab-bad">✗ This is no fingerprint: those have only 0 to 9 and A to F</p>',
    Match.LONG: '<p class="pkilab-match pkilab-bad">✗ Too many digits: SHA-256 has 64, SHA-1 has 40</p>',
    Match.SHA256: '<p class="pkilab-match pkilab-good">✓ Matches this request (SHA-256)</p>',
    Match.SHA1: '<p class="pkilab-match pkilab-good">✓ Matches this request (SHA-1)</p>'
    '<p class="pkilab-hint">SHA-256 is the safer one to compare; this request\'s contact read SHA-1.</p>',
    Match.OTHER: '<p class="pkilab-match pkilab-bad">✗ Does not match this request</p>'
    '<p class="pkilab-hint">Ask for it once more. If it still differs, this request is not theirs: delete it.</p>',
}


class ProcessView(FormView):
    """The form: the request at the left, what is done about it at the right.

    Args:
        form: the model.
        around: guard, and ways to other tasks.
        back: leads to the table of pending requests, where there is one.
    """

    form: Process

    def __init__(self, form: Process, around: Surroundings, back: Callable[[], object] | None = None) -> None:
        super().__init__(form, around, title="Process a request", lead=_LEAD, steps=_STEPS)
        self.children = (self._head, self._body)  # what is told stands under what is done
        self._back = back
        self._fingerprints = False
        self._steps_at = 0
        self._panels: dict[Stage, widgets.Widget] = {}
        self._request = html("")
        self._medium = html("", "pkilab-told")
        self._match = html("", "pkilab-told")
        self._nothing = html(_sentence("Choose a request among those that wait."))
        self._meanwhile = widgets.VBox()
        self._turn = button("Show its fingerprints", self._turn_fingerprints)
        left, self._right = widgets.VBox([self._request, bar(self._turn, *self._explain())]), widgets.VBox()
        for side in (left, self._right):
            side.add_class("pkilab-column")
        self._both = two(left, self._right)
        form.observe(lambda _: self._lay_out(), names="stage")
        form.observe(lambda change: self._other(change["old"], change["new"]), names="request")
        form.observe(lambda _: self._draw_request(), names="warnings")
        form.observe(lambda _: self._draw_medium(), names="medium")
        form.observe(lambda _: self._draw_match(), names="match")
        form.observe(lambda _: self._advance(), names=["blockers", "stage"])
        self._draw_medium()
        self._draw_match()
        self._lay_out()
        self._advance()

    def refresh(self) -> None:
        """Look what became of the request and of the medium."""
        self.form.look_again()

    def opened(self, **words: str) -> None:
        """Take up a request; one that is taken up already stays as it is."""
        number = words.get("request", "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return
        shown: Request | None = self.form.request
        if shown is None or shown.id != int(number) or self.form.stage in {Stage.DONE, Stage.GONE}:
            self.form.take(int(number))
        if words.get("delete"):
            self.form.ask_to_delete()

    def kept(self) -> dict[str, str]:
        """Return which request it is."""
        return {"request": str(self.form.request.id)} if self.form.request is not None else {}

    # --- the parts --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        laid = {
            Stage.VERIFY: self._verifying,
            Stage.VERIFIED: self._verified,
            Stage.ISSUE: self._issuing,
            Stage.DELETE: self._deleting,
        }.get(Stage(self.form.stage))
        if laid is not None:
            self._draw_request()
            stage = Stage(self.form.stage)
            if stage not in self._panels:
                self._panels[stage] = laid()
            self._right.children = (self._medium, self._panels[stage], self._told)
            self.fill(self._both)
        elif self.form.stage == Stage.DONE:
            self._finished()
        elif self.form.stage == Stage.GONE:
            shown = [html(views.request(self.form.request))] if self.form.request is not None else []
            gone = card("This request waits no more", html(_sentence(self.form.gone)))
            self.fill(gone, *shown, bar(self._leave(main=True)))
        else:
            self.fill(self._nothing)

    def _verifying(self) -> widgets.Widget:
        form, guard = self.form, self.around.guard
        request: Request = form.request
        contact = request.contact
        who = visible(contact.name) or "the contact"
        refused = [why for why in form.offered.values() if why]
        offered = [(usage.label, str(usage)) for usage, why in form.offered.items() if not why]
        report = act_button(form, "report", "Record the mismatch", guard, main=False, danger=True, says=False)
        return card(
            f"Verify with {contact.name}" if contact.name else "Verify with the contact",
            html(_call(request), "pkilab-words"),
            self._meanwhile,
            field(form, "identity", label=f"I have made sure that this is {who}."),
            field(form, "authority", label="They may hold a certificate with exactly these names:"),
            html(_names(request), "pkilab-words"),
            field(form, "fingerprint", rows=2, mono=True),
            self._match,
            shown_when(report, form, "match", lambda match: match == Match.OTHER),
            field(form, "usage", toggle=True, options=offered, label="What may it be used for?"),
            html("".join(f'<p class="pkilab-hint">{escape(why)}</p>' for why in refused)),
            shown_when(field(form, "path_length"), form, "usage", lambda usage: usage == Usage.INTERMEDIATE),
            self._purpose(),
            fold("By whom", field(form, "by"), open_=bool(form.by)),
            act_button(form, "issue", "Issue the certificate", guard),
            bar(
                act_button(form, "record", "Record the verification", guard, main=False, says=False),
                button("Delete the request…", form.ask_to_delete),
                self._leave(),
            ),
        )

    def _purpose(self) -> widgets.Widget:
        box = field(self.form, "purpose", label=" ")
        (tick,) = [part for part in box.children if isinstance(part, widgets.Checkbox)]

        def name(_: object = None) -> None:
            tick.description = f"It is for this purpose: {Usage(self.form.usage).label}."

        self.form.observe(name, names="usage")
        name()
        return box

    def _verified(self) -> widgets.Widget:
        form, guard = self.form, self.around.guard
        return card(
            "Verified",
            html(_recorded(form.request), "pkilab-words"),
            act_button(form, "issue", "Issue the certificate", guard),
            bar(
                button("Verify again", form.verify_again),
                button("Delete the request…", form.ask_to_delete),
                self._leave(),
            ),
        )

    def _issuing(self) -> widgets.Widget:
        form, guard = self.form, self.around.guard
        finish = act_button(form, "finish", "Issue", guard)
        asked = (
            [field(form, "password", on_enter=lambda: guard.start(form, form.finish))]
            if form.key_encrypted
            else [html(_sentence("The CA's private key has no password."))]
        )
        return card(
            "Issue the certificate",
            html(_recorded(form.request), "pkilab-words"),
            *asked,
            finish,
            bar(button("Not yet", form.go_back)),
        )

    def _deleting(self) -> widgets.Widget:
        form, guard = self.form, self.around.guard
        address = form.request.contact.email
        told = f"Its contact is told by mail to {address}." if address else "Its contact left no address to be told at."
        return card(
            f"Delete request {form.request.id} ({form.request.root})?",
            field(form, "reason"),
            bar(
                act_button(form, "delete", "Delete the request", guard, main=False, danger=True),
                button("Keep it", form.go_back),
            ),
            why=f"The request leaves the queue. {told}",
        )

    def _finished(self) -> None:
        form, go = self.form, self.around.go
        if not isinstance(form.result, Issued):
            self.fill(html(views.draw(form.result)), self._leave(main=True))
            return
        issued: Issued = form.result
        contact = form.request.contact
        mailed = f"{contact.name or 'The contact'} is told by mail to {contact.email}." if contact.email else ""
        look = [button("Look at it", lambda: go("certificates", number=str(issued.number)))] if go else []
        look += explain_it(self, "certificate", number=str(issued.number))
        self.fill(
            html(views.draw(issued, under=form.hood)),
            html(_sentence(mailed) if mailed else "", "pkilab-after"),
            bar(self._leave(main=True), *look),
            downloads(issued.certificate, lambda: form.chain, self.around.guard),
            html(views.draw(form.chain)),
        )

    def _explain(self) -> list[widgets.Widget]:
        go = self.around.go
        if go is None:
            return []
        return [self.button("Explain it", lambda: go("explain", what="request", number=str(self.form.request.id)))]

    def _leave(self, *, main: bool = False) -> widgets.Widget:
        return button("Back to the pending requests", self._back, main=main) if self._back else html("")

    def close_all(self) -> None:
        """Close every widget of this form, shown or not: it is not shown again."""
        for part in (*self._panels.values(), self._both, self._nothing, self):
            discard(part)

    # --- what changes while it is looked at --------------------------------------------------------------------

    def _other(self, old: Request | None, new: Request | None) -> None:
        if (old and old.ticket) != (new and new.ticket):
            self._fingerprints = False
            self._clear_meanwhile()
            for panel in self._panels.values():
                discard(panel, but=(self._meanwhile, self._match))
            self._panels.clear()
            self.around.keep()
        self._draw_request()

    def _draw_request(self) -> None:
        request: Request | None = self.form.request
        if request is None:
            return
        self._turn.description = "Hide its fingerprints" if self._fingerprints else "Show its fingerprints"
        self._request.value = views.request(request, warnings=self.form.warnings, fingerprints=self._fingerprints)
        if request.verification is None or self.form.stage != Stage.VERIFY:
            self._clear_meanwhile()
        elif not self._meanwhile.children:
            told = html(_recorded(request), "pkilab-words")
            self._meanwhile.children = (told, bar(button("Go on with this verification", self.form.use_recorded)))

    def _clear_meanwhile(self) -> None:
        for part in self._meanwhile.children:
            discard(part)
        self._meanwhile.children = ()

    def _draw_medium(self) -> None:
        missing = self.form.key_missing
        self._medium.value = (
            '<div class="pkilab-said pkilab-mount"><p><strong>Mount the medium.</strong> The CA\'s private key '
            f"{escape(missing)} is not there. You can verify without it; issuing needs it.</p></div>"
            if missing
            else ""
        )

    def _draw_match(self) -> None:
        self._match.value = _MATCHES[Match(self.form.match)]

    def _turn_fingerprints(self) -> None:
        self._fingerprints = not self._fingerprints
        self._draw_request()

    def _advance(self) -> None:
        form = self.form
        step = _NUMBERS.get(Stage(form.stage), 1)
        if form.stage == Stage.VERIFY:
            heard = form.identity and form.authority and form.match in {Match.SHA1, Match.SHA256}
            step = 2 if heard else 1
        if step != self._steps_at:
            self._steps_at = step
            self.head(step=step)


def _sentence(text: str) -> str:
    return f'<div class="pkilab-words"><p>{escape(text)}</p></div>'


def _call(request: Request) -> str:
    """Return how the contact says that they can be reached, as the hint that it is."""
    contact = request.contact
    ways = []
    if contact.phone:
        ways.append(f"Call <strong><bdi>{escape(contact.phone)}</bdi></strong>")
    if contact.email:
        ways.append(f"{'write' if ways else 'Write'} to <bdi>{escape(contact.email)}</bdi>")
    if not ways:
        return "<p>The request names neither a phone number nor an address. Reach them by a way that you know.</p>"
    hint = "That came with the request: a hint, and no proof. You should know the number from somewhere else."
    return f"<p>{' or '.join(ways)}. {hint}</p>"


def _names(request: Request) -> str:
    """Return the subject and every alternative name, each a line of its own."""
    found = [request.subject or "no subject", *words.alternative_names(request.names)]
    found += [f"for TLS/SSL also {name}, as the common name is one" for name in _from_common_name(request)]
    lines = "".join(f"<li><bdi>{escape(name)}</bdi></li>" for name in found)
    return f'<ul class="pkilab-names" tabindex="0" aria-label="The names">{lines}</ul>'


def _from_common_name(request: Request) -> tuple[str, ...]:
    """Return the alternative names that a certificate for TLS gets where none is asked for."""
    if request.names:
        return ()
    return words.alternative_names(map(str, found)) if (found := from_common_names(request.content.subject)) else ()


def _recorded(request: Request) -> str:
    """Return what was verified, by whom, when, and for what."""
    found = request.verification
    if found is None:
        return ""
    limit = "" if found.path_length is None else f", path length {found.path_length}"
    return (
        f'<p class="pkilab-match pkilab-good">✓ Verified for {escape(found.usage.label)}{limit}</p>'
        f"<p>By {escape(found.by)} on {escape(words.moment(found.at))}, comparing {escape(str(found.compared))}. "
        f"It is for request {request.id}, <bdi>{escape(request.root)}</bdi>, and for this use alone.</p>"
    )
