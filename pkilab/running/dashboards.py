"""The dashboards of a lab: the operator's page and the clients' page, each an application with a token of its own.

Beside a running `pkilab lab` they use its web service and mail; where none runs, both run here too.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from pkilab.errors import CannotDo
from pkilab.model.running import Part, Running
from pkilab.running import jupyter, probe, services, state, trust, watch
from pkilab.running.dashboard.settings import Settings, save
from pkilab.running.program import QUICKLY, Program
from pkilab.running.start import search_path, tidy
from pkilab.running.state import Kept, as_cannot_write, private_folders
from pkilab.running.supervisor import Supervisor

_WAIT = 0.5
"""Seconds to wait for dashboards that somebody is looking at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One of the two: its part's name, what it is called, its usual ports, and how many pages wait ready."""

    name: str
    label: str
    title: str
    ports: range
    pool: int


OPERATOR = Application(
    name="operator", label="The operator's page", title="The operator’s desk", ports=range(8866, 8960, 2), pool=1
)
CLIENTS = Application(
    name="clients", label="The clients' page", title="The clients’ desk", ports=range(8867, 8961, 2), pool=2
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to run. `notebooks` holds `operator.ipynb` and `clients.ipynb`; ports of None are chosen, 0 is any.

    `port` is the web service's where it has to run; `idle` the seconds after which an unseen page's kernel ends.
    """

    lab: Path
    notebooks: Path
    bind: str
    operator_port: int | None
    clients_port: int | None
    port: int
    idle: float
    environment: Mapping[str, str] = field(repr=False)
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is told what: sentences, and when all answer."""

    say: Callable[[str], None]
    ready: Callable[[Kept], None]


def run(wish: Wish, told: Told) -> Kept | None:
    """Run the dashboards until a signal ends them, and return None; or return what is known of those that run already.

    Raises:
        PortBusy: a port is taken.
        DoesNotStart: a part does not start; the others were ended.
        CannotDo: Voilà is not installed, or a notebook is not there.
        CannotWrite: the lab's folder cannot be written.
    """
    _check(wish)
    state.prepare(wish.lab)
    with state.held(wish.lab, state.DASHBOARDS, wait=_WAIT) as mine:
        if not mine:
            return state.read(wish.lab, state.DASHBOARDS) or Kept(
                running=_running(wish, pid=0), urls={}, mark="", sockets=wish.lab
            )
        tidy(wish.lab, told.say, state.DASHBOARDS)
        with state.held(wish.lab, wait=_WAIT) as alone:
            if alone:
                tidy(wish.lab, told.say)
            _run(wish, told, alone=alone)
        return None


def _check(wish: Wish) -> None:
    for package in ("jupyterlab", "voila"):
        if find_spec(package) is None:
            instead = f"Install them: {sys.executable} -m pip install jupyterlab voila"
            raise CannotDo("JupyterLab and Voilà are not installed.", instead)
    for application in (OPERATOR, CLIENTS):
        notebook = wish.notebooks / f"{application.name}.ipynb"
        if not notebook.is_file():
            raise CannotDo(f"There is no notebook {notebook}.", "Name a folder that has it, or none for pkilab's own.")


def _run(wish: Wish, told: Told, *, alone: bool) -> None:
    ports = _ports(wish)
    service_port = probe.wanted(wish.port, "--port") if alone else 0
    with_services = "web service and mail too, as no `pkilab lab` runs" if alone else "beside the lab that runs"
    told.say(f"Starting the dashboards of the lab {wish.lab}, {with_services}. This takes a few seconds …")
    mark = secrets.token_hex(16)
    environment = {**wish.environment, watch.MARK: mark, "PATH": search_path(wish.environment)}
    sockets = jupyter.sockets((wish.environment.get("XDG_RUNTIME_DIR", ""),))
    run = state.folder(wish.lab)
    tokens = {application.name: secrets.token_urlsafe(32) for application in ports}
    urls = {
        application.name: f"{_url(probe.reached_at(wish.bind), port)}?token={tokens[application.name]}"
        for application, port in ports.items()
    }
    kept = Kept(running=_running(wish, pid=os.getpid()), urls=urls, mark=mark, sockets=sockets)

    def changed(parts: tuple[Part, ...]) -> None:
        nonlocal kept
        kept = replace(kept, running=replace(kept.running, parts=parts))
        state.write(kept, state.DASHBOARDS)

    try:
        programs = [
            _program(
                application, wish, port=port, token=tokens[application.name], sockets=sockets, inherited=environment
            )
            for application, port in ports.items()
        ]
        if alone:
            programs.append(services.web(run, port=service_port, environment=environment))
            programs.append(services.mail(run, environment=environment))
        supervisor = Supervisor(programs, logs=run, mark=mark, sockets=sockets, say=told.say, changed=changed)
        supervisor.run(lambda: told.ready(kept))
    finally:
        state.drop(wish.lab, state.DASHBOARDS)
        shutil.rmtree(sockets, ignore_errors=True)


def _ports(wish: Wish) -> dict[Application, int]:
    """Return a port for each; two that are free at the same time."""
    asked = {OPERATOR: (wish.operator_port, "--operator-port"), CLIENTS: (wish.clients_port, "--clients-port")}
    if wish.operator_port and wish.operator_port == wish.clients_port:
        raise CannotDo("Both pages cannot have the same port.", "Give them two: --operator-port and --clients-port.")
    ports: dict[Application, int] = {}
    for application, (port, option) in asked.items():
        if port is None:
            ports[application] = probe.first_free(application.ports, wish.bind)
        else:
            ports[application] = probe.wanted(port, option, wish.bind)
    return ports


def _program(
    application: Application, wish: Wish, *, port: int, token: str, sockets: Path, inherited: Mapping[str, str]
) -> Program:
    """Write an application's settings and its notebook into `run/<name>`, and return it as a program."""
    base = state.folder(wish.lab) / application.name
    page = base / "page"
    private_folders(base, base / "config", base / "data", page)
    notebook = page / f"{application.name}.ipynb"
    with as_cannot_write(notebook):
        # A kernel works in the folder of its notebook, and imports what lies there: nothing but the notebook does.
        shutil.rmtree(page)
        page.mkdir(mode=0o700)
        shutil.copyfile(wish.notebooks / notebook.name, notebook)
    trust.prepare(base / "data")
    save(
        Settings(
            name=application.name,
            title=application.title,
            notebook=notebook,
            bind=wish.bind,
            port=port,
            sockets=sockets,
            transport=jupyter.transport(sockets),
            pool=application.pool,
            idle=wish.idle,
            token=token,
            secret=secrets.token_hex(32),
        ),
        base,
    )
    return Program(
        name=application.name,
        label=application.label,
        arguments=(*QUICKLY, "pkilab.running.dashboard.application"),
        environment=jupyter.with_places(base, base / "data", sockets, inherited),
        folder=base,
        answers=partial(_answers, wish.bind, port),
    )


def _answers(bind: str, port: int) -> str | None:
    return _url(probe.reached_at(bind), port) if probe.http(port, "/healthz", probe.reached_at(bind)) else None


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _running(wish: Wish, *, pid: int) -> Running:
    return Running(lab=wish.lab, pid=pid, started_at=wish.now(), notebooks=wish.notebooks)
