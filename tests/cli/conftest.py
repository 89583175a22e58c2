from collections.abc import Iterator
from pathlib import Path

import pytest

from pkilab.lab import Lab
from tests.cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Commands over a lab of their own, in which nothing is configured."""
    return Shell(tmp_path / "lab")


@pytest.fixture
def ca(shell: Shell) -> Shell:
    """Commands over a lab with the CA server MyCA."""
    shell.configure()
    return shell


@pytest.fixture
def served(ca: Shell) -> Iterator[Shell]:
    """Commands over a lab whose CA is served, with the client Santiago."""
    with Lab(ca.lab).serve() as service:
        ca.ok(
            *("--instance", "Santiago", "client", "configure", "--host", "localhost", "--port", str(service.port)),
            *("--contact-name", "Ana Rojas", "--contact-phone", "+56 2 5550 0142", "--contact-email", "ana@lab.test"),
        )
        yield ca
