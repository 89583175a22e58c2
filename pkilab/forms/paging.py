"""The part of a form's model that looks through a list: what is searched, how it is sorted, which page is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from traitlets import Any as AnyTrait
from traitlets import Bool, Unicode

from pkilab.errors import PkilabError
from pkilab.forms.model import FormModel

PAGE = 25
"""Rows on a page."""


class Paged(FormModel):
    """A list whose search and pages are made where it is kept. A page is found by the row before it."""

    search = Unicode("")
    page = AnyTrait(None, allow_none=True)
    """The page that is shown; None before it was looked up."""
    unreached = Unicode("")
    """Why the list could not be had, in a sentence."""

    narrowing: ClassVar[tuple[str, ...]] = ("search",)
    """What makes the list another one, so that its first page is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: list[int] = []
        self._after = 0
        self.observe(lambda _: self.first(), names=self.narrowing)

    @property
    def after(self) -> int:
        """Return the row before the page that is shown; 0 for the first page."""
        return self._after

    @property
    def earlier(self) -> bool:
        """Tell whether there are pages before this one."""
        return bool(self._marks)

    def first(self) -> None:
        """Go to the first page."""
        self._marks, self._after = [], 0

    def turn(self, to: str) -> None:
        """Go to the page `before` or `after`, if there is one."""
        if to == "before" and self._marks:
            self._after = self._marks.pop()
        elif to == "after" and self.page is not None and self.page.after is not None:
            self._marks.append(self._after)
            self._after = self.page.after

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """Look the list up in the block; `unreached` says why where that fails."""
        try:
            yield
        except PkilabError as error:
            self.unreached = str(error)
            raise
        self.unreached = ""


class Sorted(Paged):
    """A list in pages that is sorted where it is kept."""

    order = Unicode("")
    down = Bool(default_value=False)

    narrowing = ("search", "order", "down")

    def sort(self, order: str) -> None:
        """Sort by this; where it is sorted by this already, turn the order round."""
        if order == self.order:
            self.down = not self.down
        else:
            self.order, self.down = order, False
