"""One style sheet, nothing from outside, and no class without a rule or a reason."""

import re

from pkilab.views import html, style
from tests.model.samples import ACTS, CHAIN, ISSUED, LISTING, REQUEST, REVOKED

DRAWN = "".join(html.draw(noun) for noun in (REQUEST, ISSUED, REVOKED, CHAIN, LISTING, *ACTS)) + html.requests(())


def test_the_style_sheet_loads_nothing_and_cannot_end_its_element() -> None:
    assert "url(" not in style.CSS
    assert "@import" not in style.CSS
    assert "<" not in style.CSS
    assert style.tag() == f"<style>{style.CSS}</style>"
    assert style.CSS.count("{") == style.CSS.count("}")


def test_every_rule_stays_within_our_own_elements() -> None:
    for selectors in re.findall(r"(?:^|\})\s*([^{}@]+)\{", style.CSS):
        assert all(selector.strip().startswith(".pkilab") for selector in selectors.split(","))


def test_colours_are_those_of_jupyterlab_with_a_fallback() -> None:
    used = re.findall(r"var\((--jp-[a-z0-9-]+)(,)?", style.CSS)
    assert used
    assert all(comma for _, comma in used)


def test_every_class_that_the_views_use_is_styled() -> None:
    used = {name for names in re.findall(r'class="([^"]*)"', DRAWN) for name in names.split()}
    unstyled = {name for name in used if not re.search(rf"\.{name}\b(?!-)", style.CSS)}
    assert unstyled == {"pkilab-chain", "pkilab-plain"}  # the picture styles itself; plain is how a card is anyway
