"""Chance that falls the same way every time for the same seed."""

from random import Random


def chance(*seed: object) -> Random:
    """Give dice that depend on the words of the seed alone, on every machine."""
    return Random("/".join(map(str, seed)))  # noqa: S311 (made-up documents, nothing secret)
