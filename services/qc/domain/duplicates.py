"""Pairs of pages that are likely two scans of one page, by their fingerprints."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from shared.imaging.comparing.fingerprint import unpacked
from shared.imaging.comparing.layout import Layout
from shared.imaging.comparing.likeness import likeness_of

ALIKE_FROM_AFAR = 0.6
AS_GOOD = 0.15  # a way of looking that shows less likeness than the best by more than this is not tried
NEAREST, FEWEST = 24, 6  # of each page the nearest few are looked at closely, of a large dossier fewer
AT_ALL = 12000  # pairs or so in a dossier, so that two thousand pages of one form take a minute or two
WAYS = tuple((frame, sense) for frame in range(3) for sense in (1, -1))

LIKELY = 0.5

Views = tuple[tuple[int, int], ...]  # frames in which two pages look alike, the best first, with the sense of each


Pair = tuple[str, str, float]


class Candidates:
    """Pages by name, and the pairs of them that look alike from afar, to be looked at closely, some at a time.

    If there are `newcomers`, the others were compared before, and only pairs with one of them are wanted.
    """

    def __init__(self, fingerprints: Mapping[str, str], newcomers: Collection[str] | None = None) -> None:
        layouts = {name: Layout.of(unpacked(fingerprint)) for name, fingerprint in fingerprints.items()}
        self._pages = [(name, layout) for name, layout in layouts.items() if layout is not None]
        self._pairs = [
            (a, b, views)
            for a, b, views in candidates([layout for _, layout in self._pages])
            if newcomers is None or self._pages[a][0] in newcomers or self._pages[b][0] in newcomers
        ]

    def __len__(self) -> int:
        return len(self._pairs)

    def likely(self, begin: int, end: int) -> list[Pair]:
        """Look at a portion of the candidates; gives those that are likely one sheet, with how alike, 0 to 1."""
        pairs: list[Pair] = []
        for a, b, views in self._pairs[begin:end]:
            (one, here), (other, there) = self._pages[a], self._pages[b]
            score = likeness_of(here, there, views)
            if score >= LIKELY:
                pairs.append((one, other, score))
        return pairs


def likely_pairs(fingerprints: Mapping[str, str], newcomers: Collection[str] | None = None) -> Iterator[Pair]:
    """Give pairs by name, with how alike they are, 0 to 1; `fingerprints` are of the pages of one dossier."""
    found = Candidates(fingerprints, newcomers)
    for each in range(len(found)):
        yield from found.likely(each, each + 1)


def earliest_alike(pairs: Iterable[Pair], order: Sequence[str]) -> dict[str, str]:
    """Give, of each page that is likely the same as an earlier one, the first of these; `order` is of all pages."""
    place = {name: at for at, name in enumerate(order)}
    same: dict[str, str] = {}
    for pair in pairs:
        earlier, later = sorted(pair[:2], key=place.__getitem__)
        same[later] = min(earlier, same.get(later, earlier), key=place.__getitem__)
    return same


def candidates(pages: Sequence[Layout]) -> Iterator[tuple[int, int, Views]]:
    """Give the pairs that look alike from afar: of each page the nearest few."""
    if len(pages) < 2:
        return
    likeness = np.stack([seen_from_afar(pages, *way) for way in WAYS])
    best = likeness.max(axis=0)
    np.fill_diagonal(best, -1)
    count = min(max(FEWEST, min(NEAREST, AT_ALL // len(pages))), len(pages) - 1)
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
