"""An operator in a process of its own: issues what is verified, until nothing is left or somebody ends it.

Arguments: the lab's folder and the operator's name. Reads the password from standard input, says `ready`, waits for a
line, and writes a line for each request: its id and what became of it.
"""

import random
import sys
from pathlib import Path

from pkilab.errors import NotPending
from pkilab.lab import Lab


def say(*words: object) -> None:
    """Write a line that is read at once."""
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()


def main() -> None:
    folder, name = Path(sys.argv[1]), sys.argv[2]
    password = sys.stdin.readline().rstrip("\n")
    ca = Lab(folder, actor=name).instance("MyCA").server
    waiting = [request.id for request in ca.pending()]
    random.shuffle(waiting)
    say("ready")
    sys.stdin.readline()
    for request_id in waiting:
        try:
            issued = ca.issue(request_id, password=password)
        except NotPending as error:
            say(request_id, "told", error.by, error.number)
        else:
            say(request_id, "issued", name, issued.number)


main()
