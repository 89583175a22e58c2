"""The web service of a lab takes requests and sends mail, or does neither."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from pkilab.errors import PortBusy
from pkilab.lab.serving import ServiceWithMail
from pkilab.web.service import Service
from tests.scene import Scene


def test_mail_that_cannot_start_leaves_nothing_that_listens(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "lab")
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        service = ServiceWithMail(
            scene.lab.application(), lambda: scene.lab.mail_service(port=taken), host="127.0.0.1", port=0, tls=None
        )
        with pytest.raises(PortBusy, match=str(taken)):
            service.start()
    assert not service.running
    with Service(scene.lab.application(), port=service.port) as next_one:  # the port is free again
        assert next_one.running
    scene.lab.registry.close()
