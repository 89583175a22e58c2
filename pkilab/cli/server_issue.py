"""`pkilab server verify` and `issue`: each request verified by itself, then issued, alone or with others (S10, S11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from pkilab.cli import asking, media, passwords, printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import PasswordFile, RequestId, option
from pkilab.cli.sending import send

if TYPE_CHECKING:
    from pkilab.authority.server import CAServer
    from pkilab.model.request import Request, Verification
    from pkilab.model.usage import Usage as UsageName

_VERIFIED = "What you made sure of, by a means that an impostor cannot use"

RequestIds = Annotated[list[int], typer.Argument(metavar="ID", help="The requests; several must each be verified.")]
Usage = Annotated[str | None, option("--usage", "USE", "tls, intermediate or code-signing.")]
PathLength = Annotated[
    int | None, option("--path-length", "N", "CAs that may follow below an intermediate one; 0 unless told.")
]
Fingerprint = Annotated[
    str | None,
    option("--fingerprint", "FP", "The fingerprint, SHA-1 or SHA-256, as the contact reads it out.", _VERIFIED),
]
Identity = Annotated[bool, option("--identity-verified", None, "The person is who they say.", _VERIFIED)]
Authority = Annotated[
    bool,
    option("--authority-verified", None, "They may hold a certificate with exactly these names.", _VERIFIED),
]
Purpose = Annotated[bool, option("--purpose-verified", None, "It is for this purpose.", _VERIFIED)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the options say about a verification."""

    usage: str | None
    path_length: int | None
    fingerprint: str | None
    """None: not given. An empty one was given, and verifies nothing."""
    identity: bool
    authority: bool
    purpose: bool

    @property
    def anything(self) -> bool:
        """Tell whether a verification was begun with options."""
        return self.fingerprint is not None or self.identity or self.authority or self.purpose


def add(app: typer.Typer) -> None:
    """Add these commands to the group of the CA server's."""
    command(app, "verify")(verify)
    command(app, "issue", then=_afterwards)(issue)


def verify(
    call: Call,
    *,
    id: RequestId,  # noqa: A002 - as the model calls it
    usage: Usage = None,
    path_length: PathLength = None,
    fingerprint: Fingerprint = None,
    identity_verified: Identity = False,
    authority_verified: Authority = False,
    purpose_verified: Purpose = False,
) -> Answer:
    """Record that a request was verified, so that it can be issued later, also together with others.

    On a terminal, what the options leave open is asked.
    """
    told = Told(
        usage=usage,
        path_length=path_length,
        fingerprint=fingerprint,
        identity=identity_verified,
        authority=authority_verified,
        purpose=purpose_verified,
    )
    if path_length is not None and usage is None:
        call.wrong_usage("--path-length goes with --usage intermediate; give both.")
    done = _verify(call.server, id, told)

    def show() -> None:
        use = done.verification.usage.label if done.verification else ""
        printing.line(f"Request {done.id} ({done.root}) is verified for “{use}”. Next: pkilab server issue {done.id}")

    return Answer(value=done, show=show)


def issue(
    call: Call,
    *,
    ids: RequestIds,
    usage: Usage = None,
    path_length: PathLength = None,
    fingerprint: Fingerprint = None,
    identity_verified: Identity = False,
    authority_verified: Authority = False,
    purpose_verified: Purpose = False,
    password_file: PasswordFile = None,
) -> Answer:
    """Issue the certificate of a request, verifying it first; or of several that were each verified before.

    On a terminal, what the options leave open is asked, the private key's password last.
    """
    told = Told(
        usage=usage,
        path_length=path_length,
        fingerprint=fingerprint,
        identity=identity_verified,
        authority=authority_verified,
        purpose=purpose_verified,
    )
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > 1:
        if told.anything:
            call.wrong_usage(
                "No acknowledgement and no fingerprint covers two requests: `pkilab server verify` each by itself, "
                "then issue them together."
            )
        return _issue_many(call, wanted, told, password_file)
    if path_length is not None and usage is None:
        call.wrong_usage("--path-length goes with --usage intermediate; give both.")
    server = call.server
    if not (place := call.lab.media.of(server.instance)).there:
        media.remind(place)
    (request_id,) = wanted
    if told.anything or server.request(request_id).verification is None:
        _verify(server, request_id, told)
    done = passwords.opening(
        lambda password: server.issue(request_id, usage=told.usage, path_length=told.path_length, password=password),
        password_file,
    )
    return Answer.card(done)


def _afterwards(call: Call) -> None:
    """Send the mail that issuing left, and point out a medium that is still in."""
    send(call)
    place = call.lab.media.of(call.server.instance)
    if place.there:
        media.remind(place)


def _issue_many(call: Call, ids: Sequence[int], told: Told, password_file: PasswordFile) -> Answer:
    """Issue several; why one was refused that somebody decided on meanwhile is told on stderr."""
    if told.path_length is not None:
        call.wrong_usage("The path length was chosen when each request was verified; leave --path-length out.")
    server = call.server
    if told.usage is not None:
        _check_usage(server, ids, told.usage)
    done = passwords.opening(lambda password: server.issue_many(ids, password=password), password_file)
    for refusal in done.refused:
        printing.complain(refusal.sentence)

    def show() -> None:
        for issued in done.issued:
            printing.line(str(issued))

    return Answer(value=done, show=show, code=1 if done.refused else 0)


def _check_usage(server: CAServer, ids: Sequence[int], usage: str) -> None:
    """Make sure that requests were verified for the usage that is named now.

    Raises:
        NotVerified: one was verified for another.
    """
    from pkilab.errors import NotVerified
    from pkilab.model.usage import Usage

    chosen = Usage.parse(usage)
    for request_id in ids:
        verification = server.request(request_id).verification
        if verification is not None and verification.usage is not chosen:
            other = f"make sure that it is for this purpose: it was verified for “{verification.usage.label}”"
            raise NotVerified(request_id, (other,))


def _verify(server: CAServer, request_id: int, told: Told) -> Request:
    """Record a verification; a person at the terminal is asked for what the options leave open."""
    from pkilab.authority.verify import pending
    from pkilab.errors import InvalidField
    from pkilab.model.request import Verification
    from pkilab.model.usage import Usage

    request = pending(server.request(request_id), request_id)
    verified = Verification(
        identity=told.identity, authority=told.authority, purpose=told.purpose, fingerprint=told.fingerprint or ""
    )
    usage = Usage.parse(told.usage) if told.usage is not None else None
    if asking.somebody_there() and (usage is None or verified.missing):
        usage, verified = _ask(server, request, usage, verified)
    if usage is None:
        raise InvalidField("Usage", f"say with --usage what the certificate may be used for: {', '.join(Usage)}.")
    return server.verify(request_id, usage=usage, path_length=told.path_length, verified=verified)


def _ask(
    server: CAServer, request: Request, usage: UsageName | None, verified: Verification
) -> tuple[UsageName, Verification]:
    """Return what a person says to each point by itself; the first no ends the questions."""
    from pkilab.model.request import Verification
    from pkilab.model.usage import Usage
    from pkilab.views import text

    asking.show(text.request(request, warnings=server.warnings(request)))
    asking.show("Reach the contact by a means that an impostor cannot use: in person, or at a number already known.")
    if usage is None:
        usage = Usage.parse(asking.line(f"What may the certificate be used for ({', '.join(Usage)})?"))
    identity = verified.identity or asking.yes("Is the person who they say?")
    authority = verified.authority or (
        identity and asking.yes("May they hold a certificate with exactly these names (subject and alternative names)?")
    )
    purpose = verified.purpose or (authority and asking.yes(f"Is it for this purpose: {usage.label}?"))
    fingerprint = verified.fingerprint
    if purpose and not fingerprint:
        fingerprint = asking.line("The request's fingerprint, as the contact reads it out:")
    return usage, Verification(identity=identity, authority=authority, purpose=purpose, fingerprint=fingerprint)
