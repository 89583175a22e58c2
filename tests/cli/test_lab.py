"""`pkilab lab` and `pkilab status` where nothing is started: what is refused, and what is said."""

import socket
from pathlib import Path

import pytest

from pkilab.running import jupyter
from tests.cli.shell import Shell


def test_a_busy_port_is_named_with_what_to_do(shell: Shell, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        for option in ("--port", "--jupyter-port"):
            other = "--port" if option == "--jupyter-port" else "--jupyter-port"
            done = shell("lab", str(tmp_path / "notebooks"), option, port, other, "0")
            assert done.code == 1
            assert f"Port {port} on 127.0.0.1 is taken" in done.err
            assert f"choose another with {option}." in done.err
            assert not (tmp_path / "notebooks").exists()
    assert not (shell.lab / "run" / "lab.json").exists()


@pytest.mark.parametrize("folder", [".", "lab", "lab/notebooks", ".."])
def test_it_does_not_start_where_jupyterlab_would_serve_the_lab(shell: Shell, tmp_path: Path, folder: str) -> None:
    done = shell("lab", str(tmp_path / folder), "--json")
    assert done.code == 1
    assert done.json["error"]["code"] == "WouldBeServed"
    assert "JupyterLab would serve the lab's own files" in done.err
    assert not shell.lab.exists()


def test_it_does_not_start_where_a_link_leads_to_the_lab(ca: Shell, tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "keys").symlink_to(ca.lab / "instances")
    done = ca("lab", str(tmp_path / "notebooks"))
    assert done.code == 1
    assert "keys" in done.err


def test_without_jupyterlab_it_says_what_to_install(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jupyter, "find_spec", lambda _name: None)
    done = shell("lab")
    assert done.code == 1
    assert "pip install jupyterlab" in done.err


def test_a_port_that_is_none_is_refused(shell: Shell) -> None:
    done = shell("lab", "--port", "70000")
    assert done.code == 1
    assert done.err.startswith("Port: ")


def test_status_of_a_lab_that_is_not_there_says_so_and_makes_none(shell: Shell) -> None:
    done = shell("status")
    assert done.code == 0
    assert done.out.splitlines() == [
        f"Lab: {shell.lab}",
        "Nothing runs here; `pkilab lab` starts web service, mail and JupyterLab.",
        "No CA server is configured.",
        "No mail waits.",
    ]
    nothing: dict[str, object] = {"running": None, "dashboards": None, "queues": [], "keys": [], "outbox": []}
    assert shell.ok("status") == {"lab": str(shell.lab)} | nothing
    assert not shell.lab.exists()


def test_status_tells_what_waits_also_when_nothing_runs(served: Shell) -> None:
    submit = ("--instance", "Santiago", "client", "submit", "--root", "Dev", "--cn", "x", "--no-password")
    served.ok(*submit, "--key-algorithm", "ec-p256")
    told = served.ok("status")
    assert told["running"] is None
    (queue,) = told["queues"]
    assert (queue["instance"], queue["main"], queue["pending"], queue["certificates"]) == ("MyCA", True, 1, 0)
    assert Path(queue["directory"]).is_dir()
    said = served("status").out
    assert "CA server MyCA (main): 1 request waits, 0 certificates issued." in said
    for mail in told["outbox"]:
        assert f"{mail['message']['subject']} (to {mail['message']['recipient']})" in said


def test_what_a_dead_lab_left_behind_is_not_taken_for_a_running_one(shell: Shell) -> None:
    (shell.lab / "run").mkdir(parents=True)
    for content in ("{", "{}", '{"running": 3}'):
        (shell.lab / "run" / "lab.json").write_text(content)
        assert shell.ok("status")["running"] is None
