"""Names of instances, file roots, hosts and requests."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from pkilab.errors import InvalidField
from pkilab.errors.visible import is_hidden
from pkilab.model.text import check_line

RESERVED_INSTANCES = frozenset({"api", "isc", "healthz", "metrics"})
"""Words that stand at the top of the web service's paths and so cannot name an instance."""

MAX_HOST = 100
"""Characters of a host name that the SOAP service carries."""

MAX_DIGITS = 49
"""Digits of a certificate's number in decimal: it has at most 20 octets (RFC 5280 §4.1.2.2)."""

NUMBER_TOO_LONG = f"it is too long; a certificate's number has at most {MAX_DIGITS} digits."

_USUAL_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def check_instance(value: str) -> str:
    """Return the name of an instance: 1-64 of letters, digits, `-` and `_`, none of the reserved words."""
    name = check_line("Instance", value, upper_bound=64, required=True)
    if not _NAME.fullmatch(name):
        raise InvalidField("Instance", "only the letters A-Z and a-z, digits, - and _ are allowed.")
    if name.lower() in RESERVED_INSTANCES:
        raise InvalidField("Instance", f"{name} is reserved for the web service; choose another name.")
    return name


def check_medium(value: str) -> str:
    """Return the name of a lab medium: 1-64 of letters, digits, `-` and `_`."""
    name = check_line("Medium", value, upper_bound=64, required=True)
    if not _NAME.fullmatch(name):
        raise InvalidField("Medium", "only the letters A-Z and a-z, digits, - and _ are allowed.")
    return name


def check_root(value: str) -> str:
    """Return a file root: 1-64 of letters, digits, `-` and `_`, not `cache` in any case."""
    root = check_line("File root", value, upper_bound=64, required=True)
    if not _NAME.fullmatch(root):
        raise InvalidField(
            "File root", "only the letters A-Z and a-z, digits, - and _ are allowed; no path, no ending."
        )
    if root.lower() == "cache":
        raise InvalidField("File root", "“cache” is not allowed in any case; choose another name.")
    return root


def check_host(value: str, field: str = "Host") -> str:
    """Return a host name or IP address of at most 100 characters."""
    host = check_line(field, value, upper_bound=MAX_HOST, required=True)
    if _USUAL_HOST.fullmatch(host):  # or an IPv4 address; what is found out below takes longer
        return host
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        labels = host.removesuffix(".").split(".")
        if any(c in "/\\:@?#[]%'\"<>" or c == " " or is_hidden(c) for c in host) or "" in labels:
            raise InvalidField(
                field, "this is no host name; give only the name, such as ca.lab.test, or an IP address."
            ) from None
        return host
    return bare


def check_port(value: int, field: str = "Port") -> int:
    """Return a TCP port, 1-65535."""
    if type(value) is not int or not 1 <= value <= 65535:
        raise InvalidField(field, "a whole number from 1 to 65535 is needed, such as 52773.")
    return value


def check_number(value: int, field: str = "Number") -> int:
    """Return the number of a certificate; 0 is a CA's own."""
    if type(value) is not int or value < 0:
        raise InvalidField(field, "give the certificate's number, a whole number; list the certificates to see it.")
    if value >= 10**MAX_DIGITS:
        raise InvalidField(field, NUMBER_TOO_LONG)
    return value


def parse_serial(text: str, field: str = "Last serial number") -> int:
    """Return a serial number that stands in hex, as serial files and `openssl` show it; colons may part the pairs.

    Raises:
        InvalidField: it is no number in hex.
    """
    digits = text.strip().replace(":", "").lower().removeprefix("0x")
    if not digits or not set(digits) <= set("0123456789abcdef"):
        raise InvalidField(field, "give it in hex, as the serial file or openssl shows it, such as 01FE.")
    return int(digits, 16)


@dataclass(frozen=True, slots=True)
class RequestName:
    """`HOST:INSTANCE:FILEROOT`, the key of a request in the SOAP service."""

    host: str
    instance: str
    root: str

    def __str__(self) -> str:
        """Return the three parts joined by colons."""
        return f"{self.host}:{self.instance}:{self.root}"

    @property
    def origin(self) -> str:
        """Return where it came from, for people; a certificate that was adopted may have come from anywhere."""
        if not self.host and not self.instance:
            return "elsewhere"
        return " on ".join(part for part in (self.instance, self.host) if part)

    @classmethod
    def parse(cls, text: str) -> RequestName:
        """Return the parts of `HOST:INSTANCE:FILEROOT`; a host may itself hold colons (IPv6).

        Raises:
            InvalidField: there are fewer than three parts.
        """
        parts = text.strip().rsplit(":", 2)
        if len(parts) < 3:
            raise InvalidField("Name", "HOST:INSTANCE:FILEROOT is needed.")
        return cls(*parts)
