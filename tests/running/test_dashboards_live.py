"""The dashboards as a whole: they start, come back, let go of what nobody looks at, and end without a trace."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from pkilab.lab import Lab
from pkilab.model.running import PartState
from pkilab.running import watch
from pkilab.running.dashboard.kernels import GONE
from pkilab.running.dashboard.settings import FILE
from tests.running.dashboard_notebooks import kernels, write
from tests.running.lab_process import PROGRAM, DashboardsProcess, LabProcess, environment, eventually
from tests.running.test_dashboards_doors import Visitor, letter

READY = 3
"""Kernels of the pools: one for the operator's page, two for the clients'."""
SHORT = 3.0
"""Seconds after which an idle kernel ends in these tests."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DashboardsProcess]:
    """Dashboards that are quick to let go, on an address of loopback that is not the usual one."""
    base = tmp_path_factory.mktemp("pages")
    idle = ("--idle", str(SHORT / 60), "--bind", "127.0.0.2")
    process = DashboardsProcess(base / "lab", write(base / "notebooks"), *idle)
    yield process
    process.close()


def run(*arguments: str, lab: Path) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAM), "--lab", str(lab), *arguments]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)


def test_one_command_runs_both_pages_and_what_they_need(pages: DashboardsProcess) -> None:
    parts = {part["name"]: part for part in pages.document["parts"]}
    assert set(parts) == {"operator", "clients", "web", "mail"}
    assert {part["state"] for part in parts.values()} == {"running"}
    assert httpx.get(parts["web"]["url"] + "/healthz", trust_env=False).status_code == 200
    for name in ("operator", "clients"):
        address = urlsplit(pages.document[f"{name}_url"])
        assert address.hostname == "127.0.0.2"
        assert len(address.query) == len("token=") + 43
    assert pages.token("operator") != pages.token("clients")
    assert "never for production" in pages.document["notice"]


def test_a_second_start_says_where_the_first_runs_and_status_does_without_tokens(pages: DashboardsProcess) -> None:
    again = run("dashboards", "--no-browser", str(pages.document["notebooks"]), lab=pages.lab)
    assert again.returncode == 0, again.stderr
    for words in (pages.document["operator_url"], pages.document["clients_url"], f"process {pages.process.pid}"):
        assert words in again.stdout
    shown = run("status", lab=pages.lab).stdout
    for name in ("operator", "clients", "web", "mail"):
        assert pages.part(name).url in shown
    assert "Nothing runs" not in shown
    told = json.loads(run("status", "--json", lab=pages.lab).stdout)
    assert told["running"] is None
    assert len(told["dashboards"]["parts"]) == 4
    for token in (pages.token("operator"), pages.token("clients")):
        assert token not in shown + json.dumps(told)


def test_a_lab_does_not_start_over_them_and_says_what_to_do(pages: DashboardsProcess, tmp_path: Path) -> None:
    done = run("lab", "--no-browser", str(tmp_path / "notebooks"), lab=pages.lab)
    assert done.returncode == 1
    assert f"(process {pages.process.pid})" in done.stderr
    assert "start `pkilab lab` first" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--operator-port", "7001", "--clients-port", "7001"), "cannot have the same port"),
        (("--operator-port", "{taken}"), "--operator-port"),
        (("--idle", "0"), "--idle takes"),
        (("{empty}",), "There is no notebook"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    pages: DashboardsProcess, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        filled = [each.format(taken=taken.getsockname()[1], empty=tmp_path) for each in arguments]
        notebooks = [] if "{empty}" in arguments else [str(pages.document["notebooks"])]
        done = run("dashboards", "--no-browser", "--port", "0", *notebooks, *filled, lab=tmp_path / "lab")
    assert done.returncode in {1, 2}
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_hour_of_reloading_leaves_no_kernel_beyond_the_culling_time(pages: DashboardsProcess) -> None:
    """By somebody whose browser never says farewell, and holds the lines open; the hour is as long as it takes."""
    visitor = Visitor(pages)
    with contextlib.ExitStack() as open_lines, contextlib.closing(visitor.client):
        lines = [open_lines.enter_context(visitor.line(visitor.page())) for _ in range(6)]
        assert len(kernels(pages)) >= READY + 5
        eventually(lambda: len(kernels(pages)) == READY, 6 * SHORT)
        for line in lines:
            with pytest.raises(ConnectionClosed) as closed:
                hear_all(line)
            assert closed.value.rcvd
            assert closed.value.rcvd.code == GONE


def hear_all(line: ClientConnection) -> None:
    while True:
        line.recv(timeout=10)


def test_a_page_that_is_heard_of_stays(pages: DashboardsProcess) -> None:
    """What a heartbeat sends counts as activity."""
    visitor = Visitor(pages)
    kernel = visitor.page()
    with visitor.line(kernel) as line:
        begun = time.monotonic()
        while time.monotonic() < begun + 2.5 * SHORT:
            line.send(letter("comm_msg", {"comm_id": "nobody's", "data": {}}))
            line.recv(timeout=10)
            time.sleep(SHORT / 8)
        assert visitor.client.get(f"/api/kernels/{kernel}").status_code == 200
    eventually(lambda: visitor.client.get(f"/api/kernels/{kernel}").status_code == 404, 4 * SHORT)
    visitor.client.close()


def test_a_page_waits_ready_however_long_nobody_comes(pages: DashboardsProcess) -> None:
    eventually(lambda: len(kernels(pages)) == READY)
    waiting = kernels(pages)
    time.sleep(1.5 * SHORT)
    assert kernels(pages) == waiting
    visitor = Visitor(pages)
    kernel = visitor.page()
    with visitor.line(kernel) as line:
        line.send(letter("comm_info_request", {}))
        assert line.recv(timeout=10)
    visitor.client.close()


def test_an_application_that_is_killed_comes_back_with_its_address_its_token_and_who_was_let_in(
    pages: DashboardsProcess,
) -> None:
    visitor = Visitor(pages)
    before = pages.part("clients")
    assert before.pid
    os.kill(before.pid, signal.SIGKILL)

    def is_back() -> bool:
        part = pages.part("clients")
        return part.state is PartState.RUNNING and part.pid not in {None, before.pid}

    eventually(is_back)
    assert pages.part("clients").url == before.url
    assert visitor.page()
    newcomer = Visitor(pages)
    assert newcomer.page()
    for each in (visitor, newcomer):
        each.client.close()
    assert "The clients' page is back" in pages.errors.read_text()
    eventually(lambda: len(kernels(pages)) == READY, 6 * SHORT)  # nor did its kernels outlive it


def test_only_so_many_pages_are_open_at_once_and_one_more_is_told_so(pages: DashboardsProcess) -> None:
    file = pages.lab / "run" / "operator" / FILE
    before = file.read_text()
    file.write_text(json.dumps({**json.loads(before), "most": 2}))
    pid = pages.part("operator").pid
    assert pid
    try:
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: pages.part("operator").pid not in {None, pid})
        eventually(lambda: pages.part("operator").state is PartState.RUNNING)
        visitor = Visitor(pages, "operator")
        visitor.page()
        eventually(lambda: visitor.client.get("/").status_code == 503)
        assert "Try again in a moment" in visitor.client.get("/").text
        visitor.client.close()
    finally:
        file.write_text(before)


def test_beside_a_running_lab_they_use_its_services_and_leave_it_as_it_is(living: LabProcess, tmp_path: Path) -> None:
    process = DashboardsProcess(living.lab, write(tmp_path / "notebooks"))
    try:
        assert {part["name"] for part in process.document["parts"]} == {"operator", "clients"}
        status = Lab(living.lab).status()
        assert status.running is not None
        assert status.dashboards is not None
        shown = run("status", lab=living.lab).stdout
        assert "The lab runs since" in shown
        assert "The dashboards run since" in shown
        again: Any = json.loads(run("--json", "lab", "--no-browser", lab=living.lab).stdout)
        assert again["pid"] == living.process.pid
        assert process.end() == 0
    finally:
        process.close()
    assert Lab(living.lab).status().dashboards is None
    assert living.ask("/api/status").status == 200
    assert httpx.get(living.part("web").url + "/healthz", trust_env=False).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_of_it_with_its_kernels(
    tmp_path_factory: pytest.TempPathFactory, number: signal.Signals
) -> None:
    base = tmp_path_factory.mktemp("ends")
    process = DashboardsProcess(base / "lab", write(base / "notebooks"))
    try:
        visitor = Visitor(process)
        visitor.page()
        visitor.client.close()
        began = time.monotonic()
        assert process.end(number) == 0
        assert watch.marked(process.mark) == ()
        assert time.monotonic() - began < 15
        assert not process.sockets.exists()
        assert not (process.lab / "run" / "dashboards.json").exists()
    finally:
        process.close()
