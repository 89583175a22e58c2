"""The orders in which lists of requests and certificates can be had."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pkilab.errors import InvalidField


class _Order(StrEnum):
    @classmethod
    def parse(cls, name: str) -> Self:
        """Return the order called `name`.

        Raises:
            InvalidField: there is none; the sentence lists them.
        """
        try:
            return cls(name.strip().lower())
        except ValueError:
            raise InvalidField("Order", f"choose one of {', '.join(cls)}.") from None


class CertificateOrder(_Order):
    """What issued certificates are sorted by. Texts are sorted as the registry compares them, letter case counting."""

    ISSUED = "issued"
    NUMBER = "number"
    ROOT = "root"
    SUBJECT = "subject"
    UNTIL = "until"


class RequestOrder(_Order):
    """What pending requests are sorted by. Texts are sorted whatever their letter case."""

    RECEIVED = "received"
    ROOT = "root"
    SUBJECT = "subject"
    HOST = "host"
