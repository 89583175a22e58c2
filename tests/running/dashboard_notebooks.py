"""Notebooks for dashboards that show one small form, and the kernels that run them."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from pkilab.running import watch
from tests.running.lab_process import Process

FORM = """
import ipywidgets as widgets
name = widgets.Text(description="Name", continuous_update=False)
greet = widgets.Button(description="Greet {page}")
said = widgets.HTML()
def answer(_):
    print("a printed line")
    said.value = f"Hello, {{name.value}}"
greet.on_click(answer)
widgets.VBox([name, greet, said])
"""


def write(folder: Path, **cells: str) -> Path:
    """Write `operator.ipynb` and `clients.ipynb` into a folder, with other cells where they are named; return it."""
    folder.mkdir()
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    for page in ("operator", "clients"):
        cell = new_code_cell(cells.get(page, FORM.format(page=page)))  # type: ignore[no-untyped-call]  # nbformat ships no types
        metadata = {"kernelspec": kernel, "title": f"The {page} page"}
        notebook = new_notebook(cells=[cell], metadata=metadata)  # type: ignore[no-untyped-call]  # as above
        nbformat.write(notebook, folder / f"{page}.ipynb")  # type: ignore[no-untyped-call]  # as above
    return folder


def kernels(process: Process) -> set[int]:
    """The processes of its kernels."""
    found = set()
    for pid in watch.marked(process.mark):
        try:
            if b"ipykernel_launcher" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
        except OSError:
            continue
    return found
