"""schemathesis makes requests of the OpenAPI document: none fails the service, all answers are as described."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.contract.conftest import Serving
from tests.scene import signing_request

PROGRAM = Path(sys.executable).with_name("schemathesis")
SETTINGS = """
[parameters]
"path.instance" = "MyCA"

[checks]
# What a schema cannot say: a CSR has to hold, and what is asked for has to exist.
positive_data_acceptance.expected-statuses = ["2xx", 400, 404, 422]
"""


def judged(folder: Path, document: dict[str, object], url: str, *more: str) -> str:
    """Let schemathesis judge a service; it has to find nothing."""
    asked = document["paths"]["/{instance}/ocsp"]["post"]["requestBody"]["content"]  # type: ignore[index]
    # It knows how to send octets, not that these are octets too.
    asked["application/octet-stream"] = asked.pop("application/ocsp-request")
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    # One worker: in CPython 3.11 two threads that parse source at once may fail with a SystemError of its own.
    command = [str(PROGRAM), "run", "openapi.json", "--url", url, "--no-color", "--workers", "1", *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    return done.stdout


def test_whatever_is_asked_of_any_instance_is_answered_as_described(serving: Serving, tmp_path: Path) -> None:
    document = httpx.get(f"{serving.url}/api/openapi.json").json()
    said = judged(tmp_path, document, serving.url, "--max-examples", "15", "--phases", "examples,coverage,fuzzing")
    operations = sum(len(methods) for methods in document["paths"].values())
    assert f"{operations} selected / {operations} total" in said


@pytest.mark.slow
def test_200_examples_of_each_operation_find_no_fault(serving: Serving, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(SETTINGS, encoding="utf-8")
    document = httpx.get(f"{serving.url}/api/openapi.json").json()
    post = document["paths"]["/{instance}/api/requests"]["post"]
    # Nobody draws a CSR with a valid signature by chance, and beside JSON a query is refused: the test before has it.
    members = post["requestBody"]["content"]["application/json"]["schema"]["properties"]
    members["csr"]["enum"] = [signing_request(f"drawn-{count}").pem for count in range(3)]
    post["parameters"] = [parameter for parameter in post["parameters"] if parameter["in"] == "path"]
    said = judged(tmp_path, document, serving.url, "--max-examples", "200")
    assert "✅ Stateful" in said
    assert serving.lab.instance("MyCA").server.pending(), "no request got as far as the queue"
