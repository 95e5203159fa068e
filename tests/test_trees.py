"""Trees on a terminal."""

from __future__ import annotations

from cli.trees import branches


def test_lines_hang_from_the_one_above_that_is_less_deep() -> None:
    names = ("a", "b", "c", "d", "e", "f", "g")
    depths = (0, 1, 2, 2, 1, 2, 0)
    drawn = [line + name for line, name in zip(branches(depths), names, strict=True)]
    assert drawn == ["a", "├─ b", "│  ├─ c", "│  └─ d", "└─ e", "   └─ f", "g"]


def test_nothing_is_drawn_of_nothing() -> None:
    assert branches([]) == []
    assert branches([0, 0]) == ["", ""]
