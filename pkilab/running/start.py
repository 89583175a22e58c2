"""Starting a lab: who may, on which ports, with which programs; and tidying up behind it."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pkilab.errors import CannotDo
from pkilab.model.running import Part, Running
from pkilab.running import folders, jupyter, notebooks, probe, services, state, trust, watch
from pkilab.running.notebooks import LaidOut
from pkilab.running.state import Kept
from pkilab.running.supervisor import Supervisor

_WAIT = 0.5
"""Seconds to wait for a lab that somebody is looking at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to run. `source` is where the notebooks come from; a port of None is chosen, and 0 is any that is free.

    `environment` is for the programs; it holds no password, but may hold the address of a registry.
    """

    lab: Path
    notebooks: Path
    source: Path
    port: int
    jupyter_port: int | None
    environment: Mapping[str, str] = field(repr=False)
    now: Callable[[], datetime]
    key_folders: Callable[[], tuple[Path, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is told what: sentences, what was laid out, and when all answer."""

    say: Callable[[str], None]
    laid_out: Callable[[LaidOut], None]
    ready: Callable[[Kept], None]


def run(wish: Wish, told: Told) -> Kept | None:
    """Run the lab until a signal ends it, and return None; or, if it runs already, return what is known of that.

    Raises:
        WouldBeServed: JupyterLab would serve the lab's own files.
        PortBusy: a port is taken.
        DoesNotStart: a part does not start; the others were ended.
        CannotDo: JupyterLab is not installed, or the lab's dashboards run what it would.
        CannotWrite: the lab's folder, or the notebooks', cannot be written.
    """
    jupyter.check_installed()
    folders.check_apart(wish.lab, wish.notebooks)
    state.prepare(wish.lab)
    with state.held(wish.lab, wait=_WAIT) as mine:
        if not mine:
            _check_no_dashboards(wish.lab)
            return state.read(wish.lab) or _unknown(wish)
        tidy(wish.lab, told.say)
        _run(wish, told)
        return None


def _check_no_dashboards(lab: Path) -> None:
    """Raise `CannotDo` if it is the lab's dashboards that run its web service and mail."""
    there = state.running(lab, state.DASHBOARDS)
    if state.read(lab) is None and there is not None:
        why = f"The dashboards of this lab run, with its web service and mail (process {there.running.pid})."
        raise CannotDo(why, "End them, and start `pkilab lab` first: `pkilab dashboards` then runs beside it.")


def _run(wish: Wish, told: Told) -> None:
    port = probe.wanted(wish.port, "--port")
    asked = wish.jupyter_port
    jupyter_port = probe.first_free(jupyter.PORTS) if asked is None else probe.wanted(asked, "--jupyter-port")
    if wish.source != wish.notebooks:
        told.laid_out(notebooks.lay_out(wish.source, wish.notebooks))
    told.say(f"Starting the lab {wish.lab}: web service, mail and JupyterLab. This takes a few seconds …")
    mark, token = secrets.token_hex(16), secrets.token_urlsafe(32)
    environment = {**wish.environment, watch.MARK: mark, "PATH": search_path(wish.environment)}
    sockets = jupyter.sockets((wish.environment.get("XDG_RUNTIME_DIR", ""),))
    kept = Kept(
        running=Running(lab=wish.lab, pid=os.getpid(), started_at=wish.now(), notebooks=wish.notebooks),
        urls={"jupyterlab": jupyter.browser_url(jupyter_port, token, notebooks.FIRST)},
        mark=mark,
        sockets=sockets,
    )

    run = state.folder(wish.lab)

    def changed(parts: tuple[Part, ...]) -> None:
        nonlocal kept
        kept = replace(kept, running=replace(kept.running, parts=parts))
        state.write(kept)

    try:
        supervisor = Supervisor(
            [
                jupyter.program(
                    run,
                    notebooks=wish.notebooks,
                    port=jupyter_port,
                    token=token,
                    sockets=sockets,
                    environment=environment,
                ),
                services.web(run, port=port, environment=environment),
                services.mail(run, environment=environment),
            ],
            logs=run,
            mark=mark,
            sockets=sockets,
            say=told.say,
            changed=changed,
        )
        supervisor.run(lambda: told.ready(kept), meanwhile=lambda: _meanwhile(wish))
    finally:
        state.drop(wish.lab)
        shutil.rmtree(sockets, ignore_errors=True)


def _meanwhile(wish: Wish) -> None:
    """Do what takes a moment while the programs start; nobody has the token yet."""
    folders.check_keys(wish.key_folders(), wish.notebooks)
    made = notebooks.as_made(wish.source, wish.notebooks)
    trust.sign(jupyter.data_folder(state.folder(wish.lab)), made)


def search_path(environment: Mapping[str, str]) -> str:
    """Return the search path with our own programs first, so that a terminal in JupyterLab knows `pkilab`."""
    return os.pathsep.join((str(Path(sys.executable).parent), environment.get("PATH", os.defpath)))


def tidy(lab: Path, say: Callable[[str], None], what: str = state.LAB) -> None:
    """End what a lab that was killed, or its dashboards, left behind."""
    old = state.read(lab, what)
    if old is None:
        return
    if watch.marked(old.mark):
        say(f"The {what} ended without a farewell last time; what was left is being ended.")
        watch.end(old.mark)
    if old.sockets.name.startswith("pkilab-"):
        shutil.rmtree(old.sockets, ignore_errors=True)
    state.drop(lab, what)


def _unknown(wish: Wish) -> Kept:
    """Return what is known of a lab that somebody began to start a moment ago."""
    running = Running(lab=wish.lab, pid=0, started_at=wish.now(), notebooks=wish.notebooks)
    return Kept(running=running, urls={}, mark="", sockets=wish.lab)
