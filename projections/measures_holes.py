"""How closed the surroundings of each member are: triangles, Burt's constraint, effective size.

The graph library has neither of Burt's measures, and of transitivity only the ratio. All three
need nothing but each triangle of ties once, so they are found here in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from projections.ratio import Ratio

if TYPE_CHECKING:
    from projections.graph import Graph


@dataclass(frozen=True, slots=True)
class Holes:
    """How many triangles of ties there are; by member the constraint and the effective size.

    Both are of Burt, Structural Holes (1992), with z_ij the weight of a tie both ways together
    and p_ij = z_ij / Σ_k z_ik. The constraint is Σ_j (p_ij + Σ_q p_iq p_qj)². The effective
    size is Σ_j (1 − Σ_q p_iq z_jq / max_k z_jk). j and q are those with whom i has a tie, q ≠ j.
    Without any tie both are undefined.
    """

    triangles: int
    constraint: list[Ratio]
    effective_size: list[Ratio]


def holes_of(graph: Graph) -> Holes:
    """The triangles of a graph and what follows from them.

    What the two members of a tie have in common counts for both of them alike: only the sums
    over those who are shared are needed, and these once for each tie.
    """
    ties = graph.ties
    strength = [sum(others.values()) for others in ties]
    strongest = [max(others.values(), default=0) for others in ties]
    squares: list[float] = [sum([z * z for z in others.values()]) for others in ties]
    redundant: list[float] = [0] * len(ties)
    corners = 0
    for i, j, shared in graph.closed_ties:
        corners += len(shared)
        of_i, of_j = ties[i], ties[j]
        both: float = 0  # Σ_q z_iq z_jq
        through: float = 0  # Σ_q z_iq z_jq / Σ_k z_qk
        for q in shared:
            product = of_i[q] * of_j[q]
            both += product
            through += product / strength[q]
        more = through * (2 * of_i[j] + through)  # (z_ij + through)² − z_ij²
        squares[i] += more
        squares[j] += more
        redundant[i] += both / strongest[j]
        redundant[j] += both / strongest[i]
    return Holes(
        corners // 3,
        [Ratio(square, total * total) for square, total in zip(squares, strength, strict=True)],
        [
            Ratio(len(others) * total - less, total)
            for others, total, less in zip(ties, strength, redundant, strict=True)
        ],
    )
