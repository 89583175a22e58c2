"""The web service and the mail service as programs of a running lab."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pkilab.running import probe
from pkilab.running.program import QUICKLY, Program

_PKILAB = (*QUICKLY, "pkilab.cli")
_INBOX = "inbox.json"
"""Written by the mail service: where the lab's own inbox listens."""


def web(run: Path, *, port: int, environment: Mapping[str, str]) -> Program:
    """Return the web service of all CA servers, on this port of the loopback address."""
    return Program(
        name="web",
        label="The web service",
        arguments=(*_PKILAB, "serve", "--port", str(port)),
        environment=environment,
        folder=run,
        answers=partial(_web_answers, port),
    )


def mail(run: Path, *, environment: Mapping[str, str]) -> Program:
    """Return what sends the lab's mail and has its own inbox, on a port that it chooses."""
    return Program(
        name="mail",
        label="The mail service",
        arguments=(*_PKILAB, "mail"),
        environment=environment,
        folder=run,
        answers=partial(_mail_answers, run / _INBOX),
    )


def _web_answers(port: int) -> str | None:
    return f"http://{probe.LOOPBACK}:{port}" if probe.http(port, "/healthz") else None


def _mail_answers(announced: Path) -> str | None:
    try:
        port = int(json.loads(announced.read_text(encoding="utf-8"))["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return f"smtp://{probe.LOOPBACK}:{port}" if probe.smtp(port) else None
