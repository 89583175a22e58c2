"""Ports, and whether somebody answers on them; on loopback unless told otherwise."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from pkilab.errors import CannotDo, PortBusy

LOOPBACK = "127.0.0.1"
_SECONDS = 2.0
_ANSWER = 4096


def is_free(port: int, bind: str = LOOPBACK) -> bool:
    """Tell whether a program could listen on the port of an address now."""
    with socket.socket(_family(bind), socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((bind, port))
        except OSError:
            return False
        return True


def wanted(port: int, option: str, bind: str = LOOPBACK) -> int:
    """Return the port that was asked for; 0 becomes a free one.

    Raises:
        PortBusy: another program has it; `option` is what chooses another.
    """
    if port == 0:
        return any_port()
    if not is_free(port, bind):
        raise PortBusy(bind, port, option)
    return port


def first_free(ports: Iterable[int], bind: str = LOOPBACK) -> int:
    """Return the first of the ports that is free, else any that is."""
    return next((port for port in ports if is_free(port, bind)), None) or any_port()


def any_port() -> int:
    """Return a port that is free now.

    Raises:
        CannotDo: there is none.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        try:
            trial.bind((LOOPBACK, 0))
        except OSError as error:
            raise CannotDo("This machine gives no port to listen on.", f"({error.strerror})") from error
        port: int = trial.getsockname()[1]
        return port


def reached_at(bind: str) -> str:
    """Return the address at which this machine reaches what listens on one: itself, unless that is all of them."""
    return {"0.0.0.0": LOOPBACK, "": LOOPBACK, "::": "::1"}.get(bind, bind)  # noqa: S104 - told, not bound


def http(port: int, path: str, host: str = LOOPBACK) -> bool:
    """Tell whether an HTTP server answers 200 for a path."""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    status = _talk(port, request.encode("ascii"), host).split(b" ", 2)[:2]
    return len(status) == 2 and status[0].startswith(b"HTTP/1.") and status[1] == b"200"


def smtp(port: int) -> bool:
    """Tell whether an SMTP server greets."""
    return _talk(port, b"").startswith(b"220")


def _talk(port: int, words: bytes, host: str = LOOPBACK) -> bytes:
    """Return the beginning of what is answered; nothing if nobody does."""
    try:
        with socket.create_connection((host, port), timeout=_SECONDS) as line:
            line.settimeout(_SECONDS)
            line.sendall(words)
            return line.recv(_ANSWER)
    except OSError:
        return b""


def _family(bind: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in bind else socket.AF_INET
