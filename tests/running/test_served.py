"""JupyterLab and Voilà give nothing of the lab, and nothing at all without the token."""

import json
import os
import stat
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.running.lab_process import PROGRAM, LabProcess, command_lines, environment, eventually

WAYS = (
    "/files/{}",
    "/api/contents/{}",
    "/api/contents/{}?content=1",
    "/view/{}",
    "/nbconvert/html/{}",
    "/lab/tree/{}",
    "/lab/api/workspaces/{}",
    "/static/{}",
    "/lab/extensions/{}",
    "/custom/{}",
    "/kernelspecs/python3/{}",
    "/voila/files/{}",
    "/voila/render/{}",
    "/voila/tree/{}",
    "/voila/static/{}",
    "/voila/templates/{}",
    "/voila/api/contents/{}",
    "/voila/labextensions/{}",
)


def ways_to_write(target: Path, notebooks: Path) -> list[str]:
    """Relative, absolute, encoded, twice encoded, through a folder that exists."""
    up = os.path.relpath(target, notebooks)
    return [
        up,
        "../" * 12 + str(target)[1:],
        str(target),
        str(target)[1:],
        up.replace("../", "..%2f"),
        quote(up, safe="").replace(".", "%2e"),
        quote(quote(up, safe="")),
        up.replace("../", "..\\"),
        f"scripts/../{up}",
        f"%00/{up}",
        f"~{up}",
    ]


@pytest.mark.parametrize("way", WAYS)
def test_no_address_gives_a_file_of_the_lab_or_lists_its_folders(living: LabProcess, way: str) -> None:
    notebooks = Path(living.document["notebooks"])
    secrets = {
        next(living.lab.rglob("MyCA.key")): b"PRIVATE KEY",
        living.lab / "registry.sqlite3": b"SQLite format",
        living.lab / "run" / "lab.json": living.mark.encode(),
        living.lab / "run" / "jupyter" / "config" / "jupyter_server_config.json": b"IdentityProvider",
        living.lab: b"instances",
    }
    for target, content in secrets.items():
        assert target.is_dir() or content in target.read_bytes()
        for place in ways_to_write(target, notebooks):
            address = way.format(place)
            assert content not in living.ask(address).body.replace(target.name.encode(), b""), address


def test_what_may_be_had_is_had(living: LabProcess) -> None:
    assert living.ask("/files/00-start-here.ipynb").status == 200
    names = [entry["name"] for entry in living.ask("/api/contents").json["content"]]
    assert sorted(names) == ["00-start-here.ipynb", "dashboards", "docs", "scripts", "walkthrough"]


@pytest.mark.parametrize("name", [".secret.txt", ".hidden/secret.txt", "scripts/.secret"])
def test_hidden_files_are_not_had(living: LabProcess, name: str) -> None:
    path = Path(living.document["notebooks"], name)
    path.parent.mkdir(exist_ok=True)
    path.write_text("not for you")
    for way in WAYS:
        assert b"not for you" not in living.ask(way.format(name)).body, way


def test_voila_renders_a_notebook_but_hands_out_no_source(living: LabProcess) -> None:
    page = living.ask("/voila/render/scripts/api-tour.ipynb", token=False)
    assert page.status in {302, 403}
    for name in ("00-start-here.ipynb", "docs/lab.md", "scripts/api-tour.ipynb"):
        assert living.ask(f"/voila/files/{name}").status == 403


@pytest.mark.parametrize(
    "path",
    [
        *(way.format("00-start-here.ipynb") for way in WAYS),
        "/lab",
        "/tree",
        "/api/status",
        "/api/kernels",
        "/api/sessions",
        "/api/terminals",
        "/api/config/x",
        "/voila",
        "/lab/api/settings",
        "/metrics",
    ],
)
def test_without_the_token_nothing_is_had(living: LabProcess, path: str) -> None:
    answer = living.ask(path, token=False)
    assert answer.status >= 300, path
    assert answer.status != 302 or answer.location.startswith("/login")
    assert b"cells" not in answer.body


def test_a_wrong_token_opens_nothing(living: LabProcess) -> None:
    for path in (f"/lab?token={'x' * 43}", "/lab?token="):
        assert living.ask(path, token=False).status == 302


def test_token_and_password_are_in_no_log_argument_or_readable_file(living: LabProcess) -> None:
    living.ask(f"/lab?token={living.token}", token=False)
    assert living.token not in command_lines()
    for path in [*living.lab.rglob("*"), *living.sockets.rglob("*")]:
        if path.is_file() and living.token.encode() in path.read_bytes():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600 or path.parent == living.sockets, path
            assert path.suffix != ".log"
    assert stat.S_IMODE(living.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE((living.lab / "run").stat().st_mode) == 0o700
    assert living.token not in living.errors.read_text()


def test_nothing_is_fetched_from_elsewhere(living: LabProcess) -> None:
    """Neither news nor updates are looked up, and the pages of both load from here alone."""
    assert living.ask("/lab/api/news").json == {"news": []}
    assert living.ask("/lab/api/update").json == {"notification": None}
    page = living.ask("/lab").body.decode()
    disabled = page.partition('"disabledExtensions": [')[2].partition("]")[0]
    assert "@jupyterlab/apputils-extension:announcements" in disabled
    shown = living.ask("/voila/render/00-start-here.ipynb").body.decode()
    assert "first.lab.test" in shown
    for host in ("cdn.jsdelivr.net", "cdnjs.cloudflare.com", "unpkg.com", "fonts.googleapis.com"):
        assert host not in page.replace("\\/", "/"), host
        assert host not in shown, host


def test_kernels_are_of_this_lab_and_speak_over_sockets_of_short_paths(living: LabProcess) -> None:
    started = living.ask("/api/kernels", method="POST", body=json.dumps({"name": "python3"})).json
    connection = living.sockets / f"kernel-{started['id']}.json"
    try:
        eventually(connection.exists)
        told = json.loads(connection.read_text())
        assert told["transport"] == "ipc"
        assert len(f"{told['ip']}-{told['shell_port']}") < 104
        environ = next(
            entry.read_bytes()
            for entry in Path("/proc").glob("[0-9]*/environ")
            if str(connection).encode() in (entry.parent / "cmdline").read_bytes()
        )
        assert f"PKILAB_HOME={living.lab}".encode() in environ.split(b"\0")
        assert living.token.encode() not in environ
    finally:
        assert living.ask(f"/api/kernels/{started['id']}", method="DELETE").status == 204


def test_a_second_start_says_where_the_first_runs(living: LabProcess) -> None:
    command = [str(PROGRAM), "--lab", str(living.lab), "lab", "--no-browser"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    for words in (living.document["browser_url"], "runs already", living.part("web").url, str(living.process.pid)):
        assert words in done.stdout
    assert living.process.poll() is None


def test_pkilab_s_own_notebooks_are_trusted_and_no_others(living: LabProcess) -> None:
    folder = Path(living.document["notebooks"])
    own = json.loads((folder / "00-start-here.ipynb").read_text())
    own["cells"][0]["source"] = ["changed"]
    (folder / "changed.ipynb").write_text(json.dumps(own))

    def trusted(name: str) -> list[bool]:
        cells = living.ask(f"/api/contents/{name}").json["content"]["cells"]
        return [cell["metadata"]["trusted"] for cell in cells if cell["cell_type"] == "code"]

    try:
        assert all(trusted("scripts/api-tour.ipynb"))
        assert not any(trusted("changed.ipynb"))
    finally:
        (folder / "changed.ipynb").unlink()
