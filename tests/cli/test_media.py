"""Media from a shell: an operator is told when one is to be mounted, and when it was left in."""

from pathlib import Path

import pytest

from tests.cli.shell import ACKNOWLEDGED, CONFIGURE, PASSWORD, Shell


@pytest.fixture
def stick(shell: Shell) -> Shell:
    """Commands over a lab whose CA lies on the medium `stick`, and a request that waits there."""
    from tests.scene import Scene

    made = shell.ok("media", "new", "stick")
    words = [str(Path(made["path"]) / "ca") if word == "ca" else word for word in CONFIGURE]
    shell.ok(*words, password=PASSWORD)
    scene = Scene(shell.lab)
    scene.submit()
    scene.lab.registry.close()
    return shell


def issue(shell: Shell) -> tuple[str, ...]:
    (request,) = shell.ok("server", "pending")
    read_out = request["content"]["fingerprint"]["sha256"]
    return ("server", "issue", "1", "--usage", "tls", "--fingerprint", read_out, *ACKNOWLEDGED)


def test_media_are_listed_with_whose_keys_lie_on_them(stick: Shell) -> None:
    (medium,) = stick.ok("media", "list")
    assert (medium["name"], medium["mounted"], medium["authorities"]) == ("stick", True, ["MyCA"])
    assert "The key of MyCA lies on it." in stick("media", "list").out


def test_a_lab_without_media_says_how_to_make_one(shell: Shell) -> None:
    assert "pkilab media new NAME" in shell("media", "list").out
    assert shell.ok("media", "list") == []


def test_processing_says_to_mount_it_and_issuing_without_it_is_refused(stick: Shell) -> None:
    stick.ok("media", "eject", "stick")
    shown = stick("server", "show", "1")
    assert "Mount the medium stick: nothing can be issued" in shown.err
    assert "pkilab media mount stick" in shown.err
    assert stick.ok("server", "show", "1")["key_place"]["there"] is False
    refused = stick(*issue(stick), "--json", password=PASSWORD)
    assert refused.code == 1
    assert refused.json["error"]["code"] == "KeyMissing"
    assert "Mount the medium stick" in refused.err
    assert "Mount the medium stick" in stick("status").out
    stick.ok("media", "mount", "stick")
    assert stick("server", "issue", "1", password=PASSWORD).code == 0


def test_that_it_was_left_in_is_pointed_out(stick: Shell) -> None:
    done = stick(*issue(stick), password=PASSWORD)
    assert done.code == 0
    assert "The medium stick is mounted. Eject it as soon as the work is done" in done.err
    assert "pkilab media eject stick" in done.err
    assert "The medium stick is mounted. Eject it" in stick("status").out
    assert stick.ok("status")["keys"][0]["medium"] == "stick"
    stick.ok("media", "eject", "stick")
    assert "Eject it" not in stick("status").out


def test_a_ca_on_no_medium_is_told_nothing(ca: Shell) -> None:
    told = ca("status")
    assert "Eject" not in told.out + told.err
    assert "Mount" not in told.out + told.err


def test_what_is_no_medium_is_told(shell: Shell) -> None:
    assert "no medium called nothing" in shell("media", "mount", "nothing").err
    assert "Medium: only the letters" in shell("media", "new", "a b").err
