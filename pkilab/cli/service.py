"""`pkilab serve`, and `pkilab journal`."""

from __future__ import annotations

import logging
import signal
import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pkilab.cli import passwords, printing
from pkilab.cli.call import Call
from pkilab.cli.command import Answer, command
from pkilab.cli.fields import PasswordFile, option

if TYPE_CHECKING:
    from types import FrameType

    from pkilab.store.tls import ServerTls

Bind = Annotated[str, option("--bind", "ADDRESS", "Listen on this address; other machines need another.", default=True)]
Port = Annotated[int, option("--port", "N", "Listen on this port; 0 takes a free one.", default=True)]

Tls = Annotated[
    str | None,
    option(
        "--tls",
        "ROOT",
        "Speak HTTPS with ROOT.cer and ROOT.key of the instance's manager directory, else the main CA's.",
    ),
]
TlsQuickstart = Annotated[
    bool, option("--tls-quickstart", None, "Speak HTTPS with a self-signed certificate, made once and kept in the lab.")
]

Check = Annotated[
    str | None, typer.Argument(metavar="verify", help="Check the journal instead of showing it.", show_default=False)
]

NO_MAIN = (
    "No main CA: the one chosen is not configured, and nothing answers at the default path. "
    "`pkilab --instance NAME server make-main` chooses another."
)
NOTICE = "This is for training and tests, never for production."


def add(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app, "serve")(serve)
    command(app, "journal")(journal)


def serve(
    call: Call,
    *,
    bind: Bind = "127.0.0.1",
    port: Port = 52773,
    tls: Tls = None,
    tls_quickstart: TlsQuickstart = False,
    password_file: PasswordFile = None,
) -> None:
    """Serve all CA servers of the lab to their clients, until Ctrl-C.

    For training and tests, never for production.
    """
    from pkilab.model.names import check_port
    from pkilab.web import service

    if tls is not None and tls_quickstart:
        call.wrong_usage("--tls and --tls-quickstart exclude each other.")
    if tls is None and password_file is not None:
        call.wrong_usage("--password-file is for the key of --tls.")
    shown: ServerTls | None = None
    if tls is not None:
        shown = passwords.opening(
            lambda password: call.lab.tls(tls, instance=call.instance, password=password), password_file
        )
    elif tls_quickstart:
        shown = call.lab.tls_quickstart(host=bind)
    application = call.lab.application()
    ready = partial(_ready, call, bind, shown)
    signal.signal(signal.SIGTERM, end)
    log_to_stderr(debug=call.debug)
    with call.lab.mail_service(inbox=False), call.lab.watch():
        service.serve(application, bind, port and check_port(port), tls=shown.context if shown else None, ready=ready)


def journal(call: Call, *, check: Check = None) -> Answer:
    """Show the journal of a CA server: who did what, when; or check that nobody changed it.

    `pkilab journal verify` makes each entry's hash anew and compares the last one with the head that is kept beside
    the CA's key; it says what it cannot prove, and its exit code is 1 where something is wrong.
    """
    from pkilab.views import tables

    if check is None:
        found = call.server.journal()
        return Answer(value=found, show=lambda: printing.table(tables.journal(found)))
    if check != "verify":
        call.wrong_usage("The journal can be shown, or checked by `pkilab journal verify`.")
    verdict = call.server.verify_journal()
    return Answer(value=verdict, show=lambda: printing.line(str(verdict)), code=1 if verdict.problems else 0)


def _ready(call: Call, bind: str, tls: ServerTls | None, url: str) -> None:
    """Say where which CA is reached, now that it is served."""
    from pkilab.model.settings import DEFAULT_PATH
    from pkilab.web.addresses import soap_path

    names = call.lab.authorities.names()
    main = call.lab.main_ca
    addresses = {name: url + soap_path(name) for name in names}
    main_url = url + DEFAULT_PATH if main else None
    if call.json:
        cas = [{"instance": name, "url": address, "main": name == main} for name, address in addresses.items()]
        started = {"url": url, "bind": bind, "lab": call.lab.path, "main": main, "main_url": main_url, "cas": cas}
        shown = {"path": tls.path, "certificate": tls.certificate, "fingerprint": tls.fingerprint} if tls else None
        printing.document({**started, "tls": shown, "notice": NOTICE})
        return
    printing.line(f"pkilab serves the lab {call.lab.path} at {url}. {NOTICE}")
    if bind in {"0.0.0.0", "::", ""}:  # noqa: S104 - told, not bound
        plainly = "" if tls else ", without encryption"
        printing.line(f"It listens on all addresses of this machine: others can reach it{plainly}.")
    for name, address in addresses.items():
        printing.line(f"  CA server {name}: {address}")
    if main:
        printing.line(f"  Main CA: {main}, also at {main_url}")
    elif names:
        printing.line(f"  {NO_MAIN}")
    else:
        printing.line("  No CA server is configured yet; as soon as one is, it is served.")
    if tls:
        _tell_certificate(tls)
    printing.line("Ctrl-C ends it.")


def _tell_certificate(tls: ServerTls) -> None:
    printing.line(f"It shows the certificate {tls.path}, until {tls.certificate.not_after:%Y-%m-%d}.")
    printing.line(f"  SHA-256: {tls.fingerprint.sha256}")
    printing.line(f"  SHA-1:   {tls.fingerprint.sha1}")
    for warning in tls.warnings:
        printing.complain(f"Warning: {warning}")


class _Complaints(logging.Handler):
    """Tells on stderr what goes wrong inside the service; a traceback only where it was asked for."""

    def __init__(self, *, debug: bool) -> None:
        super().__init__(logging.WARNING)
        self._debug = debug

    def emit(self, record: logging.LogRecord) -> None:
        """Print one line."""
        printing.complain(record.getMessage())
        if self._debug and record.exc_info and record.exc_info[1]:
            traceback.print_exception(record.exc_info[1])


def log_to_stderr(*, debug: bool) -> None:
    """Let complaints of a service be seen; with `debug` also where they come from."""
    for name in ("pkilab", "uvicorn"):
        logging.getLogger(name).addHandler(_Complaints(debug=debug))


def end(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End with exit code 0: to be ended is how a service ends."""
    sys.exit(0)
