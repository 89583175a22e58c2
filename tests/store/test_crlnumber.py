import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.errors import CrlNumberBroken, KeyMissing
from pkilab.model.certificate import MAX_SERIAL
from pkilab.store.crlnumber import CrlNumberFile


def test_the_file_holds_the_next_number_as_openssl_ca_has_it(tmp_path: Path) -> None:
    file = CrlNumberFile(tmp_path / "MyCA.crlnumber")
    assert file.next() is None
    assert file.take(1, above=0) == range(1, 2)
    assert file.path.read_bytes() == b"02\n"
    assert file.take(3, above=0) == range(2, 5)
    assert file.path.read_bytes() == b"05\n"


def test_numbers_go_on_above_what_is_known_where_the_file_is_lost_or_old(tmp_path: Path) -> None:
    file = CrlNumberFile(tmp_path / "MyCA.crlnumber")
    assert file.take(1, above=9) == range(10, 11)
    file.path.write_bytes(b"03\n")
    assert file.take(2, above=10) == range(11, 13)
    file.path.write_bytes(b"FF\n")
    assert file.take(1, above=12) == range(255, 256)
    assert file.path.read_bytes() == b"0100\n"


@pytest.mark.parametrize("content", [b"", b"\n", b"1", b"0x1F", b"hello", b"01 02", b"%x" % (MAX_SERIAL + 1)])
def test_what_is_no_number_is_to_be_repaired_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = CrlNumberFile(tmp_path / "MyCA.crlnumber")
    file.path.write_bytes(content)
    with pytest.raises(CrlNumberBroken, match="next number"):
        file.take(1, above=0)
    assert file.path.read_bytes() == content


def test_the_end_of_the_numbers_is_an_error(tmp_path: Path) -> None:
    file = CrlNumberFile(tmp_path / "MyCA.crlnumber")
    with pytest.raises(CrlNumberBroken, match="at the end"):
        file.take(2, above=MAX_SERIAL - 1)


def test_without_its_folder_the_medium_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="Mount the medium"):
        CrlNumberFile(tmp_path / "absent" / "MyCA.crlnumber").take(1, above=0)


@given(st.integers(0, MAX_SERIAL - 100), st.integers(1, 50))
def test_whatever_is_written_is_read(above: int, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = CrlNumberFile(Path(folder) / "x.crlnumber")
        taken = file.take(count, above=above)
        assert file.next() == taken.stop
