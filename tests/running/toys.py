"""Programs to supervise that are up at once, and a supervisor of them as a process: `python -m tests.running.toys`.

A toy called stubborn ignores SIGTERM; one called parent has a child in a session of its own; one called mortal dies
at once; one called flaky ends after a moment.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from pkilab.errors import PkilabError
from pkilab.model.running import Part
from pkilab.running import supervisor, watch
from pkilab.running.program import Program

_TOYS = {
    "plain": "import time; time.sleep(600)",
    "stubborn": "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
    "parent": (
        "import subprocess, sys, time;"
        "subprocess.Popen([sys.executable, '-c', 'import signal, time;"
        " signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)'], start_new_session=True);"
        "time.sleep(600)"
    ),
    "mortal": "import sys; sys.exit('the bank is closed')",
    "flaky": "import time; time.sleep(0.5)",
}


def main(folder: Path, mark: str, names: list[str]) -> None:
    """Supervise toys until told to end, and tell what happens line by line."""

    def answers(name: str) -> str | None:
        return f"toy://{name}" if name != "mortal" else None

    environment = {**os.environ, watch.MARK: mark}
    programs = [
        Program(
            name=name,
            label=name.title(),
            arguments=(sys.executable, "-c", _TOYS[name]),
            environment=environment,
            folder=folder,
            answers=partial(answers, name),
        )
        for name in names
    ]

    def changed(parts: tuple[Part, ...]) -> None:
        say("parts", *(f"{part.name}:{part.pid}:{part.state.value}:{part.restarts}" for part in parts))

    sockets = Path(tempfile.mkdtemp(prefix="pkilab-", dir=folder))
    say("sockets", str(sockets))
    over = supervisor.Supervisor(
        programs, logs=folder, mark=mark, sockets=sockets, say=lambda words: say("said", words), changed=changed
    )
    try:
        over.run(lambda: say("ready"))
    except PkilabError as error:
        say("error", error.code, str(error))


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    supervisor.PATIENCE = 0.5
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
