"""A network moves from one server to another under load: for how long does nobody record in it?

Both are started from the machine's own binaries; without them this fails. Nothing that was
recorded may be lost, and `verify` has to find nothing, or this fails too.
"""

from __future__ import annotations

from time import monotonic

from conftest import Figures, of_the_tests

WRITERS = 4  # in the network that moves, and as many in one that stays


def test_a_network_that_moves(figures: Figures) -> None:
    clusters = [of_the_tests("servers").Cluster.started() for _ in range(2)]
    try:
        began = monotonic()
        writers, fenced = of_the_tests("moving").move_under_load(
            *clusters, WRITERS, before=200, after=100
        )
        whole = monotonic() - began
    finally:
        for cluster in clusters:
            cluster.end()
    longest = max(writer.longest_wait for writer in writers[WRITERS:])
    recorded = sum(len(writer.recorded) for writer in writers)
    name = f"fence while a network moves, {recorded} recorded and none lost"
    figures.at_most(name, fenced / whole, 0.5, "of the run")
    name = "longest wait in a network that stays, meanwhile"
    figures.at_most(name, longest / whole, 0.5, "of the run")
