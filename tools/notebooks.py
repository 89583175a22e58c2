"""Run the notebooks and keep what their cells show, without what belongs to one machine or one run.

`python tools/notebooks.py [FILE…]`; all of notebooks/ when none is named. nbval compares these outputs.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
SLASH = "/(?:<wbr>)?"
LAB = re.compile(rf"(?:{SLASH}[\w.-]+)*{SLASH}pkilab-(?:test-[\w.-]+{SLASH}\d+|tour-\w+)")
WIDGET = "application/vnd.jupyter.widget-view+json"
"""It refers to a widget in a kernel that is gone."""
STYLE = re.compile(r"<style.*?</style>\s*", re.DOTALL)


# As JupyterLab writes it, so that opening a notebook changes nothing.
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.11.7",
}


def clean(value: Any) -> Any:
    """Return an output's text without style sheet and widgets, and with the lab's folder as nbval.cfg calls it."""
    if isinstance(value, str):
        return LAB.sub("LAB", STYLE.sub("", value))
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return type(value)({name: clean(item) for name, item in value.items() if name != WIDGET})
    return value


def run(path: Path) -> None:
    """Run one notebook in a lab of its own and write it back."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat ships no types
    with tempfile.TemporaryDirectory(prefix="pkilab-test-") as folder:
        os.environ["PKILAB_HOME"] = f"{folder}/1"
        NotebookClient(notebook, timeout=300, record_timing=False, resources={"metadata": {"path": folder}}).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = clean(cell.outputs)
            cell.metadata.pop("execution", None)
    title = {"title": notebook.metadata.title} if "title" in notebook.metadata else {}  # a dashboard has one
    notebook.metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE, **title}
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]  # as above


if __name__ == "__main__":
    for each in map(Path, sys.argv[1:]) if sys.argv[1:] else sorted((ROOT / "notebooks").rglob("*.ipynb")):
        print(f"notebooks: running {each.name}")
        run(each)
