import sys
from collections.abc import Iterator

import pytest

from tests.running.lab_process import LabProcess
from tests.scene import Scene


@pytest.fixture(scope="package")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    """A lab that runs, with a CA server and one certificate, over notebooks of its own."""
    base = tmp_path_factory.mktemp("living")
    scene = Scene(base / "lab")
    scene.configure()
    scene.issue(scene.submit())
    lab = LabProcess(base / "lab", base / "notebooks")
    yield lab
    lab.close()


if sys.platform != "linux":
    pytest.skip("what processes leave behind is looked up in /proc", allow_module_level=True)
