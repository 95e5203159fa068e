"""`natverk.toml`: which ledger, and who records."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ledger.errors import Unusable, Usage

FILE = "natverk.toml"


class SettingsUnreadable(Usage):
    """The settings file is not what it should be."""

    message = "{path} cannot be read: {reason}"
    hint = 'it holds lines such as me = "m1" and ledger = "natverk.db"'


class SettingsUnwritable(Unusable):
    """The settings file cannot be written."""

    message = "{path} cannot be written: {reason}"
    hint = "say who records with --recorded-by instead"


@dataclass(frozen=True, slots=True)
class Settings:
    """`path` is the file found, None when there is none; `me` a member's id."""

    path: Path | None = None
    ledger: Path | None = None
    me: str | None = None


def find_settings(here: Path) -> Settings:
    """The settings in the first `natverk.toml` from `here` upward.

    A ledger it does not name is `natverk.db` beside it. Raises `SettingsUnreadable`.
    """
    for folder in (here, *here.parents):
        path = folder / FILE
        if path.is_file():
            return _read(path)
    return Settings()


def store_me(settings: Settings, here: Path, me: str, ledger: Path) -> Path:
    """Store who records, and for which ledger; returns the file. Raises `SettingsUnwritable`."""
    path = settings.path or here / FILE
    kept: list[str] = []
    if settings.path is not None:
        lines = settings.path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.partition("=")[0].strip() not in ("me", "ledger")]
    relative = os.path.relpath(ledger.absolute(), path.parent.absolute())
    lines = [f"me = {_quoted(me)}", f"ledger = {_quoted(relative)}", *kept]
    fresh = path.with_suffix(".toml.new")
    try:
        fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsUnwritable(path=str(path), reason=reason) from None
    return path


def _read(path: Path) -> Settings:
    import tomllib  # noqa: PLC0415 - only when there is a file

    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsUnreadable(path=str(path), reason=str(error)) from None
    ledger, me = values.get("ledger", "natverk.db"), values.get("me")
    if not isinstance(ledger, str) or not isinstance(me, str | None):
        raise SettingsUnreadable(path=str(path), reason="ledger and me are texts")
    return Settings(path, path.parent / ledger, me)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
