"""Under the hood as HTML and as text: tabs where a script serves them, all ways in sight where none does."""

import re

from pkilab.views import html, style, text
from pkilab.views.hood.way import Hood, Way, told
from tests.model.samples import SUBMITTED
from tests.views.hostile import ATTACK, ATTRIBUTES, ELEMENTS, Reader, hostile

HOOD = told(python="a = 1\nb = 2\n", pkilab="pkilab client get 1", openssl="openssl x509", wire="<soap/>")
HOSTILE = Hood((Way(ATTACK, f"{ATTACK}\n{ATTACK}"), *HOOD.ways))


def test_the_four_ways_have_their_order_and_are_found_by_their_labels() -> None:
    assert [way.label for way in HOOD.ways] == ["Python", "pkilab", "openssl", "On the wire"]
    assert HOOD["pkilab"] == "pkilab client get 1"


def test_it_is_closed_at_first() -> None:
    assert '<details class="pkilab-hood"><summary>Under the hood</summary>' in html.hood(HOOD)


def test_each_tab_names_its_panel_and_each_panel_its_tab() -> None:
    markup = html.hood(HOOD)
    tabs = re.findall(
        r'role="tab" class="pkilab-tab" id="([^"]*)".*?aria-controls="([^"]*)" data-tab="([^"]*)"', markup
    )
    panels = re.findall(r'role="tabpanel" class="[^"]*" id="([^"]*)" aria-labelledby="([^"]*)"', markup)
    assert [(tab, panel) for tab, panel, _ in tabs] == [(tab, panel) for panel, tab in panels]
    assert all(panel == script for _, panel, script in tabs)
    assert len(tabs) == 4
    assert markup.count('aria-selected="true"') == markup.count("pkilab-on") == 1


def test_identifiers_are_the_same_each_time_and_once_on_a_page() -> None:
    def identifiers(markup: str) -> list[str]:
        return re.findall(r' id="([^"]*)"', markup)

    assert html.hood(HOOD) == html.hood(HOOD)
    page = html.hood(HOOD) + html.hood(HOOD, name="second") + html.hood(HOSTILE)
    assert len(identifiers(page)) == len(set(identifiers(page))) == 26


def test_without_a_script_every_way_stands_below_its_label() -> None:
    words = Reader(html.hood(HOOD)).words
    for way in HOOD.ways:
        assert f'<p class="pkilab-way">{way.label}</p>' in html.hood(HOOD)
        assert way.text.strip() in words
    hidden = [rule for rule in style.CSS.split("}") if "pkilab-panel" in rule and "display: none" in rule]
    assert len(hidden) == 1
    assert all(one.strip().startswith(".pkilab-live ") for one in hidden[0].partition("{")[0].split(","))


def test_a_card_holds_it_at_its_end() -> None:
    markup = html.draw(SUBMITTED, under=HOOD)
    assert markup.index("The request itself") < markup.index("Under the hood") < markup.index("</article>")
    assert "Under the hood" not in html.draw(SUBMITTED)


def test_what_is_copied_are_the_lines_of_the_way() -> None:
    assert 'data-copy="a = 1&#10;b = 2"' in html.hood(HOOD)


def test_in_a_terminal_each_way_stands_below_its_label() -> None:
    assert text.hood(HOOD).startswith(
        "Under the hood\n\nPython\n    a = 1\n    b = 2\n\npkilab\n    pkilab client get 1"
    )


def test_hostile_texts_stay_texts() -> None:
    for markup in (html.hood(HOSTILE), html.draw(hostile(SUBMITTED), under=HOSTILE)):
        reader = Reader(markup)
        assert set(reader.elements) <= ELEMENTS
        assert reader.attributes <= ATTRIBUTES
        assert reader.balanced
        assert "onerror=alert(1)" in reader.words
    assert all(line.isprintable() for line in text.hood(HOSTILE).split("\n"))
