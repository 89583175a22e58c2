"""The docs name every error code, setting, environment variable and address, and none that does not exist."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import pkilab
from pkilab import KeyAlgorithm, errors
from pkilab.model import settings as settings_model
from pkilab.model import usage as usage_model
from pkilab.model.figures import Figures
from pkilab.model.settings import (
    DEFAULT_PATH,
    CASettings,
    ClientSettings,
    InstanceSettings,
    MailSettings,
    ServiceSettings,
)
from pkilab.store.schema import METADATA
from pkilab.web import errors as told
from pkilab.web import submission
from pkilab.web.addresses import soap_path
from pkilab.web.app import create

ROOT = Path(__file__).resolve().parents[2]
DOCS = {page.stem: page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md")}
CODE = "\n".join(module.read_text(encoding="utf-8") for module in Path(pkilab.__file__).parent.rglob("*.py"))
SETTINGS = {
    "A CA server": CASettings,
    "Mail": MailSettings,
    "A CA client": ClientSettings,
    "An instance": InstanceSettings,
    "The web service": ServiceSettings,
}


class Nobody:
    """A lab without a CA server."""

    def get(self, instance: str) -> None: ...

    def main(self) -> None: ...

    def names(self) -> tuple[str, ...]:
        return ()

    def figures(self) -> Figures:
        return Figures()


def rows(text: str) -> set[str]:
    """What stands as code in the first cells of tables."""
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def section(page: str, heading: str) -> str:
    """A section's own text, up to the next heading."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", DOCS[page], re.MULTILINE | re.DOTALL)
    assert found, f"docs/{page}.md has no section {heading!r}"
    return found[1]


def test_every_error_code_has_its_line_and_no_other_has() -> None:
    of_the_web = {told.INTERNAL, told.NOT_FOUND, told.METHOD_NOT_ALLOWED, told.UNSUPPORTED}
    codes = set(errors.__all__) - {"PkilabError"} | of_the_web
    found = set(re.findall(r"^\| `(\w+)` \|", DOCS["errors"], re.MULTILINE))
    assert found == codes


def test_each_error_class_is_public() -> None:
    def below(base: type[errors.PkilabError]) -> set[str]:
        return {base.code}.union(*(below(each) for each in base.__subclasses__()))

    assert below(errors.PkilabError) == set(errors.__all__)


def test_every_code_that_a_fault_can_carry_is_named() -> None:
    text = section("wire", "Faults")
    mendable, others = (
        re.search(rf"^\| `soap:{kind}` \| (.*) \|$", text, re.MULTILINE) for kind in ("Client", "Server")
    )
    assert mendable
    assert others
    assert set(re.findall(r"`(\w+)`", mendable[1])) == {kind.code for kind in told._MENDABLE} - {"UnknownRequest"}
    ours = {kind.code for kind in (*told._OURS, *told._UNTOLD)} - {"NoRevocationList"}  # SOAP carries no lists
    assert set(re.findall(r"`(\w+)`", others[1])) == ours | {told.INTERNAL}


def test_every_problem_has_the_status_that_is_told() -> None:
    table = {**told._MENDABLE, **told._OURS, **told._UNTOLD}
    there = {(kind.code, int(status)) for kind, status in table.items() if kind is not errors.UnknownOperation}
    there |= {(told.NOT_FOUND, 404), (told.METHOD_NOT_ALLOWED, 405), (told.UNSUPPORTED, 415), (told.INTERNAL, 500)}
    lines = re.findall(r"^\| (\d+) \| (.*) \|$", section("wire", "Problems"), re.MULTILINE)
    assert {(code, int(status)) for status, codes in lines for code in re.findall(r"`(\w+)`", codes)} == there


@pytest.mark.parametrize("heading", SETTINGS)
def test_every_field_of_the_settings_has_its_line_and_no_other_has(heading: str) -> None:
    assert rows(section("settings", heading)) == {field.name for field in fields(SETTINGS[heading])}


def test_defaults_are_told_as_they_are() -> None:
    text = DOCS["settings"]
    service = ServiceSettings()
    for value in (service.max_body, service.submissions_a_minute, *service.exempt):
        assert (f"{value:,}" if isinstance(value, int) else f"`{value}`") in section("settings", "The web service")
    assert f"{settings_model.MAX_PENDING:,}" in text
    assert f"`{settings_model.DEFAULT_PATH}`" in text
    assert str(settings_model.DEFAULT_PORT) in text


def test_every_environment_variable_that_the_code_knows_has_its_line_and_no_other_has() -> None:
    read = set(re.findall(r"""environ(?:\.get\(|\[)["'](\w+)["']""", CODE)) | set(re.findall(r"PKILAB_[A-Z_]+\w", CODE))
    assert "PKILAB_HOME" in read
    assert rows(section("settings", "Environment")) == read


def test_every_address_of_the_web_service_has_its_line_and_no_other_has() -> None:
    app = create(Nobody(), settings=ServiceSettings())
    there = set(app.openapi()["paths"]) | {path for route in app.routes if (path := getattr(route, "path", ""))}
    there |= {DEFAULT_PATH, soap_path("{instance}")}  # SOAP stands before the routes; tests/web call it at both
    named = {name for name in rows(section("wire", "Addresses")) if name.startswith("/")}
    assert named == there


def test_every_parameter_of_the_list_is_named() -> None:
    app = create(Nobody(), settings=ServiceSettings())
    operation = app.openapi()["paths"]["/{instance}/api/certificates"]["get"]
    asked = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}
    assert rows(section("wire", "Reading")) == asked


def test_every_member_and_parameter_of_a_submission_is_named() -> None:
    cells = re.findall(r"^\| (`.*) \| (.*) \| (`.*) \|$", section("wire", "Submitting"), re.MULTILINE)
    members, parameters, fields = (
        {name for row in cells for name in re.findall(r"`([\w.]+)`", row[at])} for at in range(3)
    )
    assert dict.fromkeys(members) == dict.fromkeys(submission.MEMBERS.values())
    assert fields == set(submission.MEMBERS)
    assert parameters == {parameter["name"] for parameter in submission.PARAMETERS}


def test_every_table_of_the_registry_has_its_line_and_no_other_has() -> None:
    assert rows(section("files", "Registry")) == {*METADATA.tables, "alembic_version"}


def test_every_profile_is_told_as_it_is() -> None:
    table = section("certificates", "Profiles")
    lines = [line.split(" | ") for line in table.splitlines() if line.startswith("|")]
    columns = {cell.strip("*| "): at for at, cell in enumerate(lines[0])}
    usage_row = next(line for line in lines if line[0].startswith("| key usage"))
    purpose_row = next(line for line in lines if line[0].startswith("| extended key usage"))
    for name, at in columns.items():
        if not name:
            continue
        usage = next((usage for usage in usage_model.Usage if usage.label == name), None)
        chosen = usage_model.profile(usage, "Ed25519") if usage else usage_model.ROOT
        assert usage_row[at].strip("| ").partition(";")[0] == ", ".join(chosen.key_usage)
        assert purpose_row[at].strip("| ") == (", ".join(chosen.extended_key_usage) or "–")


def test_every_key_algorithm_is_named() -> None:
    assert rows(section("certificates", "Algorithms")) == {*KeyAlgorithm}
