"""`pkilab serve` says where which CA is reached, serves, and ends cleanly; `pkilab journal` tells what was done."""

import json
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.cli.shell import CONFIGURE, PASSWORD, Serving, Shell

PATH = "/isc/pki/PKI.CAServer.cls"


def wsdl(address: str) -> int:
    """The status with which a service's description comes."""
    return httpx.get(f"{address}?WSDL", timeout=10, trust_env=False).status_code


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_start_says_where_which_ca_is_and_the_end_is_clean(ca: Shell, how: signal.Signals) -> None:
    ca.ok(*(word.replace("MyCA", "Other") for word in CONFIGURE), password=PASSWORD)
    with Serving(ca.lab) as serving:
        url = f"http://127.0.0.1:{serving.port}"
        assert f"CA server MyCA: {url}/MyCA{PATH}\n" in serving.said
        assert f"CA server Other: {url}/Other{PATH}\n" in serving.said
        assert f"Main CA: MyCA, also at {url}{PATH}\n" in serving.said
        assert "for training and tests, never for production" in serving.said
        for path in (PATH, f"/Other{PATH}"):
            assert wsdl(f"{url}{path}") == 200
        assert serving.end(how) == (0, "", "")


def test_a_ca_that_is_configured_later_is_served(shell: Shell, tmp_path: Path) -> None:
    with Serving(shell.lab) as serving:
        assert "No CA server is configured yet" in serving.said
        shell.configure()
        assert wsdl(f"http://127.0.0.1:{serving.port}{PATH}") == 200
        assert serving.end() == (0, "", "")


def test_the_main_ca_is_chosen_and_where_it_is_gone_that_is_said(ca: Shell) -> None:
    ca.ok(*(word.replace("MyCA", "Other") for word in CONFIGURE), password=PASSWORD)
    assert ca.ok("--instance", "Other", "server", "make-main")["instance"] == "Other"
    assert "CA server Other (main)" in ca("status").out
    assert "No main CA" not in ca("status").out
    ca.ok("--instance", "Other", "server", "reinitialize", "--yes")
    assert "(main)" not in ca("status").out
    assert "No main CA: the one chosen is not configured" in ca("status").out
    with Serving(ca.lab) as serving:
        url = f"http://127.0.0.1:{serving.port}"
        assert "No main CA: the one chosen is not configured" in serving.said
        assert wsdl(f"{url}/MyCA{PATH}") == 200
        assert wsdl(f"{url}{PATH}") != 200
        said = ca("--instance", "MyCA", "server", "make-main")
        assert said.out == f"MyCA is the lab's main CA now; clients reach it at {PATH}, too.\n"
        assert wsdl(f"{url}{PATH}") == 200
        assert serving.end() == (0, "", "")


def test_what_is_no_ca_server_does_not_become_the_main_one(ca: Shell) -> None:
    done = ca("--instance", "Nobody", "server", "make-main")
    assert (done.code, done.err) == (1, "Nobody is not configured as a CA server yet; configure it first.\n")
    assert ca.ok("status")["queues"][0]["main"] is True


def test_for_programs_the_start_is_one_document(ca: Shell) -> None:
    with Serving(ca.lab, "--json") as serving:
        url = f"http://127.0.0.1:{serving.port}"
        started = json.loads(serving.said)
        assert started["cas"] == [{"instance": "MyCA", "url": f"{url}/MyCA{PATH}", "main": True}]
        assert (started["url"], started["main"], started["main_url"]) == (url, "MyCA", f"{url}{PATH}")
        assert "never for production" in started["notice"]
        assert serving.end() == (0, "", "")


def test_a_port_that_is_taken_is_a_sentence(ca: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = ca("serve", "--port", str(port))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"Port {port} on 127.0.0.1 is taken by another program")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(("options", "field"), [(("--port", "70000"), "Port"), (("--bind", "192.0.2.1"), "Host")])
def test_what_cannot_be_listened_on_is_told_by_its_field(ca: Shell, options: tuple[str, ...], field: str) -> None:
    done = ca("serve", "--port", "0", *options)
    assert (done.code, done.err.startswith(f"{field}: ")) == (1, True)


def test_listening_for_other_machines_is_pointed_out(ca: Shell) -> None:
    with Serving(ca.lab, "--bind", "0.0.0.0") as serving:  # noqa: S104 - that is the test
        assert "others can reach it" in serving.said
        assert serving.end()[0] == 0


def test_the_journal_tells_who_did_what(ca: Shell) -> None:
    (entry,) = ca.ok("journal")
    assert (entry["ca"], entry["sequence"], entry["act"]) == ("MyCA", 1, "configured")
    assert "configured" in ca("journal").out


def test_a_journal_is_checked(ca: Shell) -> None:
    assert ca.ok("journal", "verify") == {"ca": "MyCA", "entries": 1, "problems": [], "unproven": []}
    (head,) = ca.lab.rglob("MyCA.journal")
    head.write_text(head.read_text().replace('"count": 1', '"count": 2'))
    failed = ca("journal", "verify")
    assert failed.code == 1
    assert "missing" in failed.out or "cut off" in failed.out
    assert ca("journal", "burn").code == 2
