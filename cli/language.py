"""Words of the command line in the language of the terminal: Vietnamese, or English where the locale says so."""

import os


def is_english() -> bool:
    """Say whether the locale asks for English; C and POSIX ask for nothing, and Vietnamese is the default."""
    for variable in ("SAOLUU_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return value.lower().startswith("en")
    return False


def say(vi: str, en: str) -> str:
    """Choose between two wordings."""
    return en if is_english() else vi
