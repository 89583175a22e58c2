"""Scenarios that lessons call: something worth seeing at once, which later cells take apart."""

from pkilab.course.first import first_certificate
from pkilab.course.password import lesson_password
from pkilab.course.story import Story

__all__ = ["Story", "first_certificate", "lesson_password"]
