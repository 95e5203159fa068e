"""The process `natverk`, which `python -m cli` is too."""

from __future__ import annotations

import gc


def main() -> None:
    """The command `natverk`; ends the process with the documented exit code.

    Until the command is loaded, nothing looks for what could be cleared away: all of it stays,
    and to look takes a tenth of a short command's time.
    """
    gc.disable()
    from cli.main import main as natverk  # noqa: PLC0415 - see above

    natverk()


if __name__ == "__main__":
    main()
