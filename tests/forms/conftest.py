from collections.abc import Iterator
from pathlib import Path

import ipywidgets as widgets
import pytest

from pkilab.lab import Instance
from pkilab.model.contact import Contact
from pkilab.web.service import Service
from tests.scene import Scene


@pytest.fixture(autouse=True)
def _widgets_are_closed() -> Iterator[None]:
    yield
    widgets.Widget.close_all()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A lab with a CA."""
    made = Scene(tmp_path / "lab")
    made.configure()
    yield made
    made.lab.registry.close()


@pytest.fixture
def service(scene: Scene) -> Iterator[Service]:
    """Its web service."""
    with scene.lab.serve() as running:
        yield running


@pytest.fixture
def santiago(scene: Scene, service: Service) -> Instance:
    """A client of it."""
    instance = scene.lab.instance("Santiago", node="santiago")
    instance.client.configure(host="localhost", port=service.port, contact=Contact("Ana Rojas"))
    return instance
