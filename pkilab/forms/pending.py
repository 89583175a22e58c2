"""Pending requests (S9), and issuing several that were each verified: the form's model."""

from __future__ import annotations

from collections.abc import Sequence

from traitlets import Any as AnyTrait

from pkilab.errors import NotPending, NotVerified, PkilabError
from pkilab.forms.model import act
from pkilab.forms.paging import PAGE, Sorted
from pkilab.forms.ports import Server
from pkilab.forms.signing import WithCAKey
from pkilab.forms.traits import line
from pkilab.forms.verifying import check_by
from pkilab.model.acts import Batch, Refusal
from pkilab.model.certificate import IssuedCertificate
from pkilab.model.order import RequestOrder
from pkilab.model.request import Request, RequestPage, RequestState
from pkilab.views import hood


class PendingRequests(WithCAKey, Sorted):
    """The requests that wait, in pages, and those among them that were chosen to be issued together."""

    by = line("By", hint="Your name. Empty: the one that this machine knows you by.", check=check_by)

    picked = AnyTrait(())
    """The ids of the requests that were chosen; each is verified."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.order = str(RequestOrder.RECEIVED)
        self._chosen: dict[int, Request] = {}
        self._done: tuple[Request, ...] = ()
        self.observe(lambda _: self.recheck(), names="picked")

    def absent(self, name: str) -> bool:
        """The password is asked for when something is chosen, and not for an unencrypted key."""
        return name == "password" and (not self.picked or not self.key_encrypted)

    def hindrances(self, act: str) -> Sequence[str]:
        """Several are issued only when they were chosen, and while the key is there."""
        del act
        if not self.picked:
            return ("Choose requests whose verification is recorded.",)
        return self.keyless

    @property
    def hood(self) -> hood.Hood | None:
        """Return what lies under the hood of the certificates that were issued last; None where there are none."""
        batch: Batch = self.result
        issued: dict[int | None, IssuedCertificate] = {
            each.certificate.request_id: each.certificate for each in batch.issued
        }
        pairs = [(request, issued[request.id]) for request in self._done if request.id in issued]
        return hood.issue(pairs, **self.signer) if pairs else None

    # --- looking ----------------------------------------------------------------------------------------------

    def look(self) -> RequestPage:
        """Look the page up again. What was chosen and waits no more, or was verified anew, is not chosen any more.

        Raises:
            PkilabError: as `server.pending_page`.
        """
        with self.reaching():
            asked = {"search": self.search, "order": self.order, "down": self.down}
            found: RequestPage = self.server.pending_page(after=self.after, limit=PAGE, **asked)
            if not found.requests and self.earlier:  # the last of a last page was decided on
                self.turn("before")
                found = self.server.pending_page(after=self.after, limit=PAGE, **asked)
        self.medium = self.found_key()
        self.page = found
        if self.picked and not self.working:
            self._keep_choice()
        return found

    def pick(self, request_id: int, *, on: bool = True) -> None:
        """Choose a request to be issued with others, or not; one that is not shown or not verified is left out."""
        shown = {each.id: each for each in self.page.requests} if self.page is not None else {}
        request = shown.get(request_id)
        if on and request is not None and request.verification is not None:
            self._chosen[request_id] = request
        elif not on:
            self._chosen.pop(request_id, None)
        self.picked = tuple(self._chosen)

    def pick_page(self) -> None:
        """Choose all requests on this page whose verification is recorded."""
        for request in self.page.requests if self.page is not None else ():
            self.pick(request.id)

    def pick_none(self) -> None:
        """Choose none."""
        self._chosen.clear()
        self.picked = ()

    # --- issuing ----------------------------------------------------------------------------------------------

    @act("Issuing the certificates …", needs=("password", "by"))
    def issue_chosen(self) -> Batch:
        """Issue the chosen requests with one entry of the password. Each was verified by itself.

        A request that somebody decided on, or verified anew, since it was chosen is told in the result.

        Raises:
            PkilabError: as `server.issue_many`; nothing was issued then.
        """
        still, refused = self._still()
        done = Batch(issued=(), refused=())
        if still:
            done = self.server.issue_many(
                [request.id for request in still], password=self.password or None, by=self.by, told=self._count
            )
        self._done = tuple(still)
        self.pick_none()
        self.result = batch = Batch(issued=done.issued, refused=(*refused, *done.refused))
        return batch

    def _count(self, done: int, of: int) -> None:
        if of > 1:
            self.working = f"Issuing the certificates … {done} of {of}"

    def _still(self) -> tuple[list[Request], list[Refusal]]:
        still: list[Request] = []
        refused: list[Refusal] = []
        for id_, chosen in self._chosen.items():
            try:
                found = self.server.request(id_)
                if not _same(found, chosen):
                    raise _changed(found)
            except PkilabError as error:
                refused.append(Refusal(request_id=id_, code=error.code, sentence=str(error)))
                continue
            still.append(found)
        return still, refused

    def _keep_choice(self) -> None:
        still, _ = self._still()
        self._chosen = {request.id: request for request in still}
        self.picked = tuple(self._chosen)


def _same(found: Request, chosen: Request) -> bool:
    """Tell whether a request still waits, with the very verification that was seen when it was chosen."""
    waits = found.state is RequestState.PENDING and found.ticket == chosen.ticket
    return waits and found.verification == chosen.verification


def _changed(found: Request) -> NotPending | NotVerified:
    if found.state is not RequestState.PENDING:
        return NotPending(found.id, str(found.state), found.decided_by, found.decided_at, found.number)
    return NotVerified(found.id, ("look at it again, as it was verified anew since it was chosen",))
