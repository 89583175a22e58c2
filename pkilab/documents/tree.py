"""XML documents from outside, read with bounds, and written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree
from lxml.etree import _Element as Element

from pkilab.errors import DocumentUnreadable

DS = "http://www.w3.org/2000/09/xmldsig#"
"""The namespace of XML Signature."""
XENC = "http://www.w3.org/2001/04/xmlenc#"
"""The namespace of XML Encryption."""


def read(data: bytes, *, path: Path) -> Element:
    """Return a document's root. Document types, entities and the network are off; `path` is for errors.

    Raises:
        DocumentUnreadable: it is not well-formed, or brings a document type declaration.
    """
    # A parser of its own for each document: lxml's are not shared between threads.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        why = str(error).partition(" (<string>")[0] or "it is empty"
        raise DocumentUnreadable(path, f"it is not well-formed ({why})") from None
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise DocumentUnreadable(path, "a document type declaration (DOCTYPE) is not allowed; leave it out")
    return root


def write(root: Element) -> bytes:
    """Return a document in UTF-8 with its declaration."""
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def fragment(octets: bytes, namespaces: Mapping[str | None, str], *, path: Path) -> Element:
    """Return a wrapper whose content is what `octets` say where these namespaces are in scope.

    Raises:
        DocumentUnreadable: that is no XML.
    """
    declared = "".join(
        f" xmlns{f':{prefix}' if prefix else ''}={quoteattr(uri)}"
        for prefix, uri in namespaces.items()
        if prefix != "xml"
    )
    if octets.startswith(b"<?xml"):
        octets = octets.partition(b"?>")[2]
    return read(f"<wrapper{declared}>".encode() + octets + b"</wrapper>", path=path)
