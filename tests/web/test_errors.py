"""The one table: every error of the tree has an answer, and none tells of the server's inside."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pkilab import errors
from pkilab.errors import PkilabError
from pkilab.web.errors import problem, told

TREE = [getattr(errors, name) for name in errors.__all__ if name != "PkilabError"]
PATHS = Path("/secret/place")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def made(kind: type[PkilabError]) -> PkilabError:
    values: dict[str, Any] = {"Path": PATHS, "int": 7, "bool": True, "datetime | None": None, "datetime": NOON}
    known = {field.name: values.get(str(field.type), "word") for field in fields(kind)}
    return kind(**known)


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_no_error_tells_a_client_of_our_files(kind: type[PkilabError]) -> None:
    what = told(made(kind), "here")
    assert "secret" not in what.sentence
    assert what.status >= 400
    assert what.client == (what.status in {400, 413, 422, 429} or kind in {errors.UnknownNumber, errors.UnknownRequest})


def test_a_subclass_or_a_foreign_error_is_internal() -> None:
    what = told(ValueError("secret"), "here")
    assert (what.client, what.status, what.code) == (False, 500, "InternalError")
    assert "secret" not in what.sentence


def test_each_incident_has_its_own_id() -> None:
    assert told(ValueError(), "here").sentence != told(ValueError(), "here").sentence


def test_a_problem_has_the_members_of_rfc_9457_and_the_code() -> None:
    response = problem(told(errors.UnknownNumber("7"), "here"))
    assert (response.status_code, response.media_type) == (404, "application/problem+json")
    assert b'"code":"UnknownNumber"' in response.body
