"""A notebook that is saved with the state of its widgets holds no password, whatever was typed into its forms."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
STATE = "application/vnd.jupyter.widget-state+json"
TYPED = "correct horse that somebody typed"
PASSPHRASE = "correct horse"

# Each form as a desk opens it, in each state in which it asks for a secret. What is typed comes as the page sends it.
FORMS = """
import subprocess
from ipywidgets.widgets.widget import _instances
from pkilab import Desk, Lab
from pkilab.course import Story
from pkilab.desk import clients, operators, tasks
from pkilab.forms.parts.secret import SecretField

story = Story(Lab(), "submitted")
bare = story.lab.instance("Bare", node="bare.lab.test")
bare.manager.mkdir(parents=True)
words = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=Bare -keyout Bare.key -out Bare.cer"
subprocess.run(words.split(), cwd=bare.manager, check=True, capture_output=True)
pages = [operators(), clients()]
for instance in (story.ca, story.client, story.lab.instance("Fresh", node="fresh.lab.test")):
    desk = Desk(instance)
    pages += [desk, *(desk.task(task.id) for task in tasks.TASKS)]
fresh = pages[-len(tasks.TASKS) + [task.id for task in tasks.TASKS].index("configure_server")].form
fresh.root, fresh.directory = "Fresh", "ca"
fresh.next()
bare.server.configure(root="Bare", directory=bare.manager, issued_days=9, existing=True, last_serial=0)
pages.append(Desk(bare).configure_server())
olga = Desk(story.ca)
from pkilab import Verification
sound = Verification(identity=True, authority=True, purpose=True, fingerprint=story.request.fingerprint.sha256)
story.ca.server.verify(story.request.id, usage="tls", verified=sound)
pages += [olga.pending(), olga.process(story.request.id)]
pages[-1].form.issue()
pages[-2].view.refresh()

fields = [each for each in _instances.values() if isinstance(each, SecretField)]
for each in fields:
    each._handle_custom_msg({"kind": "typed", "value": TYPED}, [])
assert all(getattr(each._form, each._name) == TYPED for each in fields)
print(*sorted({f"{type(each._form).__name__}.{each._name}" for each in fields}), sep="\\n")
"""
KNOWN = {
    "ConfigureServer.container_password",
    "ConfigureServer.password",
    "ConfigureServer.confirmation",
    "ConfigureServer.smtp_password",
    "ConfigureServer.smtp_confirmation",
    "EncryptKey.password",
    "EncryptKey.confirmation",
    "PendingRequests.password",
    "Process.password",
    "Submit.password",
    "Submit.confirmation",
    "VisitorsEntrance.access_code",
}


def run(notebook: Any, folder: Path) -> str:
    """Run a notebook as JupyterLab does that saves the state of widgets, and return what is saved."""
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=300, store_widget_state=True, resources=resources).execute()
    path = folder / "saved.ipynb"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]  # nbformat ships no types
    return path.read_text()


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.rglob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_that_was_run_holds_no_password(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # as above
    shows = any("desk" in cell.source.lower() for cell in notebook.cells if cell.cell_type == "code")
    saved = run(notebook, tmp_path)
    assert (STATE in saved) == shows
    assert PASSPHRASE not in saved
    kept = Path(os.environ["PKILAB_HOME"], "course", "password")
    assert not kept.exists() or kept.read_text().strip() not in saved


def test_what_was_typed_into_the_secrets_of_every_form_is_not_saved(tmp_path: Path) -> None:
    typed = "TYPED = 'correct ' + " + repr(TYPED.removeprefix("correct "))  # the source itself is saved too
    notebook = new_notebook(cells=[new_code_cell(typed), new_code_cell(FORMS), new_code_cell("pages")])  # type: ignore[no-untyped-call]  # as above
    saved = run(notebook, tmp_path)
    models = json.loads(saved)["metadata"]["widgets"][STATE]["state"]
    assert len(models) > 500
    assert "SantiagoDev" in json.dumps(models)  # so that this is the state, and it is full
    assert set("".join(notebook.cells[1].outputs[0].text).split()) >= KNOWN
    assert PASSPHRASE not in saved
