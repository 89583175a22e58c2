"""A CA with a responder, and the service that answers for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scene import CA_PASSWORD, Scene
from tests.web.octets import Served, settle


@pytest.fixture
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = Scene(tmp_path_factory.mktemp("lab"))
    made.configure()
    made.issue(made.submit())
    made.ca.renew_responder(password=CA_PASSWORD)
    yield made
    made.lab.registry.close()


@pytest.fixture
def served(scene: Scene) -> Iterator[Served]:
    settle()
    made = Served(scene)
    with made.service:
        yield made
