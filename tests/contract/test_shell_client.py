"""A line-oriented shell script, of the kind that is in use, works against the service unchanged."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.conftest import Serving

SCRIPT = Path(__file__).with_name("shell_client.sh")
Run = Callable[..., str]


@pytest.fixture
def openssl(tool: Callable[[str], str]) -> Run:
    path = tool("openssl")

    def run(*arguments: str | Path) -> str:
        return subprocess.run([path, *arguments], check=True, capture_output=True, text=True).stdout

    return run


def client(serving: Serving, csr: Path, certificate: Path) -> list[str]:
    whose = ["santiago.lab.test", "WebGateway", "webgateway_client"]
    return ["/bin/sh", str(SCRIPT), serving.soap, *whose, str(csr), str(certificate)]


def test_a_script_of_curl_sed_and_grep_submits_waits_and_fetches(
    serving: Serving, openssl: Run, tool: Callable[[str], str], tmp_path: Path
) -> None:
    for name in ("curl", "sed", "grep"):
        tool(name)
    key, csr, certificate, ca = (tmp_path / name for name in ("x.key", "x.csr", "x.cer", "ca.cer"))
    subject = "/C=CL/O=Lab/CN=santiago.lab.test"
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", csr, "-subj", subject)
    script = subprocess.Popen(client(serving, csr, certificate), stdout=subprocess.PIPE, text=True)
    assert script.stdout is not None
    with script.stdout as said:
        assert said.readline() == "submitted\n"
        assert serving.lab.instance("MyCA").server.pending()[0].name.host == "santiago.lab.test"
        (number,) = serving.issue_pending()
        assert said.read() == f"number {number}\nfetched\n"
    assert script.wait(20) == 0

    server = serving.lab.instance("MyCA").server
    assert certificate.read_text(encoding="ascii") == server.certificate(number).pem
    assert openssl("x509", "-in", certificate, "-noout", "-pubkey") == openssl("pkey", "-in", key, "-pubout")
    ca.write_text(server.ca_certificate().pem, encoding="ascii")
    assert openssl("verify", "-CAfile", ca, certificate).strip().endswith("OK")


def test_the_script_finds_the_newest_certificate_last_though_earlier_ones_are_listed(
    serving: Serving, openssl: Run, tool: Callable[[str], str], tmp_path: Path
) -> None:
    tool("curl")
    key, csr, certificate = (tmp_path / name for name in ("x.key", "x.csr", "x.cer"))
    arguments = client(serving, csr, certificate)
    for expected in (1, 2, 3):
        openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", csr, "-subj", f"/CN={expected}")
        script = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        assert script.stdout is not None
        with script.stdout as said:
            assert said.readline() == "submitted\n"
            assert serving.issue_pending() == [expected]
            said.read()  # this time it may have taken the earlier attempt's certificate, as such clients do
        assert script.wait(20) == 0
        again = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        assert again == f"submitted\nnumber {expected}\nfetched\n"
        assert openssl("x509", "-in", certificate, "-noout", "-pubkey") == openssl("pkey", "-in", key, "-pubout")
