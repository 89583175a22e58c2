"""Importing the package costs next to nothing: what is heavy is loaded when it is touched."""

import subprocess
import sys

import pytest

import pkilab

HEAVY = (
    "IPython",
    "alembic",
    "anywidget",
    "cryptography",
    "fastapi",
    "httpx",
    "idna",
    "ipywidgets",
    "lxml",
    "pycountry",
    "rich",
    "sqlalchemy",
    "typer",
)


def loaded(statement: str) -> set[str]:
    """The heavy modules that a fresh interpreter has after `statement`."""
    check = f"import sys; {statement}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded("import pkilab") == set()


def test_the_vocabulary_loads_nothing_heavy_but_names_for_the_internet() -> None:
    assert loaded("import pkilab; pkilab.DN(common_name='x'), pkilab.Contact, pkilab.Usage") <= {"idna"}


@pytest.mark.parametrize("name", sorted(set(pkilab.__all__) - {"Lab", "Instance"}))
def test_public_names_are_there(name: str) -> None:
    assert getattr(pkilab, name).__name__ == name
    assert name in dir(pkilab)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        pkilab.Nothing  # noqa: B018 - the access is the test
