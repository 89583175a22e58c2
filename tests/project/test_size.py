"""A module fits on a few screens, a function on one; a longer function says why beside its `def`."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "pkilab").rglob("*.py"))
MODULE_LINES = 400
FUNCTION_LINES = 60


def has_reason(lines: list[str], function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A comment `# long: because …` stands above the decorators or anywhere up to the first line of the body."""
    first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
    heading = lines[max(first - 2, 0) : function.body[0].lineno - 1]
    return any(line.partition("# long:")[2].strip() for line in heading)


def long_functions(source: str) -> Iterator[str]:
    """Names of functions longer than a screen that give no reason."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES and not has_reason(source.splitlines(), node):
                yield f"{node.name} ({length} lines)"


def test_modules_have_at_most_400_lines() -> None:
    assert MODULES
    lengths = {m: len(m.read_text(encoding="utf-8").splitlines()) for m in MODULES}
    assert {str(m.relative_to(ROOT)): n for m, n in lengths.items() if n > MODULE_LINES} == {}


def test_functions_fit_on_a_screen_or_say_why_not() -> None:
    found = {str(m.relative_to(ROOT)): list(long_functions(m.read_text(encoding="utf-8"))) for m in MODULES}
    assert {module: names for module, names in found.items() if names} == {}


def test_the_measure_sees_a_long_function_and_takes_a_reason() -> None:
    body = "    x = 1\n" * FUNCTION_LINES
    assert list(long_functions(f"def f():\n{body}")) == ["f (61 lines)"]
    assert list(long_functions(f"class A:\n async def f(self):\n{body}")) == ["f (61 lines)"]
    assert list(long_functions("def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1))) == []
    assert list(long_functions(f"def f():  # long:\n{body}")) == ["f (61 lines)"]
    assert list(long_functions(f"def f():  # long: one table\n{body}")) == []
    assert list(long_functions(f"# long: one table\n@d\ndef f():\n{body}")) == []
    assert list(long_functions(f"# long: one table\nx = 1\ndef f():\n{body}")) == ["f (61 lines)"]
