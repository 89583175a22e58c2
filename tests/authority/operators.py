"""Operators in processes of their own, who begin at a word and may be killed in the middle."""

import subprocess
import sys
from pathlib import Path

from pkilab.x509 import keys
from tests.scene import CA_PASSWORD, Scene

Operator = subprocess.Popen[str]

ROOT = Path(__file__).parents[2]


def start(scene: Scene, program: str, *words: str) -> Operator:
    """Start `tests.authority.<program>` over a lab; it is ready when this returns."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.authority.{program}", str(scene.path), *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{CA_PASSWORD}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: Operator) -> None:
    """Let it begin."""
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def lay_key_open(scene: Scene) -> None:
    """Take the password off the CA's key: opening it takes far longer than all that a kill could tear apart."""
    path = scene.directory / "MyCA.key"
    path.write_bytes(keys.dump(keys.load(path.read_bytes(), CA_PASSWORD, path=path), None))
