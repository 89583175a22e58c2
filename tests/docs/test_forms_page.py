"""docs/forms.md tells of every task of the desk, and every picture is shown somewhere, small, and told in words."""

import re
from pathlib import Path

import pytest

from pkilab.desk import Desk
from pkilab.desk.tasks import TASKS, Task

ROOT = Path(__file__).resolve().parents[2]
ROWS = re.findall(r"^\| (.+?) \| (.+?) \| `desk\.(.+?)` \|$", (ROOT / "docs" / "forms.md").read_text(), re.MULTILINE)
SHOWN = {
    (page.parent / path).resolve(): words
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    for words, path in re.findall(r"!\[(.*?)\]\((\S+?)\)", page.read_text(encoding="utf-8"))
}
PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_every_task_has_its_line(task: Task) -> None:
    calls = [call for label, _, call in ROWS if label == task.label]
    assert calls == [f"{task.id}()" if hasattr(Desk, task.id) else f'task("{task.id}")']


def test_no_line_tells_of_a_task_that_is_not_there() -> None:
    assert {label for label, _, _ in ROWS} - {task.label for task in TASKS} == {"Process a request"}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_shown_small_and_told_in_words(picture: Path) -> None:
    assert picture.suffix == ".png"
    assert picture.stat().st_size <= 120_000
    assert len(SHOWN[picture].split()) >= 8
