"""Pairs of pages that are likely two scans of one page, by their fingerprints."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from shared.imaging.fingerprint import likeness_of

LIKELY = 0.9


def likely_pairs(fingerprints: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """Give pairs by name, with how alike they are, 0 to 1; `fingerprints` are of the pages of one dossier."""
    for (a, one), (b, other) in combinations(fingerprints.items(), 2):
        score = likeness_of(one, other)
        if score >= LIKELY:
            yield a, b, score
