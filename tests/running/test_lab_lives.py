"""The lab as a whole: it starts, survives, and ends without a trace."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pkilab.lab import Lab
from pkilab.model.contact import Contact
from pkilab.model.dn import DN
from pkilab.model.running import PartState
from pkilab.running import watch
from tests.running.lab_process import PROGRAM, LabProcess, environment, eventually
from tests.scene import Scene

Start = Callable[..., LabProcess]


@pytest.fixture
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a lab of its own; it is gone after the test, whatever happened."""
    made: list[LabProcess] = []
    base = tmp_path_factory.mktemp("lives")  # outside of the folder in which passwords are looked for

    def begin(*more: str, **variables: str) -> LabProcess:
        made.append(LabProcess(base / "lab", base / "notebooks", *more, **variables))
        return made[-1]

    yield begin
    for each in made:
        each.close()


def kernel_and_terminal(lab: LabProcess) -> None:
    """Start a kernel and a terminal, which have sessions of their own."""
    assert lab.ask("/api/kernels", method="POST", body=json.dumps({"name": "python3"})).status == 201
    assert lab.ask("/api/terminals", method="POST", body="{}").status == 200
    eventually(lambda: len(watch.marked(lab.mark)) >= 5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_it_with_kernels_and_terminals(start: Start, number: int) -> None:
    lab = start()
    kernel_and_terminal(lab)
    began = time.monotonic()
    assert lab.end(number) == 0
    assert watch.marked(lab.mark) == ()
    assert time.monotonic() - began < 15
    assert not lab.sockets.exists()
    assert not (lab.lab / "run" / "lab.json").exists()


def test_killed_it_takes_all_with_it_and_starts_again_with_nothing_lost(start: Start) -> None:
    first = start()
    kernel_and_terminal(first)
    Scene(first.lab).configure()
    notebook = Path(first.document["notebooks"], "00-start-here.ipynb")
    notebook.write_text("mine")
    first.process.kill()
    first.process.wait()
    second = start()  # at once, while the watchdog may still be at work
    assert watch.marked(first.mark) == ()
    assert not first.sockets.exists()
    assert second.token != first.token
    assert [queue.instance for queue in Lab(second.lab).status().queues] == ["MyCA"]
    assert notebook.read_text() == "mine"
    assert second.end() == 0


def test_a_killed_service_is_back_within_seconds_and_lost_nothing(living: LabProcess) -> None:
    """Every submission that was acknowledged before, and every mail, is there after."""
    client = Lab(living.lab).instance("Survivor").client
    client.configure(host="localhost", port=living.port("web"), contact=Contact("Ana"))
    names = []
    for number in range(6):
        sent = client.submit(root=f"Survivor{number}", subject=DN(common_name="x"), key_algorithm="ec-p256")
        names.append(sent.name)
        if number in {1, 3}:
            before = living.part("web")
            assert before.pid
            os.kill(before.pid, signal.SIGKILL)
            began = time.monotonic()
            eventually(lambda before=before: is_back(living, before.pid))
            assert time.monotonic() - began < 10
            assert living.part("web").url == before.url
    waiting = [request.name for request in Lab(living.lab).instance("MyCA").server.pending()]
    assert [name for name in waiting if name.instance == "Survivor"] == names
    assert "The web service ended by itself (signal SIGKILL)" in living.errors.read_text()
    assert "The web service is back" in living.errors.read_text()


def is_back(lab: LabProcess, pid: int) -> bool:
    part = lab.part("web")
    return part.state is PartState.RUNNING and part.pid not in {None, pid}


def test_mail_that_a_lab_s_ca_writes_arrives_in_its_inbox(living: LabProcess) -> None:
    lab = Lab(living.lab)
    eventually(lambda: any("request" in mail.subject.lower() for mail in lab.inbox()), 30)


def test_status_tells_what_runs_and_what_waits(living: LabProcess) -> None:
    command = [str(PROGRAM), "--lab", str(living.lab), "status"]
    shown = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=True).stdout
    for name in ("web", "mail", "jupyterlab"):
        assert living.part(name).url in shown
    assert re.search(r"CA server MyCA \(main\): .* 1 certificate issued", shown)
    assert living.token not in shown
    told = json.loads(subprocess.run([*command, "--json"], env=environment(), capture_output=True, check=True).stdout)
    assert {part["name"]: part["state"] for part in told["running"]["parts"]} == dict.fromkeys(
        ("jupyterlab", "web", "mail"), "running"
    )
    assert told["queues"][0]["instance"] == "MyCA"
    assert living.token not in json.dumps(told)


def test_nothing_listens_but_on_loopback(living: LabProcess) -> None:
    pids = {str(pid) for pid in watch.marked(living.mark)}
    inodes = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                inodes |= set(re.findall(r"socket:\[(\d+)\]", str(descriptor.readlink())))
            except OSError:
                continue
    listening = [
        fields[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if (fields := line.split())[3] == "0A" and fields[9] in inodes
    ]
    assert len(listening) >= 3
    assert {address.partition(":")[0] for address in listening} == {"0100007F"}


def test_the_first_notebook_runs_through_in_the_running_lab_twice(living: LabProcess) -> None:
    import nbformat
    from nbclient import NotebookClient

    path = Path(living.document["notebooks"], "00-start-here.ipynb")
    for _ in range(2):
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat ships no types
        client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}})
        os.environ["PKILAB_HOME"] = str(living.lab)
        client.execute()
        drawn = [
            output.data["text/html"]
            for cell in notebook.cells
            for output in cell.get("outputs", [])
            if "data" in output
        ]
        assert "<svg" in drawn[0]
        assert "first.lab.test" in drawn[0]


def test_a_browser_is_sent_there_without_the_token_among_its_arguments(start: Start, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(
        f'#!/bin/sh\necho "$@" > {opened}.new; cat "${{1#file://}}" >> {opened}.new; mv {opened}.new {opened}\n'
    )
    browser.chmod(0o755)
    lab = start(BROWSER=str(browser))
    eventually(opened.exists)
    argument, *page = opened.read_text().splitlines()
    assert argument.startswith("file://")
    assert lab.token not in argument
    assert lab.document["browser_url"] in "".join(page)


def test_passwords_of_whoever_starts_it_do_not_reach_kernels(start: Start) -> None:
    lab = start(PKILAB_PASSWORD="correct horse of the shell", JUPYTER_TOKEN="not this one", JUPYTERHUB_API_TOKEN="x")
    for pid in watch.marked(lab.mark):
        assert b"correct horse" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert lab.ask("/api/status").status == 200


@pytest.mark.slow
def test_an_installed_package_lays_the_notebooks_out_where_one_stands(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = Path(__file__).resolve().parents[2]
    base = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    target = ["--no-build-isolation", "--root-user-action=ignore", "--target", str(base / "site"), str(root)]
    subprocess.run([*pip, *target], check=True, capture_output=True, timeout=120)
    (base / "here").mkdir()
    command = [sys.executable, "-m", "pkilab.cli", "--lab", str(base / "lab"), "lab", "--no-browser", "--port", "0"]
    process = subprocess.Popen(
        command,
        cwd=base / "here",
        env=environment(PYTHONPATH=str(base / "site")),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        assert str(base / "here" / "pkilab-notebooks") in said
        assert (base / "here" / "pkilab-notebooks" / "00-start-here.ipynb").is_file()
        assert (base / "here" / "pkilab-notebooks" / "docs" / "lab.md").is_file()
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert rest.splitlines()[-1] == "The lab has ended."
