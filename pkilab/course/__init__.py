"""Scenarios that lessons call: something worth seeing at once, which later cells take apart."""

from pkilab.course.first import first_certificate

__all__ = ["first_certificate"]
