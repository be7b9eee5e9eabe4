"""Pairs of pages that are likely two scans of one page, by their fingerprints."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from shared.imaging.fingerprint import unpacked
from shared.imaging.layout import Layout
from shared.imaging.likeness import likeness_of

ALIKE_FROM_AFAR = 0.6
AS_GOOD = 0.15  # a way of looking that shows less likeness than the best by more than this is not tried
NEAREST = 16
WAYS = tuple((frame, sense) for frame in range(3) for sense in (1, -1))

LIKELY = 0.5

Views = tuple[tuple[int, int], ...]  # frames in which two pages look alike, the best first, with the sense of each


def likely_pairs(fingerprints: Mapping[str, str], newcomer: str | None = None) -> Iterator[tuple[str, str, float]]:
    """Give pairs by name, with how alike they are, 0 to 1; `fingerprints` are of the pages of one dossier.

    If there is a newcomer, the others were compared before, and only pairs with it are wanted.
    """
    layouts = {name: Layout.of(unpacked(fingerprint)) for name, fingerprint in fingerprints.items()}
    written = [(name, layout) for name, layout in layouts.items() if layout is not None]
    for a, b, views in candidates([layout for _, layout in written]):
        (one, here), (other, there) = written[a], written[b]
        score = likeness_of(here, there, views) if newcomer in (None, one, other) else 0.0
        if score >= LIKELY:
            yield one, other, score


def candidates(pages: Sequence[Layout]) -> Iterator[tuple[int, int, Views]]:
    """Give the pairs that look alike from afar: of each page the nearest few."""
    if len(pages) < 2:
        return
    likeness = np.stack([seen_from_afar(pages, *way) for way in WAYS])
    best = likeness.max(axis=0)
    np.fill_diagonal(best, -1)
    count = min(NEAREST, len(pages) - 1)
    nearest = np.argpartition(-best, count - 1, axis=1)[:, :count]
    for a, b in sorted({(min(a, int(b)), max(a, int(b))) for a, row in enumerate(nearest) for b in row}):
        ways = sorted(range(len(WAYS)), key=lambda way: -float(likeness[way, a, b]))
        least = max(ALIKE_FROM_AFAR, float(best[a, b]) - AS_GOOD)
        views = tuple(WAYS[way] for way in ways if likeness[way, a, b] > least)
        if views:
            yield a, b, views


def seen_from_afar(pages: Sequence[Layout], frame: int, sense: int) -> NDArray[np.float32]:
    """Compare all pages with all in one frame, the others upside down if `sense` is -1."""
    here = np.stack([page.views[frame][0] for page in pages])
    there = np.stack([page.views[frame][0 if sense == 1 else 1] for page in pages])
    return here @ there.T
