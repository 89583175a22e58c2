"""What the clients' token does not open, and what nothing opens: as curl and a WebSocket client try it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from jupyter_server.services.kernels.connection import base
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from pkilab.running.dashboard import letters
from tests.running.dashboard_notebooks import kernels, write
from tests.running.lab_process import DashboardsProcess, command_lines, eventually
from tests.scene import Scene

read_letter: Any = base.deserialize_msg_from_ws_v1  # Jupyter ships no types for these
write_letter: Any = base.serialize_msg_to_ws_v1

BROKEN = "raise RuntimeError('the secret of the house')"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DashboardsProcess]:
    """Dashboards of a lab that has a CA."""
    base_folder = tmp_path_factory.mktemp("doors")
    scene = Scene(base_folder / "lab")
    scene.configure()
    process = DashboardsProcess(base_folder / "lab", write(base_folder / "notebooks"))
    yield process
    process.close()


class Visitor:
    """Somebody with a browser's cookies, who shows the token of one application when they come."""

    def __init__(self, pages: DashboardsProcess, name: str = "clients") -> None:
        self.client = httpx.Client(base_url=pages.url(name), trust_env=False, timeout=30)
        answer = self.client.get("/", params={"token": pages.token(name)})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")

    def page(self) -> str:
        """Open the page, and return its kernel."""
        answer = self.client.get("/")
        assert answer.status_code == 200
        assert answer.text.rstrip().endswith("</html>")
        found = re.search(r'"kernelId": "([^"]+)"', answer.text)
        assert found
        return found[1]

    def line(self, kernel: str, *, protocol: str | None = letters.PROTOCOL, **headers: str) -> ClientConnection:
        """Open the line to a kernel."""
        address = str(self.client.base_url).replace("http", "ws", 1) + f"api/kernels/{kernel}/channels?session_id=x"
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        protocols = [Subprotocol(protocol)] if protocol else None
        return connect(address, additional_headers={"Cookie": cookies, **headers}, subprotocols=protocols, proxy=None)


@pytest.fixture
def come(pages: DashboardsProcess) -> Iterator[Callable[..., Visitor]]:
    """Let one more visitor come, to the clients' page or the operator's."""
    with contextlib.ExitStack() as leaving:

        def one_more(name: str = "clients") -> Visitor:
            visitor = Visitor(pages, name)
            leaving.callback(visitor.client.close)
            return visitor

        yield one_more


@pytest.fixture
def visitor(come: Callable[..., Visitor]) -> Visitor:
    return come()


def letter(kind: str, content: dict[str, Any], *, channel: str = "shell", name: str = "", version: str = "") -> bytes:
    header = {"msg_id": name or uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "x", "version": "5.3"}
    return bytes(
        write_letter([json.dumps(part).encode() for part in (header, {}, {"version": version}, content)], channel)
    )


def answers(line: ClientConnection) -> list[tuple[str, str, dict[str, Any]]]:
    """Ask for the widgets, and return all that came until that was done: kind, to what, content."""
    last = uuid.uuid4().hex  # a letter that came before, to the octet, is refused by the kernel
    line.send(letter("comm_info_request", {}, name=last))
    found = []
    while True:
        _, parts = read_letter(line.recv(timeout=20))
        header, parent, content = (json.loads(bytes(parts[number])) for number in (0, 1, 3))
        found.append((header["msg_type"], parent.get("msg_id", ""), content))
        # What the kernel broadcasts comes in order; the reply itself may overtake it.
        if parent.get("msg_id") == last and content.get("execution_state") == "idle":
            return found


# ---------------------------------------------------------------- code


@pytest.mark.parametrize("channel", ["shell", "control"])
def test_a_page_s_kernel_runs_no_code_of_a_visitor(visitor: Visitor, tmp_path: Path, channel: str) -> None:
    proof = tmp_path / "proof"
    code = f"open({str(proof)!r}, 'w').close()"
    attempts: dict[str, dict[str, Any]] = {
        "execute_request": {"code": code, "silent": False, "user_expressions": {"x": code}, "allow_stdin": True},
        "inspect_request": {"code": f"[{code}]", "cursor_pos": 3, "detail_level": 1},
        "complete_request": {"code": "open", "cursor_pos": 4},
        "history_request": {"hist_access_type": "tail", "n": 10, "output": True, "raw": True},
        "input_reply": {"value": code},
        "debug_request": {"type": "request", "command": "evaluate", "arguments": {"expression": code}},
        "create_subshell_request": {},
        "shutdown_request": {"restart": False},
        "interrupt_request": {},
        "comm_open": {"comm_id": "c", "target_name": "jupyter.widget", "data": {"state": {}}},
        "connect_request": {},
    }
    with visitor.line(visitor.page()) as line:
        for kind, content in attempts.items():
            line.send(letter(kind, content, channel=channel, name=f"try-{kind}"))
        line.send("{}")
        line.send((2**63).to_bytes(8, "little") * 9)
        found = answers(line)
        assert [parent for _, parent, _ in found if parent.startswith("try-")] == []
    assert not proof.exists()


def test_a_visitor_presses_a_button_and_sees_what_widgets_say_but_no_printed_line(visitor: Visitor) -> None:
    """The line does work; what the kernel prints is not shown."""
    with visitor.line(visitor.page()) as line:
        control = {"comm_id": "control", "target_name": "jupyter.widget.control", "data": {}}
        line.send(letter("comm_open", control, version="1.0.0"))
        line.send(letter("comm_msg", {"comm_id": "control", "data": {"method": "request_states"}}))
        (states,) = [content for kind, _, content in answers(line) if kind == "comm_msg"]
        widgets = states["data"]["states"]
        (button,) = [name for name, widget in widgets.items() if widget["state"].get("description") == "Greet clients"]
        line.send(letter("comm_msg", {"comm_id": button, "data": {"method": "custom", "content": {"event": "click"}}}))
        found = answers(line)
        said = [content["data"]["state"] for kind, _, content in found if kind == "comm_msg"]
        assert {"value": "Hello, "} in said
        assert {kind for kind, _, _ in found} <= letters.FROM_KERNELS


def test_what_is_too_long_ends_the_line(visitor: Visitor) -> None:
    def send_and_hear(line: ClientConnection) -> None:
        line.send(letter("comm_msg", {"data": "x" * (letters.LARGEST + 1)}))
        answers(line)

    with visitor.line(visitor.page()) as line, pytest.raises(ConnectionClosed):
        send_and_hear(line)


@pytest.mark.parametrize("protocol", [None, "v2.kernel.websocket.jupyter.org"])
def test_the_older_form_of_letters_is_not_spoken(visitor: Visitor, protocol: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        visitor.line(visitor.page(), protocol=protocol)
    assert refused.value.response.status_code == 400


def test_another_site_s_page_opens_no_line_and_ends_no_kernel(visitor: Visitor) -> None:
    kernel = visitor.page()
    with pytest.raises(InvalidStatus):
        visitor.line(kernel, Origin="http://elsewhere.lab.test")
    foreign = {"Origin": "http://elsewhere.lab.test"}
    assert visitor.client.post(f"/voila/api/shutdown/{kernel}", headers=foreign).status_code == 403
    assert visitor.client.get(f"/api/kernels/{kernel}").status_code == 200


# ---------------------------------------------------------------- what belongs to others


def test_another_visitor_s_kernel_is_not_had_though_its_name_is_known(
    visitor: Visitor, come: Callable[..., Visitor]
) -> None:
    kernel = visitor.page()
    other = come()
    assert other.client.get(f"/api/kernels/{kernel}").status_code == 404
    assert other.client.post(f"/voila/api/shutdown/{kernel}").status_code == 404
    with pytest.raises(InvalidStatus) as refused:
        other.line(kernel)
    assert refused.value.response.status_code == 404
    assert visitor.client.get(f"/api/kernels/{kernel}").json()["id"] == kernel


def test_the_clients_token_and_cookie_open_nothing_of_the_operator_s(
    visitor: Visitor, come: Callable[..., Visitor], pages: DashboardsProcess
) -> None:
    kernel = come("operator").page()
    token = pages.token("clients")
    url = pages.url("operator")
    name = f"pkilab-operator-{pages.port('operator')}"
    forged = dict.fromkeys((*visitor.client.cookies, name), next(iter(visitor.client.cookies.values())))
    ways: list[dict[str, Any]] = [
        {"params": {"token": token}},
        {"headers": {"Authorization": f"token {token}"}},
        {"headers": {"Authorization": f"Bearer {token}"}},
        {"cookies": dict(visitor.client.cookies)},
        {"cookies": forged},
    ]
    for way in ways:
        with httpx.Client(base_url=url, trust_env=False, **way) as client:
            for path in ("/", f"/api/kernels/{kernel}", f"/api/kernels/{kernel}/channels"):
                answer = client.get(path)
                assert answer.status_code in {302, 400, 401, 403, 404}, (path, way)
                assert answer.headers.get("Location", "/login").startswith("/login")
                assert "kernelId" not in answer.text
            assert client.post(f"/voila/api/shutdown/{kernel}").status_code in {403, 404}
    with pytest.raises(InvalidStatus):
        visitor.line(kernel)


FILES = (
    "/voila/files/{}",
    "/files/{}",
    "/voila/render/{}",
    "/voila/tree/{}",
    "/voila/static/{}",
    "/voila/templates/{}",
    "/voila/templates/pkilab/static/{}",
    "/voila/labextensions/{}",
    "/voila/api/contents/{}",
    "/voila/api/themes/{}",
    "/api/contents/{}",
    "/{}",
)


@pytest.mark.parametrize("way", FILES)
def test_no_address_gives_a_notebook_s_source_or_a_file_of_the_lab(
    visitor: Visitor, pages: DashboardsProcess, way: str
) -> None:
    notebook = pages.lab / "run" / "clients" / "page" / "clients.ipynb"
    secrets = {
        notebook: b"on_click",
        notebook.with_name("operator.ipynb"): b"on_click",
        next(pages.lab.rglob("MyCA.key")): b"PRIVATE KEY",
        pages.lab / "registry.sqlite3": b"SQLite format",
        pages.lab / "run" / "clients" / "application.json": b"secret",
        pages.lab / "run" / "dashboards.json": pages.mark.encode(),
    }
    for target, content in secrets.items():
        up = os.path.relpath(target, notebook.parent)
        for place in (
            *(target.name, up, str(target)[1:], str(target), "../" * 12 + str(target)[1:]),
            *(up.replace("../", "..%2f"), quote(up, safe="").replace(".", "%2e"), quote(quote(up, safe=""))),
        ):
            answer = visitor.client.get(httpx.URL(str(visitor.client.base_url).rstrip("/") + way.format(place)))
            assert content not in answer.content.replace(target.name.encode(), b""), way.format(place)


@pytest.mark.parametrize(
    "path",
    [
        *("/api/kernels", "/api/kernels/", "/api/sessions", "/api/kernelspecs", "/api/status", "/api/me", "/metrics"),
        *("/api/contents", "/api/terminals", "/voila/tree", "/voila/query/", "/voila/execution/", "/logout", "/lab"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_there_is_no_list_of_kernels_and_no_other_door(visitor: Visitor, path: str, method: str) -> None:
    assert visitor.client.request(method, path, json={"name": "python3"}).status_code == 404


def test_who_asked_for_what_is_told_to_nobody(visitor: Visitor) -> None:
    """Voilà tells the address of a page to whoever knows its kernel, logged in or not."""
    kernel = visitor.page()
    for path in (f"/voila/query/{kernel}", f"/voila/execution/{kernel}"):
        assert visitor.client.get(path).status_code == 404
        with pytest.raises(InvalidStatus):
            connect(str(visitor.client.base_url).replace("http", "ws", 1) + path[1:], proxy=None)


def test_a_kernel_is_only_looked_at_and_ended(visitor: Visitor) -> None:
    kernel = visitor.page()
    told = visitor.client.get(f"/api/kernels/{kernel}").json()
    assert set(told) == {"id", "name", "execution_state", "connections"}
    assert visitor.client.post(f"/api/kernels/{kernel}/restart").status_code == 404
    assert visitor.client.post(f"/api/kernels/{kernel}/interrupt").status_code == 404
    assert visitor.client.delete(f"/api/kernels/{kernel}").status_code == 405
    here = {"Origin": str(visitor.client.base_url).rstrip("/")}
    assert visitor.client.post(f"/voila/api/shutdown/{kernel}", headers=here).status_code == 204
    assert visitor.client.get(f"/api/kernels/{kernel}").status_code == 404


# ---------------------------------------------------------------- without a token


@pytest.mark.parametrize(
    "path",
    ["/", "/?theme=dark", "/?token=", "/?token=wrong", f"/api/kernels/{uuid.UUID(int=1)}", "/api/kernels", "/x.ipynb"],
)
def test_without_the_token_nothing_is_had(pages: DashboardsProcess, path: str) -> None:
    answer = httpx.get(pages.url("clients").rstrip("/") + path, trust_env=False)
    assert answer.status_code in {302, 401, 403, 404}
    assert answer.headers.get("Location", "/login").startswith("/login")
    for word in ("kernelId", "rendered_cells", "ipynb", str(pages.lab)):
        assert word not in answer.text


def test_without_the_token_no_line_is_opened(visitor: Visitor) -> None:
    kernel = visitor.page()
    visitor.client.cookies.clear()
    with pytest.raises(InvalidStatus) as refused:
        visitor.line(kernel)
    assert refused.value.response.status_code in {403, 404}


def test_the_open_doors_hold_nothing_of_the_lab(pages: DashboardsProcess) -> None:
    for path in ("/login", "/healthz", "/voila/templates/pkilab/static/page.js", "/voila/static/voila.js"):
        answer = httpx.get(pages.url("clients").rstrip("/") + path, trust_env=False)
        assert answer.status_code == 200
        assert str(pages.lab) not in answer.text
        assert not answer.headers.get("Set-Cookie", "")
        if "/voila/" not in path:
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_neither_page_nor_error_holds_a_token_or_a_path(visitor: Visitor, pages: DashboardsProcess) -> None:
    found = [visitor.client.get("/").text, visitor.client.get("/nothing").text, visitor.client.get("/login").text]
    for text in found:
        for word in (pages.token("clients"), pages.token("operator"), str(pages.lab), "Traceback", "on_click"):
            assert word not in text


def test_tokens_are_in_no_log_argument_environment_or_readable_file(
    pages: DashboardsProcess, come: Callable[..., Visitor]
) -> None:
    tokens = [pages.token("clients"), pages.token("operator")]
    for token in tokens:
        httpx.get(pages.url("clients"), params={"token": token}, trust_env=False)
        httpx.get(pages.url("clients") + "nothing", params={"token": token}, trust_env=False)
    come().page()
    come().page()  # the pool was filled again since the first
    shown = command_lines()
    for token in tokens:
        assert token not in shown
        for path in [*pages.lab.rglob("*"), *pages.sockets.rglob("*")]:
            if path.is_file() and token.encode() in path.read_bytes():
                assert path.stat().st_mode & 0o777 == 0o600, path
                assert path.name in {"application.json", "dashboards.json"}
        for pid in kernels(pages):
            assert token.encode() not in Path(f"/proc/{pid}/environ").read_bytes()
        assert token not in pages.errors.read_text()


def test_kernels_are_of_this_lab_and_work_in_a_folder_with_nothing_else(pages: DashboardsProcess) -> None:
    for pid in kernels(pages):
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        assert f"PKILAB_HOME={pages.lab}".encode() in variables
        folder = Path(f"/proc/{pid}/cwd").readlink()
        assert [path.suffix for path in folder.iterdir()] == [".ipynb"]


def test_a_page_that_cannot_be_made_says_so_and_shows_no_traceback(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("broken")
    process = DashboardsProcess(folder / "lab", write(folder / "notebooks", clients=BROKEN))
    try:
        visitor = Visitor(process)
        with contextlib.closing(visitor.client) as client:
            shown = client.get("/").text
        assert "This page could not be made" in shown
        for word in ("secret of the house", "RuntimeError", "Traceback", "raise"):
            assert word not in shown
        eventually(lambda: "the secret of the house" in (process.lab / "run" / "clients.log").read_text())
    finally:
        process.close()
