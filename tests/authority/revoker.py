"""An operator in a process of its own: revokes certificates until none is left or somebody ends it.

Arguments: the lab's folder, the operator's name, and `die` to be killed after a list's number is durable and before
the list is. Reads the password from standard input, says `ready`, waits for a line, and writes a line for each
number and what became of it.
"""

import os
import random
import signal
import sys
from pathlib import Path

from pkilab.errors import AlreadyRevoked
from pkilab.lab import Lab
from pkilab.x509 import crl


def say(*words: object) -> None:
    """Write a line that is read at once."""
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()


def die(*_given: object, **_named: object) -> bytes:
    """End as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def main() -> None:
    folder, name = Path(sys.argv[1]), sys.argv[2]
    if "die" in sys.argv:
        crl.sign = die
    password = sys.stdin.readline().rstrip("\n")
    ca = Lab(folder, actor=name).instance("MyCA").server
    numbers = [certificate.number for certificate in ca.certificates(limit=100).certificates]
    random.shuffle(numbers)
    say("ready")
    sys.stdin.readline()
    for number in numbers:
        try:
            ca.revoke(number, reason="superseded", password=password)
        except AlreadyRevoked as error:
            say(number, "told", error.by)
        else:
            say(number, "revoked", name)


main()
