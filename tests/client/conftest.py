from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pkilab.client.client import CAClient
from pkilab.lab import utc_now
from pkilab.web.service import Service
from tests.scene import ANA, Scene


@dataclass
class Town:
    """A configured CA behind a real web service, and the instance Temuco as its client."""

    scene: Scene
    service: Service
    client: CAClient


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    scene = Scene(tmp_path / "lab")
    scene.clock.now = utc_now()
    scene.configure()
    with scene.lab.serve() as service:
        client = scene.lab.instance("Temuco", node="temuco").client
        client.configure(host="127.0.0.1", port=service.port, contact=ANA)
        yield Town(scene, service, client)
    scene.lab.registry.close()
