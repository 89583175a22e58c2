"""The only place where the parts are put together, and where the environment is read."""

from typing import Any

from pkilab.lab.environment import utc_now
from pkilab.lab.instance import Instance
from pkilab.lab.lab import Lab
from pkilab.model import explained

__all__ = ["Instance", "Lab", "utc_now"]


def _explain(octets: bytes) -> Any:
    from pkilab.explain import explain

    return explain(octets)


explained.by(_explain)
