"""How what is printed reaches its reader: terminal, pipe or file, and what when that stops."""

from __future__ import annotations

import os
import select
import sys
from typing import NoReturn, TextIO

WIDTH = 80  # of a terminal that does not say


def is_terminal() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def coloured() -> bool:
    """Whether stdout takes colours, and nobody said that it should not have any."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width() -> int | None:
    """Columns of the terminal; None when stdout is none. (shutil would cost 4 ms.)"""
    if not is_terminal():
        return None
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or WIDTH
    except (OSError, ValueError):
        return WIDTH


def put(text: str) -> None:
    """A text on stdout, in its encoding."""
    if sys.stdout is None:  # closed by whoever started us
        return
    try:
        sys.stdout.write(_encodable(text, sys.stdout))
    except OSError as error:
        stopped(error)


def put_bytes(text: str) -> None:
    """A text on stdout in UTF-8, whatever its encoding."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        return put(text)
    try:
        sys.stdout.flush()
        buffer.write(text.encode())
    except OSError as error:
        stopped(error)


def flush() -> None:
    """Now, so that a reader who has gone is noticed here and not when the process ends."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError as error:
        stopped(error)


def stop_without_reader() -> None:
    """End the process as the next write would, if whoever reads stdout has gone."""
    try:
        watch = select.poll()
        watch.register(sys.stdout.fileno(), 0)
    except (AttributeError, OSError, ValueError):  # no stdout, or none that anybody could leave
        return
    if any(event & (select.POLLERR | select.POLLHUP) for _, event in watch.poll(0)):
        stopped(BrokenPipeError())


def say(line: str) -> None:
    """A line on stderr."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(_encodable(line + "\n", sys.stderr))
        sys.stderr.flush()
    except BrokenPipeError:
        _forget(sys.stderr)  # the exit code still says it


def _encodable(text: str, stream: TextIO) -> str:
    """`text` with what the stream's encoding lacks written as escapes."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def stopped(error: OSError) -> NoReturn:
    """stdout takes no more: its reader has gone, which is no fault, or its disk is full."""
    _forget(sys.stdout)
    if isinstance(error, BrokenPipeError):
        raise SystemExit(0)
    from cli.files import OutputStopped  # noqa: PLC0415 - hardly ever needed

    raise OutputStopped(reason=error.strerror or str(error))


def _forget(stream: TextIO) -> None:
    """Let what the stream still holds go nowhere, or Python complains of it at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError):  # not a file: nothing will be written to it later
        pass
    finally:
        os.close(nowhere)
