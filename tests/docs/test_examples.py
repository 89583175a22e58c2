"""The examples of README and docs run as they are written."""

import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pkilab import DN, Contact, Lab, Usage, Verification

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a page in a language, in their order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def run(command: list[str], **more: str) -> str:
    """What a command prints; it has to succeed."""
    done = subprocess.run(
        command,
        env={**os.environ, **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_first_example_of_the_readme_makes_a_certificate(tmp_path: Path, tool: Callable[[str], str]) -> None:
    home = tmp_path / "lab"
    run([sys.executable, "-W", "error", "-c", blocks("README.md", "python")[0]], PKILAB_HOME=str(home))
    mgr = home / "instances" / "Santiago" / "mgr"
    judge = [tool("openssl"), "verify", "-x509_strict", "-auth_level", "2", "-CAfile", str(mgr / "MyCA.cer")]
    assert run([*judge, str(mgr / "SantiagoDev.cer")]).strip().endswith("OK")


def test_the_example_of_the_errors_page_says_what_is_missing() -> None:
    told = run([sys.executable, "-c", blocks("docs/errors.md", "python")[0]])
    assert told.startswith("NotConfigured · MyCA is not configured as a CA server")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Lab, str]]:
    """A lab with a CA that has issued one certificate, and its SOAP service's address."""
    lab = Lab(tmp_path / "lab")
    ca = lab.instance("MyCA").server
    ca.configure(
        root="MyCA",
        directory="ca",
        password=PASSWORD,
        subject=DN(common_name="Training CA"),
        key_algorithm="ec-p256",
        ca_days=30,
        issued_days=10,
    )
    with lab.serve() as service:
        client = lab.instance("Santiago", node="santiago.lab.test").client
        client.configure(host="localhost", port=service.port, contact=Contact("Ana"))
        sent = client.submit(root="Dev", subject=DN(common_name="santiago.lab.test"), key_algorithm="ec-p256")
        sound = Verification(identity=True, authority=True, purpose=True, fingerprint=sent.fingerprint.sha256)
        ca.issue(1, usage=Usage.TLS, verified=sound, password=PASSWORD)
        yield lab, f"{service.url}/isc/pki/PKI.CAServer.cls"


def test_the_shell_client_of_the_wire_page_fetches_certificates(
    served: tuple[Lab, str], tmp_path: Path, tool: Callable[[str], str]
) -> None:
    lab, url = served
    for name in ("curl", "sed", "grep"):
        tool(name)
    script = blocks("docs/wire.md", "sh")[0]
    here = script.replace("http://localhost:52773/isc/pki/PKI.CAServer.cls", url)
    assert here != script
    done = subprocess.run(
        [tool("sh"), "-eu", "-c", here], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    ca = lab.instance("MyCA").server
    assert (tmp_path / "ca.cer").read_text() == ca.certificate(0).pem
    assert (tmp_path / "SantiagoDev.cer").read_text() == ca.certificate(1).pem


def test_the_commands_of_the_readme_tell_the_whole_story(tmp_path: Path) -> None:
    begin, pages, setup, *story = blocks("README.md", "sh")
    assert begin.startswith("make lab ")
    assert pages.startswith(".venv/bin/pkilab dashboards ")  # tests/browser tells that story
    assert "pkilab --help" in setup
    lines = [line for block in story for line in block.splitlines() if not line.startswith("export PKILAB_HOME=")]
    home = {"PKILAB_HOME": str(tmp_path / "lab"), "PKILAB_PASSWORD": PASSWORD}
    program = str(Path(sys.executable).with_name("pkilab"))
    serving: subprocess.Popen[str] | None = None
    port, fingerprint = "", ""
    try:
        for line in lines:
            command = [program, *shlex.split(line)[1:]]
            if line == "pkilab serve":
                # A port that is free, and what an operator would answer, is all that is added.
                serving = subprocess.Popen(
                    [*command, "--port", "0"], env=os.environ | home, stdout=subprocess.PIPE, text=True
                )
                port = listening(serving)
                continue
            if "client configure" in line:
                command += ["--port", port]
            if "server issue" in line:
                command += ["--identity-verified", "--authority-verified", "--purpose-verified"]
                command += ["--fingerprint", fingerprint]
            told = run(command, **home)
            if "client submit" in line:
                fingerprint = re.findall(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", told)[0]
    finally:
        if serving is not None:
            serving.terminate()
            serving.wait(30)
            assert serving.stdout
            serving.stdout.close()
    assert (tmp_path / "lab" / "instances" / "Santiago" / "mgr" / "SantiagoDev.cer").exists()


def test_the_shell_that_serves_is_not_typed_into() -> None:
    """`pkilab serve` has its shell until Ctrl-C; what the operator does next needs another, with the lab named anew."""
    story = blocks("README.md", "sh")[3:]
    serving = next(block for block in story if "pkilab serve" in block)
    assert serving.endswith("pkilab serve\n")
    operating = next(block for block in story if "server pending" in block)
    assert operating.startswith("export PKILAB_HOME=")
    assert "three shells" in (ROOT / "README.md").read_text()
    assert "third shell" in (ROOT / "docs" / "commands.md").read_text()


def test_the_readme_does_not_call_unbuilt_what_is_there() -> None:
    assert "Not built yet" not in (ROOT / "README.md").read_text()


def listening(process: "subprocess.Popen[str]") -> str:
    """The port that `pkilab serve` says it listens on."""
    assert process.stdout
    late = threading.Timer(60, process.kill)
    late.start()
    try:
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                return found[1]
    finally:
        late.cancel()
    pytest.fail("pkilab serve did not say where it listens")
