"""Write environment.yml (conda, Binder): the direct dependencies at the versions of requirements.lock.

Needs nothing but Python's standard library.
"""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRA = ("nbval", "pytest")  # so that a reader on Binder can run the notebooks as tests

HEAD = """\
# For conda, mamba and Binder; written by `make lock` from requirements.lock, a test holds them together.
# Packages come by pip: the versions in the lock are on PyPI, on conda-forge not always.
name: pkilab
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
"""


def main() -> None:
    """Rewrite environment.yml; KeyError if a dependency is missing from the lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^ ]+)", lock, re.MULTILINE))
    direct = {re.split(r"[^A-Za-z0-9._-]", line)[0]: line.partition(";")[1:] for line in project["dependencies"]}
    direct |= dict.fromkeys(EXTRA, ("", ""))
    pins = "".join(f"      - {name}=={locked[name]}{''.join(only)}\n" for name, only in sorted(direct.items()))
    (ROOT / "environment.yml").write_text(f"{HEAD}{pins}      - -e .\n", encoding="utf-8")


if __name__ == "__main__":
    main()
