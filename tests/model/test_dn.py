"""Distinguished names (S4)."""
# ruff: noqa: RUF001 - look-alikes are among what is refused here

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import InvalidField
from pkilab.model.dn import (
    DN,
    HELP,
    LABELS,
    SHORT_NAMES,
    UPPER_BOUNDS,
    check_attribute,
    comma_form,
    countries,
    slash_form,
)

FULL = DN(
    country="cl",
    state="Metropolitana",
    locality="Santiago",
    organization="Lab Santiago",
    organizational_unit="Development",
    common_name="santiago.lab.test",
)


def test_attributes_come_from_country_to_common_name_and_empty_ones_are_left_out() -> None:
    assert [short for short, _ in FULL.attributes] == ["C", "ST", "L", "O", "OU", "CN"]
    assert DN(common_name="x", country="CL").attributes == (("C", "CL"), ("CN", "x"))
    assert str(FULL) == (
        "C = CL, ST = Metropolitana, L = Santiago, O = Lab Santiago, OU = Development, CN = santiago.lab.test"
    )


@pytest.mark.parametrize("field", LABELS)
def test_one_field_alone_makes_a_name(field: str) -> None:
    assert len(DN(**{field: "BE"}).attributes) == 1


def test_a_name_without_any_field_is_refused() -> None:
    with pytest.raises(InvalidField, match=r"^Subject: at least one part"):
        DN()
    with pytest.raises(InvalidField, match=r"^Subject: "):
        DN(common_name="  ")


@pytest.mark.parametrize("field", [field for field in UPPER_BOUNDS if field != "country"])
def test_the_upper_bounds_of_x520_hold(field: str) -> None:
    longest = "ž" * UPPER_BOUNDS[field]
    assert DN(**{field: longest}).attributes[0][1] == longest
    with pytest.raises(InvalidField, match=rf"^{LABELS[field]}: at most {UPPER_BOUNDS[field]} "):
        DN(**{field: longest + "x"})


def test_the_bounds_are_those_of_rfc_5280() -> None:
    assert UPPER_BOUNDS == {
        "country": 2, "state": 128, "locality": 128, "organization": 64, "organizational_unit": 64, "common_name": 64,
    }  # fmt: skip


@pytest.mark.parametrize("field", LABELS)
@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "\x1b[31m"])
def test_control_characters_are_refused_in_every_field(field: str, value: str) -> None:
    with pytest.raises(InvalidField, match=rf"^{LABELS[field]}: "):
        DN(**{field: value})


@pytest.mark.parametrize(("given_code", "kept"), [("BE", "BE"), ("be", "BE"), (" cL ", "CL"), ("", "")])
def test_a_country_is_a_code_of_iso_3166_in_any_case(given_code: str, kept: str) -> None:
    assert check_attribute("country", given_code) == kept


@pytest.mark.parametrize("code", ["ZZ", "XX", "EU", "UK", "B", "BEL", "Belgium", "B E", "00", "ß", "ﬁ", "ＢＥ", "ВЕ"])
def test_any_other_country_is_refused(code: str) -> None:
    with pytest.raises(InvalidField, match=r"^Country: this is no country code"):
        DN(country=code)


def test_text_of_any_script_is_welcome() -> None:
    for value in ("Škoda Auto", "東京研究所", "Лаборатория", "مختبر"):
        assert DN(organization=value, locality=value, common_name=value).attributes[0][1] == value


def test_countries_are_sorted_as_people_look_them_up() -> None:
    found = countries()
    assert len(found) > 240
    assert found["CL"] == "Chile"
    names = list(found.values())
    assert names.index("Åland Islands") < names.index("Belgium") < names.index("South Africa") < names.index("Zimbabwe")
    assert names.index("South Africa") < names.index("South Korea") < names.index("Spain")


def test_each_field_has_a_label_a_short_name_and_a_help() -> None:
    assert LABELS.keys() == SHORT_NAMES.keys() == HELP.keys() == UPPER_BOUNDS.keys()
    for field in ("state", "locality"):
        assert "by convention left empty" in HELP[field]


def test_the_comma_form_shows_relative_names_and_quotes_what_could_mislead() -> None:
    name = ((("C", "CL"),), (("O", "Rojas, Soto"), ("OU", 'a"b\\c')), (("1.2.3.4", "x"),), (("CN", "a=b+c"),))
    assert comma_form(name) == 'C = CL, O = "Rojas, Soto" + OU = "a\\"b\\\\c", 1.2.3.4 = x, CN = "a=b+c"'
    assert comma_form(()) == ""


def test_the_slash_form_is_what_the_soap_service_carries() -> None:
    assert slash_form(((("C", "BE"),), (("CN", "x"), ("OU", "y")))) == "/C=BE/CN=x+OU=y"


def test_a_value_cannot_pass_for_two_attributes() -> None:
    one = ((("O", "Lab, CN = Training CA"),),)
    two = ((("O", "Lab"),), (("CN", "Training CA"),))
    assert comma_form(one) != comma_form(two)


@given(st.sampled_from(sorted(LABELS)), st.text())
def test_any_text_is_kept_within_the_bound_or_refused(field: str, text: str) -> None:
    try:
        kept = check_attribute(field, text)
    except InvalidField:
        return
    assert kept == (text.strip().upper() if field == "country" else text.strip())
    assert len(kept) <= UPPER_BOUNDS[field]
    assert check_attribute(field, kept) == kept
