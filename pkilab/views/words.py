"""Values in the words that text and HTML share. Nothing here is escaped yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pkilab.model import times
from pkilab.model.certificate import Certificate
from pkilab.model.dn import SHORT_NAMES, Name, comma_form
from pkilab.model.request import SigningRequest

day, moment = times.day, times.moment


def ago(then: datetime, now: datetime) -> str:
    """Return how long a time lies back, in its largest unit, such as `4 minutes ago`."""
    told = _length(now - then)
    return f"{told} ago" if told else "just now"


def ahead(then: datetime, now: datetime) -> str:
    """Return how long it is until a time, in its largest unit, such as `in 364 days`."""
    told = _length(then - now)
    return f"in {told}" if told else "in less than a minute"


def _length(time: timedelta) -> str:
    """Return whole days, hours or minutes; nothing for less."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 1:
        return ""
    if minutes < 60:
        return counted(minutes, "minute", "minutes")
    return counted(time.days, "day", "days") if time.days else counted(minutes // 60, "hour", "hours")


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun, such as `no requests`, `1 request`, `2 requests`."""
    return f"{number or 'no'} {one if number == 1 else many}"


def parts(name: Name) -> tuple[str, ...]:
    """Return a distinguished name's parts, such as `C = CL`; `no subject` when there are none."""
    return tuple(comma_form((relative,)) for relative in name) or ("no subject",)


def short_name(name: Name) -> str:
    """Return what a name is called in passing: its last common name, else all of it."""
    common = [value for relative in name for kind, value in relative if kind == "CN"]
    return common[-1] if common else comma_form(name) or "no subject"


def unusual(name: Name) -> tuple[str, ...]:
    """Return the kinds of a name's attributes that no form here asks for (S12)."""
    found = (kind for relative in name for kind, _ in relative if kind not in SHORT_NAMES.values())
    return tuple(dict.fromkeys(found))


def alternative_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return alternative names as `DNS santiago.lab.test`; `no alternative names` when there are none."""
    return tuple(name.replace(":", " ", 1) for name in names) or ("no alternative names",)


def extensions(content: SigningRequest) -> tuple[str, ...]:
    """Return what a request asks for, each with what becomes of it."""
    asked = tuple(
        extension.name + ("" if extension.honoured else " (will be ignored)") for extension in content.extensions
    )
    return asked or ("nothing that will be ignored",)


def role(certificate: Certificate) -> str:
    """Return what a certificate is: root, intermediate CA, or that of somebody who issues nothing."""
    if not certificate.ca:
        return "end entity"
    return "root CA" if certificate.self_issued else "intermediate CA"


def hex_pairs(number: int) -> str:
    """Return a number in upper-case hex pairs with colons, as certificates' serial numbers are shown elsewhere."""
    return number.to_bytes((number.bit_length() + 7) // 8 or 1, "big").hex(":").upper()
