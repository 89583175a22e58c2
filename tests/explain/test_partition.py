"""Of every kind of object, by pkilab and by openssl, each octet belongs to one node, where openssl sees one too."""

from collections.abc import Callable, Iterator

import pytest

from pkilab.explain import explain
from pkilab.explain.reading import Part
from pkilab.explain.tell import tell
from tests.explain.objects import check_owned
from tests.explain.test_real import NUMBERED, elements, run
from tests.explain.writers import Made, OpenSSL, own

KINDS = ("CRL, ", "OCSP request, ", "OCSP response, ", "signed file, ", "container, ", "open key, ", "sealed key, ")


@pytest.fixture(scope="module")
def theirs(tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Made]]:
    writer = OpenSSL(tool("openssl"), tmp_path_factory.mktemp("openssl"))
    yield writer.objects()
    writer.close()


def parts(made: Made) -> list[Part]:
    """The object, and all that its password opens."""
    found = explain(made.data, password=made.password).parts
    opened = [each for part in found for top in part.opened for each in (top, *top.opened)]
    return [*found, *opened]


def check(name: str, made: Made, openssl: str) -> None:
    """See that it is what it is, whole and strict, and that openssl's own parser finds the same elements."""
    first, *opened = parts(made)
    assert first.kind.name == made.kind, name
    assert first.tree.data == made.data, name
    assert len(first.opened) == made.opens, name
    assert any(each.kind.name == "private key" for each in opened) is bool(made.opens), name
    for part in (first, *opened):
        assert check_owned(part.tree) > 1, name
        assert {trouble.code for trouble in part.tree.troubles()} == made.leaves, name
        lines = [NUMBERED.match(line) for line in run(openssl, part.tree.data, "asn1parse").splitlines()]
        seen = [(int(m[1]), int(m[2]), int(m[3]), m[4], m[5] == "cons") for m in lines if m]
        ours = elements(part.tree)
        assert [(at, header, constructed) for at, _, header, _, constructed in ours] == [
            (at, header, constructed) for at, _, header, _, constructed in seen
        ], name
        assert all(theirs in {str(length), "inf"} for (*_, length, _), (*_, theirs, _) in zip(ours, seen, strict=True))
        for node in part.tree.walk():
            told = tell(node)
            assert told.here, (name, node)
            assert told.purpose, (name, node)


def test_both_write_every_kind(theirs: dict[str, Made]) -> None:
    for kind in KINDS:
        assert [name for name in own() if name.startswith(kind)], kind
        assert [name for name in theirs if name.startswith(kind)], kind


def test_of_what_pkilab_writes(tool: Callable[[str], str]) -> None:
    assert len(own()) > 30
    for name, made in own().items():
        check(name, made, tool("openssl"))


def test_of_what_openssl_writes(theirs: dict[str, Made], tool: Callable[[str], str]) -> None:
    assert len(theirs) > 30
    for name, made in theirs.items():
        check(name, made, tool("openssl"))


def test_a_state_is_told_as_it_was_answered(theirs: dict[str, Made]) -> None:
    for writer in (own(), theirs):
        for state, words in (
            ("good", "good"),
            ("revoked", "keyCompromise"),
            ("held", "certificateHold"),
            ("unknown", "unknown"),
        ):
            assert words in str(explain(writer[f"OCSP response, {state}"].data)), state
