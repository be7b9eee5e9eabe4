"""Page numbers that were given but never confirmed, and whose files are gone: taken back where nothing can be lost."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from cli.client import ApiClient
from cli.scan.journal import Journal, Remembered
from cli.scan.plan import Act, Found

Missing = tuple[Path, Act]


async def settle(
    client: ApiClient, journal: Journal, dossier_id: str, folder: Path, files: Sequence[Found]
) -> list[Missing]:
    """Take back what numbers may be given anew, and give the files that a number still waits for.

    The archive is asked what pages it has, for an answer may have been lost on its way.
    """
    known = journal.remembered(dossier_id)
    missing = list(without_an_image(files, known))
    here = {file.name for file in files}
    if here.issuperset(missing):
        return [(folder / name, Act.GONE) for name in missing]
    pages = client.items(f"/ingest/dossiers/{dossier_id}/pages", limit=500)
    held = {page["number"] async for page in pages}
    loose = loose_tail(known, held)
    if not here.issuperset(loose):
        journal.take_numbers_back(dossier_id, loose)
        missing = [name for name in missing if name not in loose]
    return [(folder / name, Act.GONE_BUT_HELD if known.numbers[name] in held else Act.GONE) for name in missing]


def without_an_image(files: Sequence[Found], known: Remembered) -> Iterator[str]:
    """Give the files, by number, that have one unconfirmed, and are not there or no images any more."""
    waiting = {file.name for file in files if not file.is_complete or not file.seen.left_out}
    for name, number in sorted(known.numbers.items(), key=lambda each: each[1]):
        if number not in known.newest and name not in waiting:
            yield name


def loose_tail(known: Remembered, held: Collection[int]) -> list[str]:
    """Give the files whose numbers come after every page that was confirmed, or that the archive has all the same."""
    last = max((*known.newest, *held), default=0)
    return [name for name, number in known.numbers.items() if number > last]
