"""Close the dossiers whose expected pages are all with the archive; the others are listed with their counts."""

from collections.abc import Sequence
from pathlib import Path

from cli.client import ApiClient, ApiProblem
from cli.scan.journal import Journal
from cli.scan.matching import ScanOrder
from cli.scan.round import Round


async def close(client: ApiClient, journal: Journal, folders: Sequence[tuple[Path, ScanOrder]], done: Round) -> None:
    """Close each open dossier that is whole and of which nothing in its folder is unsent or in doubt."""
    doubtful = folders_in_doubt(done)
    for folder, order in folders:
        sent = len(journal.remembered(order.dossier_id).newest)
        if not order.is_open:
            continue
        if folder in doubtful or sent != order.expected_count:
            done.left_open.append((order.file_code, sent, order.expected_count))
            continue
        try:
            await client.post(f"/ingest/dossiers/{order.dossier_id}/closing", {"scanned_count": sent})
            done.closed.append(order.file_code)
        except ApiProblem as problem:
            done.refused.append((folder, f"{problem.code}: {problem.title}"))


def folders_in_doubt(done: Round) -> set[Path]:
    """Give the folders of files that are unsent or in doubt, and those that could not be looked at themselves."""
    noted = [*done.waiting, *(path for path, _ in done.refused), *(path for path, _ in done.for_a_person)]
    return {each for path in noted for each in (path, path.parent)}
