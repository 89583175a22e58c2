"""JupyterLab as a lab runs it: on loopback, with a token, its kernels on sockets, asking nothing of the internet.

Its settings, state and connection files lie in folders of the lab's own: the user's are neither needed nor changed.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pkilab.errors import CannotDo
from pkilab.running import probe, trust
from pkilab.running.program import QUICKLY, Program
from pkilab.running.state import as_cannot_write, private, private_folders

PORTS = range(8888, 8938)
_SOCKET_PATH = 103
"""Longest path of a socket: 107 characters on Linux, 103 on macOS."""
_SOCKET_NAME = 51
"""What JupyterLab adds to the folder: `/kernel-<36>-ipc-<n>`."""
_SHARE = Path(__file__).parent / "share"
"""What Voilà finds on `JUPYTER_PATH`: a template that loads nothing from elsewhere."""


def sockets(places: Sequence[str]) -> Path:
    """Make a folder for sockets and connection files, for its owner alone, and return it.

    Args:
        places: where it may lie; the first that is writable and short enough is taken, else the system's.
    """
    usual = tempfile.gettempdir()
    for place in (*places, usual, "/tmp"):  # noqa: S108 - the folder in it has a name that nobody can foresee
        # mkdtemp adds a slash, the prefix and eight characters
        if place and len(os.fsencode(place)) + len("/pkilab-") + 8 + _SOCKET_NAME <= _SOCKET_PATH:
            with contextlib.suppress(OSError):
                return Path(tempfile.mkdtemp(prefix="pkilab-", dir=place))
    with as_cannot_write(Path(usual)):
        return Path(tempfile.mkdtemp(prefix="pkilab-", dir=usual))


def program(
    run: Path, *, notebooks: Path, port: int, token: str, sockets: Path, environment: Mapping[str, str]
) -> Program:
    """Write JupyterLab's settings into `run/jupyter`, and return it as a program.

    Raises:
        CannotWrite: the system refused.
        CannotDo: JupyterLab is not installed.
    """
    base = run / "jupyter"
    for name, content in _settings(notebooks, port, token, sockets).items():
        path = base / "config" / name
        private_folders(base, base / "config", path.parent)
        private(path, json.dumps(content, indent=2))
    trust.prepare(data_folder(run))
    return Program(
        name="jupyterlab",
        label="JupyterLab",
        arguments=(*QUICKLY, "jupyterlab"),
        environment=with_places(base, data_folder(run), sockets, environment),
        folder=base,  # where Voilà looks for a voila.json
        answers=partial(_answers, port),
    )


def data_folder(run: Path) -> Path:
    """Return where JupyterLab keeps what it trusts."""
    return run / "jupyter" / "data"


def browser_url(port: int, token: str, notebook: str) -> str:
    """Return the address that opens a notebook, token and all."""
    return f"{_url(port)}/tree/{quote(notebook)}?token={token}"


def opening_page(sockets: Path, url: str) -> Path:
    """Write a page that leads to the address, and return its path: browsers show their arguments to all users.

    Raises:
        CannotWrite: the system refused.
    """
    page = sockets / "open.html"
    private(
        page,
        f'<!doctype html><meta charset="utf-8"><title>pkilab</title><meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="refresh" content="0; url={url}"><p><a href="{url}">Open the lab</a></p>\n',
    )
    return page


def check_installed() -> None:
    """Raise `CannotDo` where JupyterLab is not installed."""
    if find_spec("jupyterlab") is None:
        raise CannotDo("JupyterLab is not installed.", f"Install it: {sys.executable} -m pip install jupyterlab voila")


def _url(port: int) -> str:
    return f"http://{probe.LOOPBACK}:{port}/lab"


def _answers(port: int) -> str | None:
    return _url(port) if probe.http(port, "/api") else None


def with_places(base: Path, data: Path, sockets: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with Jupyter's folders in it: settings in `base/config`, and Voilà's template.

    What would configure Jupyter otherwise, or belongs to one that we were started in, is left out.
    """
    ours = ("JUPYTER_", "JUPYTERLAB_", "JPY_", "VOILA_")
    config, more = str(base / "config"), environment.get("JUPYTER_PATH", "")
    return {
        **{name: value for name, value in environment.items() if not name.startswith(ours)},
        "JUPYTER_CONFIG_DIR": config,
        "JUPYTER_CONFIG_PATH": config,  # before what a virtual environment says
        "JUPYTER_DATA_DIR": str(data),
        "JUPYTER_RUNTIME_DIR": str(sockets),
        "JUPYTER_PATH": os.pathsep.join(filter(None, (str(_SHARE), more))),
    }


def transport(sockets: Path) -> str:
    """Return how kernels speak: over sockets in that folder where the system allows such paths, else over TCP."""
    return "ipc" if len(os.fsencode(str(sockets))) + _SOCKET_NAME <= _SOCKET_PATH else "tcp"


def _settings(notebooks: Path, port: int, token: str, sockets: Path) -> dict[str, dict[str, Any]]:
    """Return JupyterLab's settings, by file."""
    return {
        "jupyter_server_config.json": {
            "IdentityProvider": {"token": token},
            "KernelManager": {"transport": transport(sockets)},
            "LanguageServerManager": {"autodetect": False},
            "ServerApp": {
                "allow_root": os.geteuid() == 0,
                "ip": probe.LOOPBACK,
                "open_browser": False,
                "port": port,
                "port_retries": 0,
                "quit_button": False,
                "root_dir": str(notebooks),
            },
        },
        "jupyter_lab_config.json": {
            "LabApp": {
                "check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
                "extension_manager": "readonly",
                "news_url": None,
            },
        },
        "labconfig/page_config.json": {
            "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True},
            "fullMathjaxUrl": "",  # JupyterLab has its own
        },
        "labconfig/default_setting_overrides.json": {
            "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
        },
        "voila.json": {
            "VoilaConfiguration": {"allow_template_override": "NO", "file_allowlist": [], "template": "pkilab"},
        },
    }
