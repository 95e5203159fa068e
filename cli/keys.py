"""The key that a person signs with: one file, for its owner's eyes only, outside every ledger."""

from __future__ import annotations

import os
from pathlib import Path

from cli.files import NotWritten
from ledger.errors import LedgerError
from ledger.signing import NotASecretKey, SecretKey, secret_key

OTHERS = 0o077  # the bits that let others in


class NoKey(LedgerError):
    """Someone who has no key would sign."""

    message = "you have no key: there is none at {path}"
    hint = "natverk key new makes one"


class KeyExists(LedgerError):
    """A key would be made where one is."""

    message = "you have a key: {path}"
    hint = "natverk key show prints what others need; a key is never overwritten"


class KeyOpenToOthers(LedgerError):
    """The file of a key can be read or written by others."""

    message = "others may read or change {path}"
    hint = "close it with chmod 600; if others had access to it, move it away and make a new key"


class KeyUnreadable(LedgerError):
    """The file of a key cannot be read."""

    message = "{path} cannot be read: {reason}"
    hint = "check the permissions of the file and of its folder"


def key_file() -> Path:
    """Where the key is: `natverk/key` in XDG_CONFIG_HOME, else in ~/.config."""
    configured = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    folder = configured if configured.is_absolute() else Path.home() / ".config"
    return folder / "natverk" / "key"


def own_key() -> SecretKey:
    """One's own key. Raises `NoKey`, `KeyOpenToOthers`, `KeyUnreadable`, `NotASecretKey`."""
    path = key_file()
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(10_000).decode(errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        raise NoKey(path=str(path)) from None
    except OSError as error:
        raise KeyUnreadable(path=str(path), reason=error.strerror or str(error)) from None
    if mode & OTHERS:
        raise KeyOpenToOthers(path=str(path))
    key = secret_key(text)
    if key is None:
        raise NotASecretKey(path=str(path))
    return key


def own_key_if_any() -> SecretKey | None:
    """One's own key, None where there is none that can be used: to check needs none."""
    try:
        return own_key()
    except (NoKey, KeyOpenToOthers, KeyUnreadable, NotASecretKey):
        return None


def store_key(key: SecretKey) -> Path:
    """Store a new key; returns its file. Raises `KeyExists`, `NotWritten`."""
    path = key_file()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{key}\n")
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink()
            raise
    except FileExistsError:
        raise KeyExists(path=str(path)) from None
    except OSError as error:
        raise NotWritten(path=str(path), reason=error.strerror or str(error)) from None
    return path
