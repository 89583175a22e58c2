"""What is committed works elsewhere and gives nothing away."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Each pattern has marks between its letters, so that this file, which is looked at too, does not match itself.
BANNED = {
    "a registry's host": re.compile(rb"pypi\.org|pythonhosted\.org|conda\.anaconda\.org", re.IGNORECASE),
    "a registry's address as an option": re.compile(rb"index[-_]url|find[-_]links", re.IGNORECASE),
    "a path of one machine": re.compile(rb"(?<![\w.$*-])/(?:work|opt|root|home/[a-z]+)/[\w.-]"),
    "a private key": re.compile(rb"-----BEGIN [A-Z ]*PRIVATE[ ]KEY-----\s+(?:[\w-]+: .*\s+)*[A-Za-z0-9+/]{40}"),
}


def offences(content: bytes) -> Iterator[str]:
    """Each banned thing that `content` holds, with the words that show it."""
    for what, pattern in BANNED.items():
        if found := pattern.search(content):
            yield f"{what}: {found[0].decode(errors='replace')}"


def test_no_file_that_git_knows_or_would_add_names_a_place_or_a_secret(tool: Callable[[str], str]) -> None:
    listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    git = [tool("git"), "-c", f"safe.directory={ROOT}", *listing]
    names = subprocess.run(git, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    assert ROOT / "pyproject.toml" in files
    found = [f"{f.relative_to(ROOT)}: {offence}" for f in files for offence in offences(f.read_bytes())]
    assert found == []


# Glued from pieces: whole, they would make this file the first that the test above complains of.
@pytest.mark.parametrize(
    "content",
    [
        "--index" + "-url=x",
        "https://py" + "pi.org/simple",
        "https://files.python" + "hosted.org/x",
        "lab at /wo" + "rk/main",
        "'/ro" + "ot/.cache'",
        "-----BEGIN EC PRIVATE" + " KEY-----\n" + 64 * "A",
    ],
)
def test_a_place_or_secret_is_noticed(content: str) -> None:
    assert list(offences(content.encode()))


# Folders of a project may have such names too, and /usr/bin is where every Debian has its programs, not one machine.
@pytest.mark.parametrize("content", ["../work/lab", "tests/opt/x", "/usr/bin/openssl", "-----BEGIN PRIVATE KEY-----"])
def test_harmless_text_is_let_through(content: str) -> None:
    assert list(offences(content.encode())) == []
