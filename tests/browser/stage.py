"""A running `pkilab lab`, and notebooks that tests write into it, in JupyterLab and in Voilà."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Page

from pkilab.lab import Lab
from tests.running.lab_process import DashboardsProcess, LabProcess

_KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
_SETTINGS = {
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},  # `page.emulate_media` switches it
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # all cells are there, seen or not
}


@dataclass(frozen=True)
class Notebook:
    """A notebook of the running lab; its addresses log in."""

    name: str
    path: Path
    in_jupyterlab: str
    in_voila: str


class Dashboards:
    """Running dashboards. `path` is the lab's folder; `operator` and `clients` are addresses that log in."""

    def __init__(self, process: DashboardsProcess) -> None:
        self.process = process
        self.path = process.lab
        self.operator: str = process.document["operator_url"]
        self.clients: str = process.document["clients_url"]


class Stage:
    """A running lab. `folder` is what JupyterLab serves, `path` the lab that its kernels open by `Lab()`."""

    def __init__(self, process: LabProcess, labs: Path) -> None:
        self.process = process
        self.path = process.lab
        self.folder = Path(process.document["notebooks"])
        self._labs = labs
        self._numbers = count(1)
        for plugin, settings in _SETTINGS.items():
            body = json.dumps({"raw": json.dumps(settings)})
            assert process.ask(f"/lab/api/settings/{plugin}", method="PUT", body=body).status == 204

    @property
    def lab(self) -> Lab:
        """The lab, opened afresh."""
        return Lab(self.path)

    def new_lab(self) -> Path:
        """A folder for a lab that no other test touches: `Lab({path!r})` in a cell, `Lab(path)` in the test."""
        return self._labs / f"lab-{next(self._numbers)}"

    def notebook(self, name: str, *cells: str) -> Notebook:
        """Write a notebook of code cells into the served folder; names are made unique."""
        unique = f"{re.sub(r'[^a-z0-9-]', '-', name.lower())}-{next(self._numbers)}.ipynb"
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=_KERNEL)  # type: ignore[no-untyped-call]  # nbformat ships no types
        path = self.folder / unique
        nbformat.write(notebook, path)  # type: ignore[no-untyped-call]  # as above
        return self.existing(unique)

    def existing(self, name: str) -> Notebook:
        """A notebook that lies in the served folder, such as `walkthrough/01-configure-server.ipynb`."""
        base = f"http://127.0.0.1:{self.process.port('jupyterlab')}"
        return Notebook(
            name=name,
            path=self.folder / name,
            in_jupyterlab=f"{base}/lab/tree/{quote(name)}?reset&token={self.process.token}",
            in_voila=f"{base}/voila/render/{quote(name)}?token={self.process.token}",
        )

    def open_in_voila(self, page: Page, notebook: Notebook) -> None:
        """Open it in Voilà and wait until the page shows itself."""
        page.goto(notebook.in_voila)
        page.locator("#rendered_cells").wait_for(state="visible")

    def open_in_jupyterlab(self, page: Page, notebook: Notebook, *, run: bool = True) -> None:
        """Open it in JupyterLab and, with `run`, run all its cells and wait until they ran."""
        page.goto(notebook.in_jupyterlab)
        page.locator(".jp-Notebook").wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # in the status bar; a cell that runs sooner is lost
        if run:
            self.run_all(page)

    def run_all(self, page: Page) -> None:
        """Run all cells of the notebook that is open, and wait until they ran."""
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function(
            r"() => [...document.querySelectorAll('.jp-CodeCell')]"
            r".every(cell => /\[\d+\]/.test(cell.querySelector('.jp-InputPrompt').textContent))",
            timeout=120_000,
        )
