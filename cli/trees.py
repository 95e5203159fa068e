"""Trees on a terminal: what goes before each line so that it hangs from the one that it came of."""

from __future__ import annotations

from collections.abc import Sequence

_HANGS, _LAST, _PASSES, _OVER = "├─ ", "└─ ", "│  ", "   "


def branches(depths: Sequence[int]) -> list[str]:
    """What to put before lines of these depths, each after the one that it hangs from.

    Those of depth 0 hang from nothing.
    """
    found: list[str] = []
    goes_on: list[bool] = []  # by depth, whether another line follows on the same branch
    for depth in reversed(depths):
        del goes_on[depth + 1 :]
        goes_on += [False] * (depth + 1 - len(goes_on))
        if depth:
            passed = "".join(_PASSES if each else _OVER for each in goes_on[1:depth])
            found.append(passed + (_HANGS if goes_on[depth] else _LAST))
        else:
            found.append("")
        goes_on[depth] = True
    return found[::-1]
