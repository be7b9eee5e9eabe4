"""The order of a list: by series, then by file code, numbers inside codes by their value (2 before 10)."""

import re

_DIGITS = re.compile(r"([0-9]+)")

Piece = tuple[int, int, str]
Place = tuple[bool, tuple[Piece, ...], tuple[Piece, ...], str]


def place_of(series_code: str | None, file_code: str) -> Place:
    """Give the place of a dossier on its list; those without a series come last, no two codes share a place."""
    return not series_code, pieces(series_code or ""), pieces(file_code), file_code


def pieces(code: str) -> tuple[Piece, ...]:
    """Cut a code into words and numbers, so that both can be compared."""
    return tuple(
        (0, int(piece), piece) if piece.isascii() and piece.isdigit() else (1, 0, piece)
        for piece in _DIGITS.split(code)
        if piece
    )
