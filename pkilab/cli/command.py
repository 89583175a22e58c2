"""How a function becomes a command: the options that all have, its answer, its errors, its exit code.

A command's function takes a `Call` first, then its own options, and returns an `Answer`, or None where it said all
that there is to say. Exit codes: 0 done, 1 an
error in one sentence on stderr, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Annotated, Any, NoReturn

import typer

from pkilab.cli import printing
from pkilab.cli.call import Call, Common

EVERYWHERE = "Everywhere"

LabOption = Annotated[
    str | None,
    typer.Option(
        "--lab",
        metavar="DIR",
        help="The lab's folder; else PKILAB_HOME, else the user data folder.",
        rich_help_panel=EVERYWHERE,
        show_default=False,
    ),
]
InstanceOption = Annotated[
    str | None,
    typer.Option(
        "--instance",
        metavar="NAME",
        help="The instance that acts; may be left out where only one fits.",
        rich_help_panel=EVERYWHERE,
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Answer with one JSON document on standard output.",
        rich_help_panel=EVERYWHERE,
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command answers: `value` for JSON, `show` to print it for people, and its exit code.

    An iterator as `value` is printed as an array, entry by entry.
    """

    value: object
    show: Callable[[], None]
    code: int = 0

    @classmethod
    def card(cls, value: object, *, code: int = 0) -> Answer:
        """Return the answer of a noun of the model: for people, what it says."""
        return cls(value=value, show=lambda: printing.card(value), code=code)


def command(
    group: typer.Typer, name: str, *, then: Callable[[Call], object] | None = None
) -> Callable[[Callable[..., Answer | None]], Callable[..., None]]:
    """Return a decorator that adds a function to `group` as the command `name`.

    `then` is done when the answer was printed, as sending the mail that an act left.
    """

    def decorate(function: Callable[..., Answer | None]) -> Callable[..., None]:
        def run(_context: typer.Context, **given: Any) -> None:
            common = _common(_context, given)
            call = Call(_context, common)
            with_errors(common, lambda: function(call, **given), then=then and partial(then, call))

        run.__name__, run.__doc__, run.__module__ = function.__name__, _flowing(function), function.__module__
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        parameters = [_keyword("_context", typer.Context, inspect.Parameter.empty), *map(_by_keyword, own), *_SHARED]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # any function may have one
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        group.command(name)(run)
        return run

    return decorate


def with_errors(common: Common, act: Callable[[], Answer | None], *, then: Callable[[], object] | None = None) -> None:
    """Do what a command does and print its answer or its error; `then` is done after an answer.

    Raises:
        typer.Exit: with the exit code, unless that is 0.
    """
    from pkilab.errors import PkilabError

    try:
        answer = act()
        if answer is not None:
            printing.document(answer.value) if common.json else answer.show()
        if then is not None:
            then()
    except PkilabError as error:
        facts = {field.name: getattr(error, field.name) for field in fields(error)}
        _fail(common, str(error), code=error.code, facts=facts, notes=getattr(error, "__notes__", ()))
    except EOFError:  # the end of input, typed at a hidden prompt
        raise typer.Abort from None
    except (typer.TyperException, typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 - the outermost guard: people get a sentence, not a traceback
        _unexpected(common, error)
    if answer is not None and answer.code:
        raise typer.Exit(answer.code)


def _unexpected(common: Common, error: Exception) -> NoReturn:
    """Say that pkilab is at fault; an error's own text may hold anything, so only its kind is told."""
    if common.debug:
        traceback.print_exception(error)
    mend = "" if common.debug else " `pkilab --debug …` shows where; please report it."
    sentence = f"Something went wrong inside pkilab ({type(error).__name__}); this is no mistake of yours.{mend}"
    _fail(common, sentence, code="Unexpected", facts={}, notes=())


def _fail(common: Common, sentence: str, *, code: str, facts: dict[str, Any], notes: Sequence[str]) -> NoReturn:
    """Print an error's sentence on stderr, and for programs the error on stdout too; end with exit code 1."""
    printing.complain(" ".join((sentence, *notes)))
    if common.json:
        # Of a mismatch the expected fingerprint is not told: it would be the answer to the operator's question.
        told = {name: value for name, value in facts.items() if name != "expected"}
        printing.document({"error": {"code": code, "message": sentence, "facts": told, "notes": list(notes)}})
    raise typer.Exit(1)


def _common(context: typer.Context, given: dict[str, Any]) -> Common:
    """Take the options that every command has out of `given`; what stands nearer to the command counts."""
    above = context.obj if isinstance(context.obj, Common) else Common()
    lab, instance, json = (given.pop(parameter.name) for parameter in _SHARED)
    return replace(
        above,
        lab=above.lab if lab is None else lab,
        instance=above.instance if instance is None else instance,
        json=above.json or json,
    )


def _flowing(function: Callable[..., object]) -> str:
    """Return a docstring with each paragraph on one line, as wide as the reader's window is."""
    paragraphs = (inspect.getdoc(function) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _by_keyword(parameter: inspect.Parameter) -> inspect.Parameter:
    return parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)


_SHARED = (
    _keyword("_lab", LabOption, None),
    _keyword("_instance", InstanceOption, None),
    _keyword("_json", JsonOption, False),
)


def pages(first: Any, following: Callable[[int], Any]) -> Iterator[Any]:
    """Yield the certificates of a page and of those after it; `following` gets a page by its `after`."""
    page = first
    yield from page.certificates
    while page.after is not None:
        page = following(page.after)
        yield from page.certificates
