"""Errors in values that a person or a program gave, and in what an instance is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pkilab.errors.base import PkilabError


@dataclass(eq=False)
class InvalidField(PkilabError):
    """A value breaks its field's rule. The value itself is not kept: it may be a secret or hostile."""

    field: str
    problem: str

    says = "{field}: {problem}"


@dataclass(eq=False)
class PasswordsDiffer(PkilabError):
    """Password and confirmation are not the same."""

    field: str = "Password"

    says = "{field}: the two entries differ; type the same password in both."


@dataclass(eq=False)
class PasswordRequired(PkilabError):
    """A key is encrypted, or has to be, and no password came."""

    path: Path

    says = "Password: the private key {path.name} needs one; give its password."


@dataclass(eq=False)
class WrongPassword(PkilabError):
    """The password does not open the key."""

    path: Path

    says = "The password does not open {path.name}. Try again."


@dataclass(eq=False)
class ConfirmationNeeded(PkilabError):
    """An act that destroys something was not confirmed."""

    act: str
    effect: str

    says = "To {act} has to be confirmed: {effect}"


@dataclass(eq=False)
class CannotDo(PkilabError):
    """The platform or the algorithm cannot do what was asked."""

    what: str
    instead: str

    says = "{what} {instead}"


@dataclass(eq=False)
class NotReady(PkilabError):
    """A form's act is blocked: something is missing, wrong, or still being done."""

    blockers: tuple[str, ...]

    says = "Not yet."

    def sentence(self) -> str:
        """Return what blocks, one sentence after the other."""
        told = " ".join(self.blockers) or self.says
        end = "" if told.endswith((".", "!", "?", "…")) else "."
        return f"{told[:1].upper()}{told[1:]}{end}"


@dataclass(eq=False)
class NameTaken(PkilabError):
    """An instance of this name, but for letter case, exists."""

    name: str
    existing: str

    says = (
        "Instance: there is already one called {existing}, and names differ by more than letter case; "
        "write {existing}, or choose another name than {name}."
    )


@dataclass(eq=False)
class NotConfigured(PkilabError):
    """The instance has not been configured in this role (`server` or `client`); "" is the lab's main CA."""

    instance: str
    role: str

    says = "{instance} is not configured as a CA {role} yet; configure it first."

    def sentence(self) -> str:
        """Return the sentence; where it is the main CA that is not there, any other CA server may well be."""
        if self.instance:
            return super().sentence()
        return (
            "This lab has no main CA, to which the default path leads; its operator configures one, or chooses one by "
            "`pkilab server make-main`."
        )


@dataclass(eq=False)
class AlreadyConfigured(PkilabError):
    """The instance is a configured CA server; only reinitializing makes room for another."""

    instance: str

    says = "{instance} is already configured as a CA server; reinitialize it first to configure it anew."


@dataclass(eq=False)
class WrongCase(PkilabError):
    """Arguments or an intent that fit the other case of configuring: a new key, or an existing one."""

    existing: bool
    problem: str

    def sentence(self) -> str:
        """Return which case this is, and what does not fit it."""
        found = (
            "A key and a certificate are there already"
            if self.existing
            else "No complete key and certificate are there"
        )
        return f"{found}: {self.problem}"


@dataclass(eq=False)
class FoundChanged(PkilabError):
    """What step one of configuring found is no longer what is there."""

    directory: Path
    root: str

    says = "The files {root}.* in {directory} changed since you looked; go back to step one and look again."


@dataclass(eq=False)
class UnknownVisitor(PkilabError):
    """There is no instance of this name to open."""

    instance: str

    says = "There is no instance called {instance}. Check the name, or make a new one."


@dataclass(eq=False)
class NotAVisitors(PkilabError):
    """An instance was made elsewhere than in the clients' dashboard, and cannot be opened there."""

    instance: str

    says = "{instance} was not made here, and cannot be opened here. Choose another name."


@dataclass(eq=False)
class WrongAccessCode(PkilabError):
    """The access code is not that of the instance."""

    instance: str

    says = "This is not the access code of {instance}. Look it up; if it is lost, the CA's operator can set a new one."


@dataclass(eq=False)
class TooManyGuesses(PkilabError):
    """Too many wrong access codes came one after the other. `wait` is in seconds."""

    instance: str
    wait: int

    says = "Too many wrong access codes for {instance}: wait {wait} seconds, then try again."
