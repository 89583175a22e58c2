"""Every octet of a certificate, a request, a list, a key or a message: what it is called, what it says here. Pure."""

from pkilab.explain.reading import Explained, explain

__all__ = ["Explained", "explain"]
