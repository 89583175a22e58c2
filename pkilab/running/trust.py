"""Trusting pkilab's own notebooks, so that JupyterLab shows the pictures in them before anything was run.

JupyterLab keeps signatures of what it trusts in its data folder, which is the lab's. Only notebooks that are as pkilab
made them are signed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pkilab.running.state import private, private_folders

_SECRET = "notebook_secret"  # noqa: S105 - the name of a file
_KNOWN = "pkilab-trusted.json"


def prepare(data: Path) -> None:
    """Make the key that signs, before JupyterLab would make its own.

    Raises:
        CannotWrite: the system refused.
    """
    private_folders(data)
    if not (data / _SECRET).exists():
        private(data / _SECRET, os.urandom(64).hex())


def sign(data: Path, notebooks: Iterable[Path]) -> None:
    """Sign the notebooks that were not signed yet. What cannot be read is left as it is: this is for looks alone.

    Raises:
        CannotWrite: the system refused.
    """
    contents = {path: path.read_bytes() for path in notebooks if path.suffix == ".ipynb" and path.is_file()}
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    known = _known(data)
    new = [path for path in contents if hashes[path] not in known]
    if not new:
        return
    import nbformat
    from nbformat.sign import NotebookNotary

    notary: Any = NotebookNotary(data_dir=str(data))  # type: ignore[no-untyped-call]  # nbformat ships no types
    for path in new:
        try:
            notary.sign(nbformat.reads(contents[path].decode(), as_version=4))  # type: ignore[no-untyped-call]  # as above
        except Exception:  # noqa: BLE001, S112 - a notebook that nbformat cannot read, whatever it raises
            continue
    notary.store.close()
    private(data / _KNOWN, json.dumps(sorted({*known, *hashes.values()})))


def _known(data: Path) -> frozenset[str]:
    try:
        return frozenset(map(str, json.loads((data / _KNOWN).read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError):
        return frozenset()
