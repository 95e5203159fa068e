"""On which file system a path lies."""

from __future__ import annotations

from pathlib import Path

MOUNTS = Path("/proc/self/mounts")


def file_system_of(path: Path) -> str:
    """The kind of the file system that a path lies on; empty where the system does not say."""
    best, kind = "", ""
    try:
        with MOUNTS.open(encoding="utf-8", errors="replace") as mounts:
            for line in mounts:
                _device, point, found = line.split()[:3]
                point = point.replace("\\040", " ")
                inside = point == "/" or path == Path(point) or Path(point) in path.parents
                if inside and len(point) >= len(best):
                    best, kind = point, found
    except OSError:
        return ""
    return kind
