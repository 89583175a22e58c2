"""The only place where the parts are put together, and where the environment is read."""

from pkilab.lab.environment import utc_now
from pkilab.lab.instance import Instance
from pkilab.lab.lab import Lab

__all__ = ["Instance", "Lab", "utc_now"]
