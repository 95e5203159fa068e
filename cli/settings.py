"""`natverk.toml`: which ledger, and who records."""

from __future__ import annotations

import os
from typing import NamedTuple

from ledger.errors import Unusable, Usage
from ledger.places import Server, place_of

FILE = "natverk.toml"


class SettingsUnreadable(Usage):
    """The settings file is not what it should be."""

    message = "{path} cannot be read: {reason}"
    hint = 'it holds lines such as me = "m1" and ledger = "natverk.db"'


class SettingsUnwritable(Unusable):
    """The settings file cannot be written."""

    message = "{path} cannot be written: {reason}"
    hint = "say who records with --recorded-by instead"


class Settings(NamedTuple):
    """`path` is the file found, None when there is none; `me` a member's id.

    `named` is whether the file itself says which ledger. `network`, a name or an id, is for a
    database that has several.
    """

    path: str | None = None
    ledger: str | None = None
    me: str | None = None
    named: bool = False
    network: str | None = None


def find_settings(here: str) -> Settings:
    """The settings in the first `natverk.toml` from `here` upward.

    A ledger it does not name is `natverk.db` beside it. Raises `SettingsUnreadable`.
    """
    folder = os.path.abspath(here)
    while True:
        path = os.path.join(folder, FILE)
        if os.path.isfile(path):
            return _read(path)
        parent = os.path.dirname(folder)
        if parent == folder:
            return Settings()
        folder = parent


def store_me(settings: Settings, here: str, me: str, ledger: str | Server) -> str:
    """Store who records, and for which ledger where it is not `named`; returns the file.

    Raises `SettingsUnwritable`.
    """
    path = settings.path or os.path.join(here, FILE)
    kept: list[str] = []
    if settings.path is not None:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        new = ("me",) if settings.named else ("me", "ledger")
        kept = [line for line in lines if line.partition("=")[0].strip() not in new]
    if not settings.named:
        if isinstance(ledger, Server):
            written = ledger.without_password
        else:
            written = os.path.relpath(ledger, os.path.dirname(os.path.abspath(path)))
        kept = [f"ledger = {_quoted(written)}", *kept]
    if isinstance(ledger, Server) and ledger.network and not settings.network:
        kept.append(f"network = {_quoted(ledger.network)}")
    lines = [f"me = {_quoted(me)}", *kept]
    fresh = f"{path}.new"
    try:
        with open(fresh, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        os.replace(fresh, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsUnwritable(path=str(path), reason=reason) from None
    return path


def _read(path: str) -> Settings:
    import tomllib  # noqa: PLC0415 - only when there is a file

    try:
        with open(path, "rb") as file:
            values = tomllib.load(file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsUnreadable(path=path, reason=str(error)) from None
    ledger, me, network = (
        values.get("ledger", "natverk.db"),
        values.get("me"),
        values.get("network"),
    )
    if not isinstance(ledger, str) or not all(isinstance(x, str | None) for x in (me, network)):
        raise SettingsUnreadable(path=str(path), reason="ledger, network and me are texts")
    if not isinstance(place_of(ledger), Server):
        ledger = os.path.join(os.path.dirname(path), ledger)
    return Settings(path, ledger, me, "ledger" in values, network)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
