"""What is acknowledged of a request, typed and chosen (S10, S12): the part of a form's model that forgets it."""

from __future__ import annotations

from enum import StrEnum

from traitlets import Any as AnyTrait
from traitlets import Unicode

from pkilab.errors import InvalidField, PkilabError
from pkilab.forms.model import FormModel
from pkilab.forms.traits import choice, line, tick
from pkilab.model.certificate import Certificate
from pkilab.model.fingerprint import MOST_DIGITS, Hash, bare_hex, has_stray, is_complete
from pkilab.model.request import Request, Verification
from pkilab.model.text import check_line
from pkilab.model.usage import Usage
from pkilab.x509 import constraints
from pkilab.x509.issue import check_usage

VERIFYING = ("identity", "authority", "fingerprint", "usage", "path_length", "purpose")
"""The fields that are for one request alone."""


class Match(StrEnum):
    """How the fingerprint that was typed compares with the request's."""

    NONE = "none"
    PART = "part"
    """It is not complete yet."""
    STRAY = "stray"
    """Something stands in it that no fingerprint has."""
    LONG = "long"
    """It has more digits than any."""
    SHA256 = "sha256"
    SHA1 = "sha1"
    OTHER = "other"
    """It is complete, and another's."""


def parse_path_length(text: str) -> int:
    """Return the path length that a person typed.

    Raises:
        InvalidField: it is none.
    """
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdigit() and len(stripped) < 4):
        raise InvalidField("Path length", "a whole number, 0 or more, is needed.")
    return int(stripped)


def check_by(text: str) -> str:
    """Return who is acting, checked as it stands there so far."""
    return check_line("By", text, upper_bound=200)


class Verifying(FormModel):
    """The points of a verification, each by itself, for the one request that is shown."""

    identity = tick("I have made sure that the person is who they say.")
    authority = tick("They may hold a certificate with exactly these names.")
    fingerprint = line(
        "Fingerprint",
        hint="As the contact reads it out: SHA-256 or SHA-1, with or without colons.",
        required=True,
    )
    usage = choice(
        "Use",
        [(usage.label, str(usage)) for usage in Usage],
        default=str(Usage.TLS),
        required=True,
    )
    path_length = line(
        "Path length",
        default="0",
        hint="How many CAs may stand below it, one under the other.",
        required=True,
        check=parse_path_length,
    )
    purpose = tick("It is for this purpose.")
    by = line("By", hint="Your name. Empty: the one that this machine knows you by.", check=check_by)

    request = AnyTrait(None, allow_none=True)
    """The request as it stands in the registry."""
    match = Unicode(str(Match.NONE))
    issuer = AnyTrait(None, allow_none=True)
    """The CA's own certificate."""

    def __init__(self) -> None:
        super().__init__()
        self.observe(lambda _: self.compare(), names=["fingerprint", "request"])
        self.observe(lambda _: self._forget_purpose(), names=["usage", "path_length"])

    @property
    def offered(self) -> dict[Usage, str]:
        """Return the usages, each with the sentence why this CA cannot issue for it, or an empty one."""
        return {usage: self._why_not(usage, None) for usage in Usage}

    @property
    def acknowledging(self) -> Verification:
        """Return what is acknowledged so far."""
        return Verification(
            identity=self.identity,
            authority=self.authority,
            purpose=self.purpose,
            fingerprint=self.fingerprint,
            by=self.by,
        )

    @property
    def length(self) -> int | None:
        """Return the path length that was typed; None where it is for no intermediate CA.

        Raises:
            InvalidField: it is none.
        """
        return parse_path_length(self.path_length) if self.usage == Usage.INTERMEDIATE else None

    def unverified(self) -> tuple[str, ...]:
        """Return in sentences what is still to be done."""
        missing = [point for point in self.acknowledging.missing if "fingerprint" not in point]
        blocked = [f"{point[:1].upper()}{point[1:]}." for point in missing]
        if self.match == Match.OTHER:
            blocked.insert(0, "The fingerprint does not match this request.")
        elif self.match == Match.PART:
            blocked.insert(0, "The fingerprint is not complete yet.")
        elif self.match == Match.STRAY:
            blocked.insert(0, "The fingerprint has something in it that is no digit of hex: 0 to 9, and A to F.")
        elif self.match == Match.LONG:
            blocked.insert(0, "The fingerprint has too many digits: SHA-256 has 64, SHA-1 has 40.")
        return tuple(blocked)

    def unfit(self) -> dict[str, str]:
        """Return why this CA cannot issue for the chosen use, beside the field that says so."""
        if refused := self._why_not(Usage(self.usage), None):
            return {"usage": refused}
        try:
            refused = self._why_not(Usage(self.usage), self.length)
        except InvalidField:
            return {}
        return {"path_length": refused} if refused else {}

    def forget(self) -> None:
        """Forget whatever was acknowledged, typed or chosen."""
        for name in VERIFYING:
            trait = self.traits()[name]
            setattr(self, name, trait.metadata.get("default", trait.default_value))

    def compare(self) -> None:
        """Compare the fingerprint that stands there with the request's."""
        self.match = matched(self.request, self.fingerprint)
        self.recheck()

    def _forget_purpose(self) -> None:
        self.purpose = False  # it was acknowledged for another use

    def _why_not(self, usage: Usage, length: int | None) -> str:
        own: Certificate | None = self.issuer
        if own is None:
            return ""
        try:
            check_usage(own, usage, length)
            if self.request is not None:
                constraints.check(self.request.content, usage, (own,))
        except PkilabError as error:
            return str(error)
        return ""


def matched(request: Request | None, given: str) -> Match:
    """Return how a fingerprint that was typed compares with a request's."""
    if request is None or not given.strip():
        return Match.NONE
    if not is_complete(given):
        if has_stray(given):
            return Match.STRAY
        return Match.LONG if len(bare_hex(given)) > MOST_DIGITS else Match.PART
    compared = request.fingerprint.matching(given)
    if compared is not None:
        return Match.SHA256 if compared is Hash.SHA256 else Match.SHA1
    # On the way to a SHA-256 there are, for a moment, as many digits as a SHA-1 has.
    going_on = bare_hex(request.fingerprint.sha256).startswith(bare_hex(given))
    return Match.PART if going_on else Match.OTHER
