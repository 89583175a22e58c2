"""What comes from outside: the environment, the clock, who is acting, and whether an IPython is there."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path

PASSWORDS = ("PKILAB_EXPORT_PASSWORD", "PKILAB_PASSWORD", "PKILAB_SMTP_PASSWORD")


def utc_now() -> datetime:
    """Return the time, in UTC with its zone."""
    return datetime.now(UTC)


def default_path() -> Path:
    """Return where the lab lies when nobody says: `PKILAB_HOME`, else the platform's user data folder."""
    named = os.environ.get("PKILAB_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path  # not needed where the place was named

    return user_data_path("pkilab")


def default_actor() -> str:
    """Return who is acting when nobody says: the JupyterHub user, else the system's."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getuser()
    except (KeyError, OSError):  # A container's user may have no entry in the password database.
        return f"uid {os.getuid()}"


def registry_address() -> str:
    """Return the address of the registry where nobody says: `PKILAB_REGISTRY`, else "" for SQLite in the folder."""
    return os.environ.get("PKILAB_REGISTRY", "")


def for_programs(lab: Path) -> dict[str, str]:
    """Return the environment for programs that belong to the lab in a folder: as ours, but for passwords."""
    kept = {name: value for name, value in os.environ.items() if name not in PASSWORDS}
    return {**kept, "PKILAB_HOME": str(lab)}


def draw_in_notebooks() -> None:
    """Let IPython draw the model's nouns, where there is an IPython."""
    module = sys.modules.get("IPython")
    ipython = module.get_ipython() if module else None
    if ipython is not None:
        from pkilab.views import display

        display.register(ipython)
