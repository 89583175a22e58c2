"""Run a module as the main one, up sooner: `python -m pkilab.running.quick MODULE [ARGUMENT…]`.

Two things take a third of JupyterLab's start, and serve nobody there.

A program that imports much makes objects by the hundred thousand and throws few away; Python's collector looks through
them after every 700 and finds nothing. Here it looks more rarely.

jsonschema uses rfc3987_syntax where that is installed, to check strings of the format `iri`; it builds a parser for it
when it is imported. No schema of JupyterLab's events has such a string. Here it counts as not installed.
"""

from __future__ import annotations

import gc
import runpy
import sys
from typing import Any

OBJECTS = 50_000
"""So many more objects made than dropped, until the collector looks."""
UNWANTED = ("rfc3987_syntax",)


def main() -> None:
    """Run the module that the first argument names with the others."""
    gc.set_threshold(OBJECTS, 20, 100)
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(UNWANTED))  # whose import fails as if they were not there
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
