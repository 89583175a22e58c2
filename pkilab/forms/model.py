"""The base of all form models: values, problems beside fields, blockers of buttons, what was told, the result.

A form model knows no widgets. A cell fills it and calls its acts; a view binds widgets to its traits and does the
same. What an act checks is checked again by the domain object that it calls: a form is comfort, not the guard.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from traitlets import Any as AnyTrait
from traitlets import Dict, HasTraits, Unicode

from pkilab.errors import InvalidField, NotReady, PkilabError

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound="FormModel")


@dataclass(frozen=True, slots=True)
class Told:
    """What a form says in its status line: sentences, and whether they are good news."""

    sentences: tuple[str, ...]
    good: bool = False

    @classmethod
    def of(cls, error: PkilabError) -> Told:
        """Return an error's sentence, and its notes."""
        return cls((str(error), *getattr(error, "__notes__", ())))


@dataclass(frozen=True, slots=True)
class Deed:
    """An act of a form: its name, what is said while it runs, and the fields that it needs (None: all)."""

    name: str
    busy: str
    needs: tuple[str, ...] | None


def act(
    busy: str, *, needs: Sequence[str] | None = None
) -> Callable[[Callable[Concatenate[M, P], R]], Callable[Concatenate[M, P], R]]:
    """Make a method an act of its form.

    It runs only when nothing blocks it and no other act of the form runs; else it raises `NotReady`, whoever calls.
    A typed error is shown in the form's status line and raised, and what an earlier act gave back is put away: its
    success is not what was asked for now. Secrets are emptied, whatever came of it.

    Args:
        busy: what is said while it runs, such as `Making the key …`.
        needs: the fields that it needs; None for all.
    """

    def of(work: Callable[Concatenate[M, P], R]) -> Callable[Concatenate[M, P], R]:
        deed = Deed(work.__name__, busy, None if needs is None else tuple(needs))

        @wraps(work)
        def press(self: M, *args: P.args, **kwargs: P.kwargs) -> R:
            with self.doing(deed):
                return work(self, *args, **kwargs)

        press.deed = deed  # type: ignore[attr-defined]  # read by `__init_subclass__`
        return cast("Callable[Concatenate[M, P], R]", press)

    return of


class FormModel(HasTraits):
    """A form without its widgets. A subclass declares fields (`forms.traits`) and acts (`act`)."""

    problems = Dict()
    """Field to sentence: what is wrong with what stands there; to be shown beside it."""
    blockers = Dict()
    """Act to sentences: why its button is disabled."""
    working = Unicode("")
    """What is being done, in words; empty when nothing is."""
    told = AnyTrait(None, allow_none=True)
    """What the form says in its status line."""
    acted = Unicode("")
    """The name of the act that was begun last, of which `told` and `working` tell; empty where it is of none."""
    result = AnyTrait(None, allow_none=True)
    """What the last act gave back; None after one that failed."""

    fields: ClassVar[tuple[str, ...]] = ()
    """The names of its fields, in the order of declaration."""
    deeds: ClassVar[dict[str, Deed]] = {}

    def __init_subclass__(cls) -> None:
        """Collect fields and acts."""
        super().__init_subclass__()
        found = [(name, value) for base in reversed(cls.__mro__) for name, value in vars(base).items()]
        cls.fields = tuple(
            dict.fromkeys(name for name, value in found if getattr(value, "metadata", {}).get("field", False))
        )
        cls.deeds = {name: value.deed for name, value in found if hasattr(value, "deed")}

    def __init__(self) -> None:
        super().__init__()
        self._one_at_a_time = threading.Lock()
        self._touched: set[str] = set()
        self._refused: dict[str, tuple[object, str]] = {}
        self.observe(self._changed, names=list(self.fields))
        self.recheck()

    # --- what a subclass adds ---------------------------------------------------------------------------------

    def crosswise(self) -> dict[str, str]:
        """Return problems that more than one field makes: field to sentence."""
        return {}

    def hindrances(self, act: str) -> Sequence[str]:
        """Return what blocks an act beside its fields, in sentences."""
        del act
        return ()

    def absent(self, name: str) -> bool:
        """Tell whether a field is not on the form now, and neither needed nor checked."""
        del name
        return False

    # --- what views and cells read ----------------------------------------------------------------------------

    def about(self, name: str) -> dict[str, Any]:
        """Return a field's label, hint, rule and so on."""
        metadata: dict[str, Any] = self.traits()[name].metadata
        return metadata

    def blocked(self, act: str) -> tuple[str, ...]:
        """Return why an act cannot be done now, in sentences; empty when it can."""
        if self.working:
            return (self.working,)
        return tuple(self.blockers.get(act, ()))

    def recheck(self) -> None:
        """Find problems and blockers anew."""
        found = {name: problem for name in self.fields if (problem := self._problem(name))}
        found |= {name: problem for name, problem in self.crosswise().items() if name not in found}
        missing = {name for name in self.fields if self._missing(name)}
        self.blockers = {name: tuple(self._reasons(deed, found, missing)) for name, deed in self.deeds.items()}
        self.problems = {name: problem for name, problem in found.items() if name in self._touched} | {
            name: "This is needed." for name in missing & self._touched if name not in found
        }

    def untouch(self) -> None:
        """Take the fields as not filled in yet: what is missing is not complained of."""
        self._touched.clear()
        self._refused.clear()
        self.recheck()

    def drop(self) -> None:
        """Put away what the last act gave back, so that it does not stand beside a later failure."""
        self.result = None

    # --- how acts run -----------------------------------------------------------------------------------------

    @contextmanager
    def doing(self, deed: Deed) -> Iterator[None]:
        """Run an act: one at a time, and only when nothing blocks it.

        Raises:
            NotReady: something does.
        """
        if not self._one_at_a_time.acquire(blocking=False):
            raise NotReady((self.working or "Something else is being done.",))
        needed = self.fields if deed.needs is None else deed.needs
        try:
            self.acted = deed.name
            self.recheck()
            if reasons := self.blocked(deed.name):
                self._touched |= set(needed)
                raise NotReady(reasons)
            self.told, self.working = None, deed.busy
            try:
                with ExitStack() as on_failure:
                    on_failure.callback(self.drop)
                    yield
                    on_failure.pop_all()
            finally:
                self._forget(needed)
        except PkilabError as error:
            self._refuse(error)
            self.told = Told.of(error)
            raise
        finally:
            self.working = ""
            self.recheck()
            self._one_at_a_time.release()

    def _changed(self, change: Any) -> None:
        self._touched.add(change["name"])
        self.recheck()

    def _missing(self, name: str) -> bool:
        return bool(self.about(name)["required"] and not self.absent(name) and not str(getattr(self, name)).strip())

    def _problem(self, name: str) -> str:
        value = getattr(self, name)
        if self.absent(name):
            return ""
        refused = self._refused.get(name)
        if refused and refused[0] == value:
            return refused[1]
        check = self.about(name)["check"]
        if check is None or not str(value).strip():
            return ""
        try:
            check(value)
        except InvalidField as error:
            return _sentence(error.problem)
        return ""

    def _reasons(self, deed: Deed, problems: dict[str, str], missing: set[str]) -> Iterator[str]:
        for name in self.fields if deed.needs is None else deed.needs:
            label = self.about(name)["label"]
            if name in problems:
                yield f"{label}: {problems[name][:1].lower()}{problems[name][1:]}"
            elif name in missing:
                yield f"{label} is needed."
        yield from self.hindrances(deed.name)

    def _refuse(self, error: PkilabError) -> None:
        """Show what the domain object refused beside its field, until the field is changed."""
        if isinstance(error, InvalidField):
            for name in self.fields:
                if self.about(name)["label"] == error.field and not self.about(name)["secret"]:
                    self._refused[name] = (getattr(self, name), _sentence(error.problem))
                    self._touched.add(name)

    def _forget(self, names: Sequence[str]) -> None:
        """Empty the secrets among these fields."""
        for name in names:
            if self.about(name)["secret"] and getattr(self, name):
                setattr(self, name, "")
                self._touched.discard(name)


def _sentence(problem: str) -> str:
    return problem[:1].upper() + problem[1:]
