"""A statement for many rows. SQLAlchemy looks at each value of each row, which takes longer than to write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Delete, Insert, Update
from sqlalchemy.engine import Dialect

from pkilab.store.transaction import Transaction

Row = Mapping[str, Any]


def execute(tx: Transaction, statement: Insert | Update | Delete, rows: Sequence[Row]) -> None:
    """Run `statement` for each of `rows`, which all name the same columns or parameters.

    `statement` is built once for all, as it is kept, and holds no values of its own. Those of the rows are such as
    the driver takes, so a time is `schema.moment`'s text.
    """
    if not rows:
        return
    text, picked = _prepared(statement, tuple(rows[0]), tx.connection.dialect)
    tx.connection.exec_driver_sql(text, [picked(row) for row in rows])


@lru_cache(maxsize=64)
def _prepared(
    statement: Insert | Update | Delete, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, Callable[[Row], Any]]:
    """Return the text for the driver, and what picks its parameters out of a row."""
    columns = names if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    order = compiled.positiontup
    if order is None:
        return str(compiled), dict
    return str(compiled), itemgetter(*order) if len(order) > 1 else lambda row: (row[order[0]],)
