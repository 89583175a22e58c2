"""Downloads of what lies in a client's manager directory."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets as widgets

from pkilab.errors import CannotRead
from pkilab.forms.guard import Guard
from pkilab.forms.parts.download import Download, Handed
from pkilab.forms.ports import Client
from pkilab.forms.view import bar


@dataclass(frozen=True, slots=True)
class _File:
    ending: str
    label: str


_FILES = (
    _File(".cer", "Download the certificate"),
    _File("-chain.cer", "Download the chain"),
    _File(".csr", "Download the request"),
    _File(".key", "Download the private key"),
)


def downloads(client: Client, root: str, guard: Guard, *endings: str) -> widgets.Box:
    """Return a button for each file that lies under a file root now; only those of `endings`, if any are named."""
    there = [each for each in _FILES if client.own_file(root, each.ending) is not None]
    return bar(*(_download(client, root, each, guard) for each in there if not endings or each.ending in endings))


def _download(client: Client, root: str, file: _File, guard: Guard) -> Download:
    def content() -> Handed:
        data = client.own_file(root, file.ending)
        if data is None:
            raise CannotRead(client.directory / f"{root}{file.ending}", "it is not there any more")
        return Handed(name=f"{root}{file.ending}", data=data, media="application/x-pem-file")

    return Download(file.label, content, guard=guard)
