"""Put the notebooks into the wheel, as `pkilab/notebooks`.

An editable install reads them from the checkout, and a checkout that has none yet still builds;
hatchling's own `force-include` can do neither.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NotebooksHook(BuildHookInterface[Any]):
    """Adds `notebooks/` to a standard wheel when the folder exists."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling with `version` `standard` for a wheel, `editable` for development."""
        notebooks = Path(self.root, "notebooks")
        if version == "standard" and notebooks.is_dir():
            build_data["force_include"][str(notebooks)] = "pkilab/notebooks"
