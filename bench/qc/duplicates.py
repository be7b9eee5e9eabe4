"""How many pages that were scanned twice are found, and how many that only look alike are taken for one."""

import math
import time
from collections.abc import Iterator, Mapping
from itertools import combinations

import cv2
import numpy as np
from numpy.random import default_rng
from PIL import Image

from bench.qc.letters import ALL, FEW, FIRST, ONE, letters
from bench.qc.pages import Sound
from bench.qc.rescans import Pixels, rescan, with_other_entries
from services.qc.domain.duplicates import likely_pairs
from shared.imaging.comparing.fingerprint import DARKEST, Shades, packed, unpacked
from shared.imaging.measuring import Page
from shared.imaging.measuring.fingerprint import fingerprint_of
from shared.imaging.measuring.skew import skew_of

RESCANS = 2
ENTRIES = (6, 15)  # places of the size of words that differ between two sheets of a form
MANY = 2000
PLACES, PLACE = 12, (10, 38)  # of other ink on a sheet of many; cells
ROUNDS = 3
TEXTS = 8
DIFFERENCES = {
    (FIRST, ALL): "number, date, name and amount",
    (ALL, ONE): "date, name and amount",
    (ALL, FEW): "name and amount",
    (FIRST, FEW): "number and date",
    (FIRST, ONE): "number",
    (FEW, ONE): "date",
}


def measure_duplicates(pages: list[Sound], seed: int) -> Iterator[str]:
    """Scan every page and two sheets of its form anew; compare all with all, side by side with a difference hash.

    Of the difference hash the limit is chosen afterwards, the best there is without a false pair.
    """
    fingerprints: dict[str, str] = {}
    differences: dict[str, int] = {}
    seconds: list[float] = []
    for name, pixels in scans(pages, seed):
        page = Page(Image.fromarray(pixels))
        fingerprints[name], taken = timed_fingerprint(page)
        differences[name] = difference_hash(page.grey)
        seconds.append(taken)
    yield from compared(fingerprints, differences)
    yield from letters_compared(seed)
    sizes = [len(each) for each in fingerprints.values()]
    yield f"A fingerprint has {np.median(sizes):.0f} characters, at most {max(sizes)}, and takes"
    yield f"{np.median(seconds) * 1000:.1f} ms, at most {max(seconds) * 1000:.1f} ms, best of {ROUNDS}."
    names = list(fingerprints)
    many = {
        f"{number}/{names[number % len(names)]}": fingerprints[names[number % len(names)]] for number in range(MANY)
    }
    alike = dict(sheets_of_a_form(fingerprints[names[0]], list(fingerprints.values()), seed))
    for kind, what in (("scans", fingerprints), ("scans", many), ("sheets of one form", alike)):
        started = time.process_time()
        found = sum(1 for _ in likely_pairs(what))
        taken = time.process_time() - started
        yield f"Comparing {len(what)} {kind} takes {taken:.1f} s of a core ({found} pairs found)."


def sheets_of_a_form(form: str, others: list[str], seed: int) -> Iterator[tuple[str, str]]:
    """Give many sheets of a form by name: its fingerprint, laid elsewhere, with other ink in places of word size."""
    chance, printed, donors = default_rng(seed), shades_of(form), [shades_of(each) for each in others]
    height, width = printed.shape
    for number in range(MANY):
        sheet = printed.copy()
        for _ in range(PLACES):
            donor = donors[int(chance.integers(len(donors)))]
            (y, x), (from_y, from_x) = (
                (int(chance.integers(high - PLACE[0])), int(chance.integers(wide - PLACE[1])))
                for high, wide in (printed.shape, donor.shape)
            )
            there = donor[from_y : from_y + PLACE[0], from_x : from_x + PLACE[1]]
            sheet[y : y + PLACE[0], x : x + PLACE[1]] = there
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-0.5, 0.5), 1)
        turn[0, 2] += float(chance.uniform(-4, 4))
        turn[1, 2] += float(chance.uniform(-4, 4))
        laid = cv2.warpAffine(sheet.astype(np.float32), turn, (width, height))
        yield str(number), packed(np.round(laid).astype(np.uint8))


def shades_of(fingerprint: str) -> Shades:
    """Unfold the fingerprint of a sound page."""
    ink = unpacked(fingerprint)
    assert ink is not None  # noqa: S101 - it was made here
    return np.round(ink * DARKEST).astype(np.uint8)


def timed_fingerprint(page: Page) -> tuple[str, float]:
    """Give a page's fingerprint and the seconds it takes beside what other measures need as well."""
    skew, taken, fingerprint = skew_of(page).degrees, math.inf, ""
    for _ in range(ROUNDS):
        started = time.perf_counter()
        fingerprint = fingerprint_of(page, skew)
        taken = min(taken, time.perf_counter() - started)
    return fingerprint, taken


def letters_compared(seed: int) -> Iterator[str]:
    """Scan letters of one text twice each, and give how many that differ in something are taken for one."""
    fingerprints: dict[str, str] = {}
    for text in range(TEXTS):
        chance = default_rng([seed, text])
        for kind, pixels in letters(chance):
            for again in range(RESCANS):
                page = Page(Image.fromarray(rescan(pixels, chance)))
                fingerprints[f"{text}:{kind}:{again}"] = fingerprint_of(page, skew_of(page).degrees)
    found = {(a, b) for a, b, _ in likely_pairs(fingerprints)}
    texts = [pair for pair in combinations(fingerprints, 2) if form(pair[0]) == form(pair[1])]
    counts: dict[str, list[bool]] = {}
    for pair in texts:
        kinds = pair[0].split(":")[1], pair[1].split(":")[1]
        counts.setdefault(DIFFERENCES.get(kinds, "nothing"), []).append(pair in found)
    told = "; ".join(f"{kind}: {sum(taken)} of {len(taken)}" for kind, taken in counts.items())
    yield f"Letters of one text taken for one sheet, by what differs: {told}."


def compared(fingerprints: Mapping[str, str], differences: Mapping[str, int]) -> Iterator[str]:
    """Give recall and false pairs, by fingerprint and by difference hash."""
    found = {(a, b) for a, b, _ in likely_pairs(fingerprints)}
    true = {pair for pair in combinations(fingerprints, 2) if sheet(pair[0]) == sheet(pair[1])}
    formed = {pair for pair in combinations(fingerprints, 2) if form(pair[0]) == form(pair[1])} - true
    yield "| | recall | false pairs | of them sheets of one form |"
    yield "|---|---|---|---|"
    yield f"| fingerprint | {len(found & true) / len(true):.2%} | {len(found - true)} | {len(found & formed)} |"
    yield f"| difference hash, best limit without a false pair | {recall_of(differences, true):.2%} | 0 | 0 |"
    yield ""
    yield f"{len(fingerprints)} scans, {len(true)} true pairs, {len(formed)} pairs of sheets of one form."


def scans(pages: list[Sound], seed: int) -> Iterator[tuple[str, Pixels]]:
    """Give each page as it was, scanned anew, and other sheets of its form; named `form:sheet:scan`."""
    whole = [np.asarray(page.image.convert("RGB")) for page in pages]
    for number, (page, pixels) in enumerate(zip(pages, whole, strict=True)):
        chance = default_rng([seed, number])
        yield f"{page.name}:0:0", pixels
        for again in range(RESCANS):
            yield f"{page.name}:0:{again + 1}", rescan(pixels, chance)
        for entries in ENTRIES:
            donor = whole[int(chance.integers(len(whole)))]
            yield f"{page.name}:{entries}:0", rescan(with_other_entries(pixels, donor, chance, entries), chance)


def sheet(name: str) -> str:
    """Give what two scans of a sheet share of their names."""
    return name.rpartition(":")[0]


def form(name: str) -> str:
    """Give what sheets of a form share of their names."""
    return name.split(":")[0]


def difference_hash(grey: Pixels) -> int:
    """Give the difference hash of a page: which of 8 x 8 means is lighter than its left neighbour."""
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA)
    return int.from_bytes(np.packbits(small[:, 1:] > small[:, :-1]).tobytes())


def recall_of(hashes: Mapping[str, int], true: set[tuple[str, str]]) -> float:
    """Give the share of true pairs that differ in fewer bits than any false one."""
    apart = {pair: (hashes[pair[0]] ^ hashes[pair[1]]).bit_count() for pair in combinations(hashes, 2)}
    nearest = min(bits for pair, bits in apart.items() if pair not in true)
    return sum(apart[pair] < nearest for pair in true) / len(true)
