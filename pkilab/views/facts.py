"""What an entry of the journal is about, in words for people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from pkilab.errors import InvalidField
from pkilab.model.journal import JournalEntry
from pkilab.model.usage import Usage
from pkilab.views import words

_EMPTY = {"", "none", "false"}
_ALERTS = {"crl": "the revocation lists", "responder": "the OCSP responder's certificate", "ca": "the CA's certificate"}


def about(entry: JournalEntry) -> str:
    """Return what an entry is about; empty where it says nothing more than its act."""
    order = {name: at for at, name in enumerate(_SAID)}
    ordered = sorted(entry.facts.items(), key=lambda fact: order.get(fact[0], order["sha256"] - 0.5))
    found = (_fact(name, str(value)) for name, value in ordered if value is not None)
    return ", ".join(filter(None, found))


def _fact(name: str, value: str) -> str:
    if name in _SAID:
        return _SAID[name](value)
    if value.lower() in _EMPTY:
        return ""
    told = name.replace("_", " ")
    return told if value.lower() == "true" else f"{told} {value}"


def _named(what: str) -> Callable[[str], str]:
    return lambda value: f"{what} {value}" if value.lower() not in _EMPTY else ""


def _counted(one: str, many: str) -> Callable[[str], str]:
    return lambda value: words.counted(int(value), one, many) if value.isdecimal() else f"{many} {value}"


def _usage(value: str) -> str:
    with suppress(InvalidField):
        return f"for {Usage.parse(value).label}"
    return ""


def _moment(value: str) -> str:
    with suppress(ValueError):
        return f"until {words.moment(datetime.fromisoformat(value))}"
    return f"until {value}"


_SAID: dict[str, Callable[[str], str]] = {
    "number": _named("certificate"),
    "request": _named("request"),
    "root": _named("file root"),
    "usage": _usage,
    "compared": _named("compared by"),
    "given": _named("read out as"),
    "crl": _named("revocation list"),
    "ahead": lambda value: "" if value == "0" else f"{value} more ahead of their time",
    "revoked": _counted("entry", "entries"),
    "until": _moment,
    "existing": lambda value: f"with {'an existing' if value.lower() == 'true' else 'a new'} key and certificate",
    "renews": _named("renews certificate"),
    "invalid_since": lambda value: _moment(value).replace("until", "in wrong hands since", 1) if value else "",
    "requests": _counted("request dropped", "requests dropped"),
    "certificates": _counted("certificate dropped", "certificates dropped"),
    "archive": _named("a copy is in"),
    "before": _named("before it was"),
    "about": lambda value: _ALERTS.get(value, value),
    "public_url": lambda value: f"public address {value}" if value else "no public address",
    "crl_days": lambda value: f"revocation lists for {value} days",
    "responder_days": lambda value: f"responder's certificate for {value} days",
    "remind_days": lambda value: f"reminders {value} days ahead" if value else "no reminders",
    "sha256": _named("SHA-256"),
}
"""By a fact's name, in the order in which they are told; what is not here goes by its name, before the hash."""
