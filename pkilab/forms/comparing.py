"""Comparing an object with another (X4): the model."""

from __future__ import annotations

from collections.abc import Sequence

from traitlets import Any as AnyTrait

from pkilab.errors import InvalidField
from pkilab.explain.compare import Comparison, compare
from pkilab.explain.tree import Tree
from pkilab.forms.pieces import FILE, Library, Opening, Relative


class Comparing(Opening):
    """The second object. `comparison` says how it differs from the first, which `take` is given."""

    comparison = AnyTrait(None, allow_none=True)
    relatives = AnyTrait(())
    """What of the lab it makes sense to compare the first with."""

    def __init__(self, library: Library) -> None:
        self._first: Tree | None = None
        super().__init__(library)
        self.observe(lambda _: self._compare(), names=["found"])

    def take(self, first: Tree | None, relatives: Sequence[Relative] = ()) -> None:
        """Take the first object; what was compared before is put away."""
        self._first = first
        self.clear()
        self.comparison = None
        self.relatives = tuple(relatives)

    def drop(self) -> None:
        """Put away what was compared before."""
        super().drop()
        self.comparison = None

    def with_relative(self, number: int) -> Comparison:
        """Compare with one of the relatives.

        Raises:
            InvalidField: there is no such one. Else as `Opening.open_it`.
        """
        if not 0 <= number < len(self.relatives):
            raise InvalidField("What", "there is nothing like that to compare with.")
        each: Relative = self.relatives[number]
        if each.what == FILE:
            self.choose(FILE, name=each.number)
        else:
            self.choose(each.what, number=each.number)
        found: Comparison = self.comparison
        return found

    def _compare(self) -> None:
        if self.found is None or self._first is None:
            self.comparison = None
        else:
            self.comparison = compare(self._first, self.found.tree)
