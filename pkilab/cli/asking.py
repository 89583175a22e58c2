"""Questions to the person at the terminal. They go to standard error: standard output is for the answer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from pkilab.cli import printing

T = TypeVar("T")


def somebody_there() -> bool:
    """Tell whether a person can be asked: standard input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def show(text: str) -> None:
    """Print what a question is about; the text is safe as it is."""
    printing.lines(text, sys.stderr)


def line(question: str) -> str:
    """Return what is typed, without white space round it; empty at the end of input."""
    sys.stderr.write(f"{printing.visible(question)} ")
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        sys.stderr.write("\n")
    return answer.strip()


def yes(question: str) -> bool:
    """Return whether the person typed yes; anything else, and nothing, is no."""
    return line(f"{question} [y/N]").lower() in {"y", "yes"}


def confirmed(act: Callable[[bool], T], *, yes: bool) -> T:
    """Do an act that destroys something; unless `yes`, a person at the terminal is asked after hearing the effects.

    Raises:
        ConfirmationNeeded: nobody said yes.
    """
    from pkilab.errors import ConfirmationNeeded

    try:
        return act(yes)
    except ConfirmationNeeded as error:
        if not somebody_there():
            error.add_note("With --yes it is done.")
            raise
        show(str(error))
        if line("Type yes to do it:").lower() != "yes":
            raise ConfirmationNeeded(error.act, "nothing was done.") from None
    return act(True)
