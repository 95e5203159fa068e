"""The language that people are spoken to in: every sentence for them goes through here.

The message ids are English. A catalogue of another language, when there is one,
is `locale/<language>/LC_MESSAGES/natverk.mo` beside this file, and is chosen as
gettext does, by LANGUAGE, LC_ALL, LC_MESSAGES or LANG: the first that is set.
"""

from __future__ import annotations

import gettext
import os
from functools import cache

DOMAIN = "natverk"
FOLDER = os.path.join(os.path.dirname(__file__), "locale")


def _(text: str) -> str:
    """`text` in the reader's language, or as it is when there is no translation."""
    return _catalogue().gettext(text) if text else ""  # "" is the catalogue's own header


def plural(singular: str, plural: str, n: int) -> str:
    """The form of a template that goes with `n` things; filling it in is the caller's."""
    return _catalogue().ngettext(singular, plural, n)


def N_(text: str) -> str:
    """`text` as it is: marks what is translated later, when it is shown."""
    return text


@cache
def _catalogue() -> gettext.NullTranslations:
    for language in _languages():
        if language.startswith("en") or language in ("C", "POSIX"):
            break  # what the messages are written in
        try:
            return gettext.translation(DOMAIN, FOLDER, [language])
        except OSError:  # there is no such catalogue: the next wish
            continue
    return gettext.NullTranslations()


def _languages() -> list[str]:
    """The languages that the reader wishes for, best first, without their encodings."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return [language.partition(".")[0] for language in value.split(":") if language]
    return []
