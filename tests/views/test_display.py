"""IPython draws the nouns, and registering them loads nothing heavy."""

import subprocess
import sys
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from pkilab.views import display
from tests.model.samples import ACTS, CHAIN, CONTENT, ISSUED, JUDGED, LEAF, LISTED, LISTING, RECEIVED, REQUEST
from tests.views.hostile import Reader


class Shell:
    """What `register` needs of an IPython shell."""

    def __init__(self) -> None:
        self.display_formatter = DisplayFormatter()


@pytest.fixture
def shown() -> Any:
    """`shown(value)` is what a cell that ends with `value` would show: media types and their data."""
    shell = Shell()
    display.register(shell)

    def show(value: object) -> dict[str, str]:
        data, _ = shell.display_formatter.format(value)  # type: ignore[no-untyped-call]
        return dict(data)

    return show


NOUNS = (REQUEST, CONTENT, LEAF, ISSUED, CHAIN, LISTING, RECEIVED, JUDGED, *ACTS)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_a_noun_is_a_card_in_a_notebook_and_text_in_a_terminal(shown: Any, noun: object) -> None:
    data = shown(noun)
    assert data["text/html"].startswith("<style>.pkilab")
    assert '<div class="pkilab">' in data["text/html"]
    assert "\\x" not in data["text/plain"]
    assert "der=" not in data["text/plain"]


def test_a_request_in_a_notebook_shows_no_fingerprint(shown: Any) -> None:
    data = shown(REQUEST)
    assert REQUEST.fingerprint.sha1 not in data["text/plain"]
    assert REQUEST.fingerprint.sha1 not in Reader(data["text/html"]).words
    assert REQUEST.fingerprint.sha256 not in Reader(data["text/html"]).words
    assert "SantiagoDev (request 3, pending)\n  Subject " in data["text/plain"]


def test_a_tuple_of_nouns_prints_a_line_for_each(shown: Any) -> None:
    data = shown((REQUEST, REQUEST))
    assert data["text/plain"] == f"({REQUEST},\n {REQUEST})"
    assert shown(LISTED)["text/plain"] == f"({LISTED[0]},\n {LISTED[1]})"
    assert shown([CHAIN])["text/plain"] == "[<Chain>]"


def test_other_values_are_left_alone(shown: Any) -> None:
    assert shown({"a": 1}) == {"text/plain": "{'a': 1}"}


def test_every_registered_name_is_there() -> None:
    for table in (display._DRAWN, display._PRINTED):
        for module, names in table.items():
            found = __import__(module, fromlist=names)
            assert all(isinstance(getattr(found, name), type) for name in names)


def test_registering_loads_no_view_and_no_noun() -> None:
    code = (
        "import sys\nfrom IPython.core.formatters import DisplayFormatter\nfrom pkilab.views import display\n"
        "class Shell: display_formatter = DisplayFormatter()\n"
        "display.register(Shell())\n"
        "print(*[n for n in sys.modules if n.startswith(('pkilab.', 'cryptography', 'ipywidgets'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["pkilab.views", "pkilab.views.display"]
