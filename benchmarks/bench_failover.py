"""A primary is killed under load, its standby is promoted: how long does who records wait?

Both are started from the machine's own binaries; without them this fails. Nothing that was
acknowledged may be lost, and `verify` has to find nothing, or this fails too.
"""

from __future__ import annotations

from conftest import Figures, of_the_tests

WRITERS = 8


def test_a_primary_that_is_killed(figures: Figures) -> None:
    of_the_tests("servers")
    writers, promoted = of_the_tests("failover").fail_over(WRITERS, before=100, after=100)
    longest = max(writer.longest_wait for writer in writers)
    acknowledged = sum(len(writer.acknowledged) for writer in writers)
    name = f"longest wait of {WRITERS} writers, {acknowledged} acknowledged and none lost"
    figures.at_most(name, longest / promoted, 10, "times the promotion")
