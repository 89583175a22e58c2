"""Copy buttons: on what people carry elsewhere, never on an answer that somebody else has to give."""

import html as reader
import re

import pytest

from pkilab.views import html, style
from tests.model.samples import CONFIGURED, CONTENT, DECIDED, DONE, ISSUED, LEAF, REACHED, REQUEST, SUBMITTED

BUTTON = re.compile(r'<button type="button" class="pkilab-copy" data-copy="([^"]*)" aria-label="([^"]*)">Copy</button>')


def copied(markup: str) -> dict[str, str]:
    """What the buttons of `markup` copy, by their names."""
    return {reader.unescape(name): reader.unescape(text) for text, name in BUTTON.findall(markup)}


@pytest.mark.parametrize("noun", [SUBMITTED, DONE, CONFIGURED, LEAF, ISSUED], ids=lambda noun: type(noun).__name__)
def test_both_fingerprints_are_copied_whole(noun: object) -> None:
    buttons = copied(html.draw(noun))
    assert buttons["Copy SHA-256 fingerprint"] == noun.fingerprint.sha256  # type: ignore[attr-defined]
    assert buttons["Copy SHA-1 fingerprint"] == noun.fingerprint.sha1  # type: ignore[attr-defined]


def test_each_file_and_address_is_copied_by_itself() -> None:
    buttons = copied(html.draw(SUBMITTED))
    assert buttons[f"Copy {SUBMITTED.key_path}"] == str(SUBMITTED.key_path)
    assert buttons[f"Copy {SUBMITTED.csr_path}"] == str(SUBMITTED.csr_path)
    assert copied(html.draw(REACHED))[f"Copy {REACHED.url}"] == REACHED.url


def test_pem_is_copied_with_its_lines() -> None:
    assert copied(html.draw(LEAF))["Copy the certificate itself"] == LEAF.pem
    assert copied(html.draw(SUBMITTED))["Copy the request itself"] == CONTENT.pem


@pytest.mark.parametrize("request_", [REQUEST, DECIDED], ids=["pending", "issued"])
def test_nothing_of_a_request_at_the_ca_is_copied(request_: object) -> None:
    """Or the question for its fingerprint could be answered from the page."""
    for markup in (html.draw(request_), html.request(REQUEST, fingerprints=True), html.draw(CONTENT)):
        assert "<button" not in markup
        assert "data-copy" not in markup


def test_a_button_shows_only_where_a_script_serves_it() -> None:
    rules = [rule for rule in style.CSS.split("}") if "button.pkilab-copy" in rule and "display:" in rule]
    shown = [rule.partition("{")[0].strip() for rule in rules if "display: none" not in rule]
    assert len(rules) > len(shown) > 0
    assert all(selector.startswith(".pkilab-live ") for selector in shown)


def test_the_text_beside_a_button_can_be_selected() -> None:
    assert "user-select: all" in style.CSS
    assert f"<code>{str(SUBMITTED.csr_path).replace('/', '/<wbr>')}</code>" in html.draw(SUBMITTED)
