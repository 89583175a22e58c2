"""The command line: the verbs of a lab in a terminal, for people and for scripts. docs/commands.md lists them."""

from pkilab.cli.program import app, main

__all__ = ["app", "main"]
