"""The desk: the forms over a lab, whole or task by task; what notebooks and dashboards open."""

from pkilab.desk.desk import Desk
from pkilab.desk.entrance import clients, operators
from pkilab.desk.tasks import Part

__all__ = ["Desk", "Part", "clients", "operators"]
