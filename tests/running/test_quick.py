"""A module that is run quickly is run as it would be otherwise."""

import json
import subprocess
from pathlib import Path

from pkilab.running.program import QUICKLY

SCRIPT = """
import gc, importlib.util, json, sys
def there(name):
    try:
        __import__(name)
    except ImportError:
        return False
    return True
print(json.dumps({"name": __name__, "arguments": sys.argv[1:], "threshold": gc.get_threshold()[0],
                  "heavy": there("rfc3987_syntax"), "jsonschema": there("jsonschema"), "path": sys.path[0]}))
sys.exit(3)
"""


def test_it_is_the_main_module_with_its_arguments_and_exit_code(tmp_path: Path) -> None:
    (tmp_path / "told.py").write_text(SCRIPT)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "json.py").write_text("raise SystemExit('a file where one stands is not imported')")
    done = subprocess.run(
        [*QUICKLY, "told", "--port", "1"],
        env={"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path / "elsewhere",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    told = json.loads(done.stdout)
    assert (told["name"], told["arguments"]) == ("__main__", ["--port", "1"])
    assert told["threshold"] > 10_000
    assert (told["heavy"], told["jsonschema"]) == (False, True)
