"""Notebooks are laid out, and nothing that a learner changed is overwritten."""

import json
from pathlib import Path

import pytest

from pkilab.errors import CannotWrite
from pkilab.running import notebooks
from pkilab.running.notebooks import RECORD, LaidOut, lay_out

OWN = notebooks.source()
NOTHING = LaidOut(made=(), updated=(), kept=(), beside=())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Notebooks of a package, version 1."""
    folder = tmp_path / "source"
    (folder / "scripts" / ".ipynb_checkpoints").mkdir(parents=True)
    (folder / "scripts" / ".ipynb_checkpoints" / "tour.ipynb").write_text("old")
    (folder / "00-start-here.ipynb").write_text("start 1")
    (folder / "scripts" / "tour.ipynb").write_text("tour 1")
    (folder / ".hidden").write_text("x")
    return folder


@pytest.fixture
def mine(source: Path, tmp_path: Path) -> Path:
    """A learner's folder with version 1 laid out."""
    folder = tmp_path / "new" / "mine"
    lay_out(source, folder)
    return folder


def texts(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != RECORD)
    return {str(path.relative_to(folder)): path.read_text() for path in found}


def test_a_fresh_folder_gets_all_but_what_is_hidden(source: Path, mine: Path) -> None:
    assert texts(mine) == {"00-start-here.ipynb": "start 1", "scripts/tour.ipynb": "tour 1"}
    assert lay_out(source, mine) == NOTHING


def test_a_file_that_is_gone_is_laid_out_anew(source: Path, mine: Path) -> None:
    (mine / "00-start-here.ipynb").unlink()
    assert lay_out(source, mine).made == ("00-start-here.ipynb",)
    assert texts(mine)["00-start-here.ipynb"] == "start 1"


def test_an_unchanged_file_gives_way_to_a_newer_one(source: Path, mine: Path) -> None:
    (source / "00-start-here.ipynb").write_text("start 2")
    assert lay_out(source, mine) == LaidOut(made=(), updated=("00-start-here.ipynb",), kept=(), beside=())
    assert texts(mine)["00-start-here.ipynb"] == "start 2"


def test_a_changed_file_stays_and_nothing_lies_beside_it_while_there_is_nothing_newer(source: Path, mine: Path) -> None:
    (mine / "00-start-here.ipynb").write_text("mine")
    assert lay_out(source, mine).kept == ("00-start-here.ipynb",)
    assert texts(mine) == {"00-start-here.ipynb": "mine", "scripts/tour.ipynb": "tour 1"}


def test_a_newer_one_is_laid_beside_a_changed_file_once(source: Path, mine: Path) -> None:
    (mine / "scripts" / "tour.ipynb").write_text("mine")
    (source / "scripts" / "tour.ipynb").write_text("tour 2")
    done = lay_out(source, mine)
    assert (done.kept, done.beside) == (("scripts/tour.ipynb",), ("scripts/tour.new.ipynb",))
    assert texts(mine)["scripts/tour.ipynb"] == "mine"
    assert texts(mine)["scripts/tour.new.ipynb"] == "tour 2"
    (mine / "scripts" / "tour.new.ipynb").unlink()
    assert lay_out(source, mine).beside == ()


def test_a_changed_copy_beside_stays_too(source: Path, mine: Path) -> None:
    (mine / "scripts" / "tour.ipynb").write_text("mine")
    (source / "scripts" / "tour.ipynb").write_text("tour 2")
    lay_out(source, mine)
    (mine / "scripts" / "tour.new.ipynb").write_text("mine too")
    (source / "scripts" / "tour.ipynb").write_text("tour 3")
    lay_out(source, mine)
    assert texts(mine)["scripts/tour.ipynb"] == "mine"
    assert texts(mine)["scripts/tour.new.ipynb"] == "mine too"


def test_a_file_of_somebody_elses_is_not_overwritten(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "00-start-here.ipynb").write_text("theirs")
    outside = tmp_path / "outside"
    outside.write_text("far")
    (folder / "scripts").mkdir()
    (folder / "scripts" / "tour.ipynb").symlink_to(outside)
    assert lay_out(source, folder).kept == ("00-start-here.ipynb", "scripts/tour.ipynb")
    assert (folder / "00-start-here.ipynb").read_text() == "theirs"
    assert outside.read_text() == "far"


def test_a_record_that_cannot_be_read_counts_as_none(source: Path, mine: Path) -> None:
    (mine / RECORD).write_text("{")
    (source / "00-start-here.ipynb").write_text("start 2")
    assert lay_out(source, mine).kept == ("00-start-here.ipynb",)
    assert texts(mine)["00-start-here.ipynb"] == "start 1"


def test_where_nothing_can_be_written_a_sentence_says_so(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite, match=r"^Notebooks: .*file.*cannot be written"):
        lay_out(source, tmp_path / "file" / "below")


def test_the_checkout_has_notebooks_with_the_docs_among_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    source, folder = notebooks.source(), tmp_path_factory.mktemp("laid-out")  # practice passwords stand in them
    assert notebooks.default_folder(source) == source
    lay_out(source, folder)
    assert json.loads((folder / "00-start-here.ipynb").read_text())["cells"]
    assert (folder / "docs" / "lab.md").is_file()
    assert not (folder / "docs").is_symlink()


@pytest.mark.parametrize("name", sorted(name for name in notebooks._names(OWN) if name.endswith(".ipynb")))
def test_a_notebook_says_of_its_kernel_what_jupyterlab_would_so_that_opening_it_changes_nothing(name: str) -> None:
    from ipykernel.ipkernel import IPythonKernel
    from ipykernel.kernelspec import get_kernel_dict

    metadata = json.loads((OWN / name).read_text())["metadata"]
    assert metadata["kernelspec"]["display_name"] == get_kernel_dict()["display_name"]
    told = dict(IPythonKernel.language_info)
    told["codemirror_mode"] = {"name": "ipython", "version": 3}
    assert metadata["language_info"].pop("version").startswith("3.")
    assert metadata["language_info"] == {key: value for key, value in told.items() if key != "version"}
