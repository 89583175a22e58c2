"""Process a request (S10-S12, S14): the form's model.

Whatever is acknowledged, typed or chosen here is for the one request that is shown, and is forgotten when another one
is taken up. What is checked here is comfort; the CA server checks all of it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum

from traitlets import Any as AnyTrait
from traitlets import Unicode

from pkilab.errors import InvalidField, NotPending, NotReady, PkilabError, UnknownRequest
from pkilab.forms.model import Deed, Told, act
from pkilab.forms.ports import Server
from pkilab.forms.signing import WithCAKey
from pkilab.forms.traits import line
from pkilab.forms.verifying import VERIFYING, Match, Verifying
from pkilab.model.acts import Found, Issued
from pkilab.model.certificate import Chain
from pkilab.model.request import Request, RequestState
from pkilab.model.text import check_line
from pkilab.model.usage import Usage
from pkilab.views import hood


class Stage(StrEnum):
    """How far one is with the request that is shown."""

    NONE = "none"
    """No request was taken up."""
    VERIFY = "verify"
    VERIFIED = "verified"
    """Its verification is recorded, and issuing can follow."""
    ISSUE = "issue"
    """The password is asked for."""
    DELETE = "delete"
    """One is asked whether to delete it."""
    DONE = "done"
    GONE = "gone"
    """Somebody else decided, or it is not there."""


def check_reason(text: str) -> str:
    """Return the reason for a deletion, checked as it stands there so far."""
    return check_line("Reason", text, upper_bound=500)


class Process(WithCAKey, Verifying):
    """One request: what is in it, its verification, its certificate; or its deletion."""

    reason = line("Reason", hint="The contact reads it in the mail.", check=check_reason)

    warnings = AnyTrait(())
    """What to look at twice (S13)."""
    stage = Unicode(str(Stage.NONE))
    gone = Unicode("")
    """Who decided what, where somebody else did."""

    def __init__(self, server: Server, request_id: int | None = None) -> None:
        self._acts = 0
        super().__init__(server)
        self.observe(lambda _: self._said_before(), names="fingerprint")
        if request_id is not None:
            self.take(request_id)

    # --- which request ----------------------------------------------------------------------------------------

    def take(self, request_id: int) -> None:
        """Take up a request afresh: whatever was acknowledged, typed or chosen before is forgotten.

        Where there is no such request, or somebody decided on it, the stage is GONE, and `gone` says why.

        Raises:
            NotConfigured, RegistryError: the registry cannot be asked.
            NotReady: an act on the one before still runs.
        """
        if self.working:
            raise NotReady((self.working,))
        self._forget_all()
        self._to(Stage.NONE)
        self.request, self.result, self.told, self.gone, self.warnings = None, None, None, "", ()
        try:
            self.request = self.server.request(request_id)
        except UnknownRequest as error:
            self._lost(str(error))
            return
        self._settle(self.request)
        self.untouch()

    def look_again(self) -> None:
        """Look what became of the request and the medium meanwhile, quietly.

        Raises:
            PkilabError: the registry cannot be asked.
        """
        shown, acts = self.request, self._acts
        if self.working or shown is None or self.stage in {Stage.DONE, Stage.GONE, Stage.NONE}:
            return
        found: Request | UnknownRequest
        try:
            found = self.server.request(shown.id)
        except UnknownRequest as error:
            found = error
        medium = self.found_key()
        if acts != self._acts or self.request is not shown:
            return  # what was seen is older than what was done
        self._see(found, medium)

    @property
    def chain(self) -> Chain:
        """Return the issued certificate and those above it."""
        issued: Issued = self.result
        return self.server.chain(issued.number)

    @property
    def hood(self) -> hood.Hood:
        """Return what lies under the hood of the certificate that was issued."""
        issued: Issued = self.result
        return hood.issue([(self.request, issued.certificate)], **self.signer)

    # --- what blocks ------------------------------------------------------------------------------------------

    def absent(self, name: str) -> bool:
        """Each stage has its own fields."""
        if name == "path_length" and self.usage != Usage.INTERMEDIATE:
            return True
        if name in VERIFYING:
            return self.stage != Stage.VERIFY
        if name == "password":
            return self.stage != Stage.ISSUE or not self.key_encrypted
        return name == "reason" and self.stage != Stage.DELETE

    def crosswise(self) -> dict[str, str]:
        """Say that this CA cannot issue for the chosen use."""
        return self.unfit() if self.request is not None and self.stage == Stage.VERIFY else {}

    def hindrances(self, act: str) -> Sequence[str]:
        """Each act has its stage; none passes over a point of the verification."""
        stage = self.stage
        if self.request is None or stage in {Stage.NONE, Stage.GONE, Stage.DONE}:
            return (self.gone or "No request is taken up.",)
        if act == "delete":
            return () if stage == Stage.DELETE else ("Say first that the request is to be deleted.",)
        if act == "report":
            return () if self.match == Match.OTHER else ("No fingerprint of another request stands there.",)
        if act == "finish":
            return self._not_to_finish()
        if stage == Stage.VERIFY:
            return self.unverified()
        return () if act == "issue" and stage == Stage.VERIFIED else ("The verification is recorded already.",)

    def _not_to_finish(self) -> tuple[str, ...]:
        if self.stage != Stage.ISSUE or self.request.verification is None:
            return ("Verify the request first, then say that it is to be issued.",)
        return self.keyless

    # --- acts -------------------------------------------------------------------------------------------------

    @act("Recording the verification …", needs=(*VERIFYING, "by"))
    def record(self) -> Request:
        """Record the verification, so that issuing can follow, now or later.

        Raises:
            PkilabError: as `server.verify`.
        """
        return self._verify()

    @act("Recording the verification …", needs=(*VERIFYING, "by"))
    def issue(self) -> None:
        """Go on to the password: record the verification first, unless it is recorded.

        Raises:
            PkilabError: as `server.verify`.
        """
        if self.stage == Stage.VERIFY:
            self._verify()
        self.medium = self.found_key()
        self.stage = Stage.ISSUE

    @act("Issuing the certificate …", needs=("password", "by"))
    def finish(self) -> Issued:
        """Issue the certificate, for what the request was verified for and nothing else.

        Raises:
            PkilabError: as `server.issue`; the request stays pending and verified.
        """
        request = self._still()
        recorded = self.request.verification
        issued: Issued = self.server.issue(
            request.id,
            usage=recorded.usage,
            path_length=recorded.path_length,
            password=self.password or None,
            by=self.by,
        )
        self.request = self.server.request(request.id)
        self.result = issued
        self.stage = Stage.DONE
        return issued

    @act("Deleting the request …", needs=("reason", "by"))
    def delete(self) -> Request:
        """Delete the request; its contact is told.

        Raises:
            PkilabError: as `server.delete`.
        """
        deleted: Request = self.server.delete(self._still().id, confirmed=True, reason=self.reason, by=self.by)
        self.request = self.result = deleted
        self.stage = Stage.DONE
        return deleted

    @act("Writing it down …", needs=("by",))
    def report(self) -> None:
        """Have the journal tell that the fingerprint which the contact read out is another's.

        Raises:
            FingerprintMismatch: always, as that is what it tells.
        """
        self._verify()

    def ask_to_delete(self) -> None:
        """Ask whether the request is to be deleted."""
        if self.request is not None and self.stage in {Stage.VERIFY, Stage.VERIFIED, Stage.ISSUE}:
            self._to(Stage.DELETE)

    def go_back(self) -> None:
        """Go back to the verification, or to what is recorded of it; nothing is issued or deleted."""
        if self.request is not None and self.stage in {Stage.DELETE, Stage.ISSUE}:
            self._to(Stage.VERIFIED if self.request.verification else Stage.VERIFY)

    def verify_again(self) -> None:
        """Verify once more, as for another use; nothing of the earlier verification is taken over."""
        if self.request is not None and self.stage in {Stage.VERIFIED, Stage.ISSUE}:
            self._forget_all()
            self._to(Stage.VERIFY)

    def use_recorded(self) -> None:
        """Go on with the verification that somebody recorded meanwhile."""
        if self.request is not None and self.stage == Stage.VERIFY and self.request.verification is not None:
            self._forget_all()
            self._to(Stage.VERIFIED)

    @contextmanager
    def doing(self, deed: Deed) -> Iterator[None]:
        """Run an act. An attempt to go on with another's fingerprint is journalled, whatever else blocks it."""
        self._acts += 1
        try:
            going_on = deed.name in {"record", "issue"} and not self.working
            if going_on and self.match == Match.OTHER and self.stage == Stage.VERIFY:
                self._attempted()
            with super().doing(deed):
                yield
        except (NotPending, UnknownRequest) as error:
            self._lost(str(error))
            raise
        finally:
            self._acts += 1

    # --- within -----------------------------------------------------------------------------------------------

    def _said_before(self) -> None:
        if not self.working:
            self.told = None  # it was about another fingerprint

    def _attempted(self) -> None:
        try:
            self._verify()
        except PkilabError as error:
            self.told = Told.of(error)
            raise

    def _verify(self) -> Request:
        self._still()
        try:
            length = self.length
        except InvalidField:
            length = 0
        verified = self.server.verify(
            self.request.id, usage=self.usage, verified=self.acknowledging, path_length=length
        )
        self._forget_all()
        self.request = verified
        self._to(Stage.VERIFIED)
        return verified

    def _still(self) -> Request:
        """Return the request as it stands now, if it is the one that is shown.

        Raises:
            NotPending, UnknownRequest: somebody decided on it.
            NotReady: another one stands under its number now.
        """
        shown: Request = self.request
        found = self.server.request(shown.id)
        if not _same(found, shown):
            self._replaced(found)
            raise NotReady((_REPLACED,))
        if found.state is not RequestState.PENDING:
            raise NotPending(found.id, str(found.state), found.decided_by, found.decided_at, found.number)
        return found

    def _see(self, found: Request | UnknownRequest, medium: Found | None) -> None:
        if isinstance(found, UnknownRequest):
            self._lost(str(found))
            return
        if not _same(found, self.request):
            self._replaced(found)
            return
        if found.state is not RequestState.PENDING:
            self._settle(found)
            return
        earlier = self.request.verification
        self.request, self.medium = found, medium
        self.warnings = self.server.warnings(found)
        if found.verification != earlier and self.stage in {Stage.VERIFIED, Stage.ISSUE}:
            # It was verified anew by somebody, perhaps for another use: that is to be read before it is issued.
            self._to(Stage.VERIFIED)
        self.recheck()

    def _settle(self, request: Request) -> None:
        if request.state is not RequestState.PENDING:
            gone = NotPending(request.id, str(request.state), request.decided_by, request.decided_at, request.number)
            self.request = request
            self._lost(str(gone))
            return
        self.request = request
        self.warnings = self.server.warnings(request)
        self.issuer = self.server.ca_certificate().certificate
        self.medium = self.found_key()
        self._to(Stage.VERIFIED if request.verification else Stage.VERIFY)

    def _replaced(self, request: Request) -> None:
        self._forget_all()
        self._to(Stage.NONE)
        self._settle(request)
        self.told = Told((_REPLACED,))

    def _lost(self, why: str) -> None:
        self._forget_all()
        self.gone = why
        self._to(Stage.GONE)

    def _to(self, stage: Stage) -> None:
        if self.stage != stage:
            self.password = self.reason = ""
        self.stage = stage
        self.untouch()

    def _forget_all(self) -> None:
        self.forget()
        self.password = self.reason = ""


_REPLACED = "Another request stands under this number now: read it and verify it afresh."


def _same(one: Request, other: Request) -> bool:
    return one.id == other.id and one.ticket == other.ticket and one.content.der == other.content.der
