"""Ports, and whether somebody answers on them; on loopback only."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from pkilab.errors import CannotDo, PortBusy

LOOPBACK = "127.0.0.1"
_SECONDS = 2.0
_ANSWER = 4096


def is_free(port: int) -> bool:
    """Tell whether a program could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def wanted(port: int, option: str) -> int:
    """Return the port that was asked for; 0 becomes a free one.

    Raises:
        PortBusy: another program has it; `option` is what chooses another.
    """
    if port == 0:
        return any_port()
    if not is_free(port):
        raise PortBusy(LOOPBACK, port, option)
    return port


def first_free(ports: Iterable[int]) -> int:
    """Return the first of the ports that is free, else any that is."""
    return next((port for port in ports if is_free(port)), None) or any_port()


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


def http(port: int, path: str) -> bool:
    """Tell whether an HTTP server answers 200 for a path."""
    request = f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nConnection: close\r\n\r\n"
    status = _talk(port, request.encode("ascii")).split(b" ", 2)[:2]
    return len(status) == 2 and status[0].startswith(b"HTTP/1.") and status[1] == b"200"


def smtp(port: int) -> bool:
    """Tell whether an SMTP server greets."""
    return _talk(port, b"").startswith(b"220")


def _talk(port: int, words: bytes) -> bytes:
    """Return the beginning of what is answered; nothing if nobody does."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=_SECONDS) as line:
            line.settimeout(_SECONDS)
            line.sendall(words)
            return line.recv(_ANSWER)
    except OSError:
        return b""
