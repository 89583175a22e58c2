import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkilab.x509 import pem


@given(st.binary(min_size=1, max_size=500), st.text(alphabet=" \t\r\n", max_size=4), st.integers(1, 80))
def test_white_space_in_and_round_a_block_does_not_matter(content: bytes, space: str, width: int) -> None:
    digits = base64.b64encode(content).decode()
    lines = f"{space}\n".join(digits[at : at + width] for at in range(0, len(digits), width))
    text = f"{space}-----BEGIN{space or ' '}THING-----{space}{lines}{space}-----END THING-----{space}"
    (block,) = pem.blocks(text)
    assert (block.label, block.der, block.headers) == ("THING", content, ())


@given(st.binary(max_size=300))
def test_what_is_written_reads_back(content: bytes) -> None:
    text = pem.write("A KEY", content)
    assert [(block.label, block.der) for block in pem.blocks(text.encode())] == [("A KEY", content)]


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_anything_is_blocks_or_a_value_error(data: bytes | str) -> None:
    with contextlib.suppress(ValueError):
        list(pem.blocks(data))


def test_text_between_blocks_is_skipped() -> None:
    text = f"subject=CN = x\n{pem.write('A', b'1')}\nBag Attributes: none\n{pem.write('B', b'2')}trailer"
    assert [(block.label, block.der) for block in pem.blocks(text)] == [("A", b"1"), ("B", b"2")]


def test_a_file_that_a_shell_wrote_as_utf_16_is_read() -> None:
    assert [block.der for block in pem.blocks(pem.write("A", b"1").encode("utf-16"))] == [b"1"]


@pytest.mark.parametrize(
    "text", ["-----BEGIN A-----\nMQ==", "-----BEGIN A", "-----BEGIN A-----\nM*==\n-----END A-----"]
)
def test_a_block_that_does_not_end_or_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="PEM block"):
        list(pem.blocks(text))


def test_a_label_with_control_characters_is_no_label() -> None:
    assert list(pem.blocks("-----BEGIN \x1b[31mA-----\nMQ==\n-----END A-----")) == []


def test_headers_are_kept_and_written_again() -> None:
    text = "-----BEGIN A-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-128-CBC,00\r\n\r\nMQ==\r\n-----END A-----\r\n"
    (block,) = pem.blocks(text)
    assert block.encrypted
    assert block.text == text.replace("\r", "").encode()
