"""Every error: its sentence, its facts, its code, its way through a pickle."""

import pickle
import typing
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pkilab.errors
from pkilab.errors import (
    Expired,
    FingerprintMismatch,
    InvalidField,
    NotPending,
    NotVerified,
    PkilabError,
    UnknownNumber,
    WrongCase,
)
from pkilab.errors.visible import is_hidden, visible

SAMPLES = {
    "str": "such-and-such",
    "int": 7,
    "int | str": 7,
    "int | None": 12,
    "bool": True,
    "Path": Path("/media/stick/MyCA.key"),
    "datetime": datetime(2026, 11, 23, 14, 2, tzinfo=UTC),
    "datetime | None": datetime(2026, 11, 23, 14, 2, tzinfo=UTC),
    "tuple[str, ...]": ("one thing", "another thing"),
}


def tree(base: type[PkilabError] = PkilabError) -> Iterator[type[PkilabError]]:
    for cls in base.__subclasses__():
        yield cls
        yield from tree(cls)


CLASSES = sorted(set(tree()), key=lambda cls: cls.__name__)


def sample(cls: type[PkilabError], **instead: Any) -> PkilabError:
    hints = {name: str(hint) for name, hint in cls.__annotations__.items()}
    facts = {field.name: SAMPLES[hints[field.name]] for field in fields(cls)}
    return cls(**{**facts, **instead})


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_error_makes_one_finished_sentence_of_its_facts(cls: type[PkilabError]) -> None:
    error = sample(cls)
    sentence = str(error)
    assert sentence == error.sentence()
    assert "{" not in sentence
    assert "None" not in sentence
    assert sentence[0].isupper() or sentence.startswith(("such-and-such", "MyCA.key", "/media", "7 "))
    assert sentence.endswith((".", "such-and-such"))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_error_survives_a_pickle(cls: type[PkilabError]) -> None:
    error = sample(cls)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is cls
    assert again.facts() == error.facts()
    assert str(again) == str(error)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_error_has_a_promise_a_public_name_and_that_name_as_its_code(cls: type[PkilabError]) -> None:
    assert cls.code == cls.__name__
    assert cls.__doc__
    assert not cls.__doc__.startswith(f"{cls.__name__}(")  # what dataclass writes when nobody else did
    assert cls.__name__ in pkilab.errors.__all__
    assert getattr(pkilab.errors, cls.__name__) is cls


def test_the_public_names_are_all_there_and_sorted() -> None:
    assert pkilab.errors.__all__ == sorted(pkilab.errors.__all__)
    assert {cls.__name__ for cls in CLASSES} == set(pkilab.errors.__all__) - {"PkilabError"}


def test_facts_are_plain_values() -> None:
    error = Expired(subject="CN = Old", not_after=SAMPLES["datetime"])  # type: ignore[arg-type]
    assert error.facts() == {"subject": "CN = Old", "not_after": "2026-11-23 14:02:00+00:00"}
    assert sample(pkilab.errors.KeyMissing).facts() == {"path": "/media/stick/MyCA.key"}


def test_errors_can_be_told_apart_and_put_into_sets() -> None:
    one, two = InvalidField("Port", "no"), InvalidField("Port", "no")
    assert one != two
    assert len({one, two}) == 2


def test_braces_in_a_fact_are_no_template() -> None:
    assert str(InvalidField("Port", "{field} {0} {nothing}")) == "Port: {field} {0} {nothing}"


def test_the_sentence_of_a_mismatch_never_tells_the_right_fingerprint() -> None:
    error = FingerprintMismatch(request_id=3, expected="AA:BB:CC", given="DD:EE:FF")
    assert "AA" not in str(error)
    assert "3" in str(error)


def test_a_decided_request_says_who_did_what_and_when() -> None:
    at = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
    issued = NotPending(request_id=3, state="issued", by="eva", at=at, number=12)
    assert str(issued) == ("Request 3 is no longer pending: eva issued it as number 12 on 2026-11-23 at 14:02 UTC.")
    assert str(NotPending(3, "deleted", "eva")) == "Request 3 is no longer pending: eva deleted it."


def test_what_is_missing_from_a_verification_is_listed() -> None:
    assert str(NotVerified(3, ("one", "two"))).endswith("Still to do: one; two.")


@pytest.mark.parametrize(("existing", "begins"), [(True, "A key and a certificate are"), (False, "No complete key")])
def test_the_wrong_case_says_which_case_it_is(existing: bool, begins: str) -> None:
    assert str(WrongCase(existing=existing, problem="leave the subject out.")).startswith(begins)


def test_hostile_facts_reach_no_terminal() -> None:
    error = UnknownNumber("\x1b]0;owned\x07 12\u202e34\nNo error at all.")
    assert "\x1b" not in str(error)
    assert "[U+001B]]0;owned[U+0007] 12[U+202E]34[U+000A]No error" in str(error)


def test_plain_text_of_any_script_stays_as_it_is() -> None:
    for text in ("Ana Rojas", "Škoda – “ZÜRICH”", "東京 カーブ", "Пётр", "שלום", ""):
        assert visible(text) == text


@pytest.mark.parametrize(
    "hidden", ["\x00", "\x1b", "\x7f", "\x9b", "\xa0", "\xad", "\u200b", "\u202e", "\u2066", "\u2028", "\u3164",
               "\ufeff", "\ufe0f", "\u115f", "\ud800", "\ue000", "\U000e0041", "\U000e0100"],
)  # fmt: skip
def test_what_a_reader_cannot_see_is_written_out(hidden: str) -> None:
    assert is_hidden(hidden)
    assert visible(f"a{hidden}b") == f"a[U+{ord(hidden):04X}]b"


@given(st.text())
def test_visible_text_is_one_printable_line_and_stays_as_it_is_when_done_again(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert not any(is_hidden(character) for character in shown)
    assert visible(shown) == shown


def test_no_annotation_is_left_without_a_sample() -> None:
    """So that the generic tests above really cover each class."""
    for cls in CLASSES:
        assert typing.get_type_hints(cls)
        sample(cls)
