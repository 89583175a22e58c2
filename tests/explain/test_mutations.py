"""Inputs spoilt by chance neither crash nor hang what explains them: bounded in time, memory and depth.

`python -m tests.explain.test_mutations 100000` does as many; the tests do a part.
"""

import gc
import random
import sys
import time
import tracemalloc

import pytest

from pkilab.explain import explain, lines
from pkilab.explain.kinds import told
from pkilab.explain.tell import tell
from tests.explain.objects import check_owned, mutated, own_objects, real_certificates

SECONDS = 1.0
"""What one input of some kilobytes may take, with everything that is told of it."""


def inputs() -> list[bytes]:
    """What is spoilt: the lab's own objects and every tenth real certificate."""
    return [*own_objects().values(), *list(real_certificates().values())[::10]]


def run(count: int, seed: int) -> float:
    """Explain `count` spoilt inputs, each in full; how long the slowest took."""
    chance, whole, slowest = random.Random(seed), inputs(), 0.0
    gc.collect()
    gc.freeze()  # what other tests have left behind is not looked over for garbage while time is taken
    for _ in range(count):
        data = mutated(chance.choice(whole), chance)
        begin = time.process_time()
        tree = told(data)[1]
        check_owned(tree)
        for node in tree.walk():
            said = tell(node)
            assert said.title
            assert said.here
            assert all(0 <= trouble.offset <= len(data) for trouble in said.troubles)
        slowest = max(slowest, time.process_time() - begin)
    gc.unfreeze()
    return slowest


@pytest.mark.parametrize("seed", range(4))
def test_a_part_of_them_is_explained_in_time(seed: int) -> None:
    assert run(150, seed) < SECONDS


@pytest.mark.slow
def test_more_of_them_are_explained_in_time() -> None:
    assert run(3000, 4711) < SECONDS


def test_spoilt_pem_is_explained() -> None:
    from pkilab.model.request import pem

    chance = random.Random(7)
    whole = pem("CERTIFICATE", own_objects()["root ec-p256"]).encode()
    for _ in range(300):
        spoilt = explain(mutated(whole, chance))
        assert list(lines.overview(spoilt))
        assert list(lines.octets(spoilt))


def test_memory_stays_in_proportion() -> None:
    data = b"\x30\x00" * 100_000
    tracemalloc.start()
    tree = told(b"\x30\x83\x03\x0d\x40" + data)[1]
    check_owned(tree)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 600 * len(data)


if __name__ == "__main__":
    many = int(sys.argv[1])
    started = time.monotonic()
    took = run(many, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    sys.stdout.write(f"{many:,} inputs in {time.monotonic() - started:.0f} s, the slowest {took:.3f} s\n")
