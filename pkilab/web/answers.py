"""OCSP answers that were given a moment ago, given again while nothing was written since (RFC 5019 §5).

Signing is what takes long, and verifiers ask for the same few certificates again and again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from pkilab.authority.responder import OcspAnswer
from pkilab.web.authorities import CA

AGAIN = timedelta(seconds=60)
"""How old an answer may be that is given again."""
MOST = 5000
"""Answers that are kept, of a thousand octets or two."""
_LONGEST = 200  # octets of a question for one certificate without a nonce


class _Kept(NamedTuple):
    ca: CA
    revision: object
    answer: OcspAnswer


def _fresh(answer: OcspAnswer, now: datetime) -> bool:
    return answer.until is not None and answer.at <= now < min(answer.at + AGAIN, answer.until)


class Answers:
    """Answers of all CAs. What is kept counts only as long as nobody wrote to the registry.

    Args:
        ca_of: gives the CA of an instance.
    """

    def __init__(self, ca_of: Callable[[str], CA]) -> None:
        self._ca_of = ca_of
        self._kept: dict[tuple[str, bytes], _Kept] = {}

    async def to(self, instance: str, question: bytes) -> OcspAnswer:
        """Return the answer to an OCSP request in DER.

        Raises:
            NotConfigured: there is no such CA.
        """
        key = instance, question
        kept = self._kept.get(key)
        if kept is not None:
            if kept.revision == kept.ca.revision() and _fresh(kept.answer, kept.ca.now()):
                return kept.answer
            self._kept.pop(key, None)
        return await run_in_threadpool(self._ask, instance, question)

    def _ask(self, instance: str, question: bytes) -> OcspAnswer:
        ca = self._ca_of(instance)
        revision = ca.revision() if len(question) <= _LONGEST else None  # before the registry is read
        answer = ca.ocsp(question)
        if revision is not None and answer.until is not None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[instance, question] = _Kept(ca, revision, answer)
        return answer
