"""In which languages a dossier is read: its own codes (Circular 05/2025/TT-BNV), Vietnamese always first."""

from collections.abc import Iterable

VIETNAMESE, ENGLISH, FRENCH = "vie", "eng", "fra"
READ_AS = {"02": ENGLISH, "03": FRENCH, "06": ENGLISH, "08": FRENCH}  # the others have no Latin letters, or only ours


def reading_languages(codes: Iterable[str]) -> tuple[str, ...]:
    """Give the reader's names of the languages (ISO 639-3), each once."""
    return tuple(dict.fromkeys((VIETNAMESE, *(READ_AS[code] for code in codes if code in READ_AS))))
