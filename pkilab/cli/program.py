"""The program: its groups of commands, what stands before them, and how it ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

import pkilab
from pkilab.cli import client, dashboards, explain, lab, mail, media, printing, server, service, status, verify
from pkilab.cli.call import Common
from pkilab.cli.command import InstanceOption, JsonOption, LabOption

_INTERRUPTED = 130


class Program(TyperGroup):
    """The root of all commands. Wrong usage is told in plain lines, which programs and narrow windows can read."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and end the process with the exit code, unless `standalone_mode` is false."""
        act = partial(super().main, args, prog_name, complete_var, False, windows_expand_args, **extra)
        if not standalone_mode:
            return act()
        try:
            code = act()
            sys.stdout.flush()
        except typer.TyperException as error:
            cast("Any", error).show()
            sys.exit(getattr(error, "exit_code", 2))
        except typer.Abort:
            code = _INTERRUPTED
        except BrokenPipeError:
            # Whoever read has gone. What is still in the buffer must not be flushed into the void with a complaint.
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if code == _INTERRUPTED:
            sys.stderr.write("\n")  # the question that was open stays on its line
            printing.complain("Interrupted; nothing more was done.")
        sys.exit(code or 0)


app = typer.Typer(
    name="pkilab",
    cls=Program,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
    epilog="A story from the first command to the last: docs/commands.md.",
)
app.add_typer(server.app, name="server")
app.add_typer(client.app, name="client")
app.add_typer(media.app, name="media")
service.add(app)
lab.add(app)
dashboards.add(app)
status.add(app)
mail.add(app)
verify.add(app)
explain.add(app)


def _version(wanted: bool) -> None:
    if wanted:
        printing.line(f"pkilab {pkilab.__version__}")
        raise typer.Exit


@app.callback()
def _before(
    context: typer.Context,
    *,
    lab: LabOption = None,
    instance: InstanceOption = None,
    json: JsonOption = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where a fault of pkilab itself lies.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """A public key infrastructure lab: a certificate authority and its clients, for training and tests.

    Never for production.
    """
    context.obj = Common(lab=lab, instance=instance, json=json, debug=debug)


def main() -> None:
    """Run the command that the process was called with."""
    printing.be_tolerant()
    app(prog_name="pkilab")
