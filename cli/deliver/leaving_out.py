"""What the system keeps back is left out of a medium, taken off it where it lies there already, and named on it."""

from collections.abc import Sequence
from pathlib import Path

from cli.client import ApiClient, ApiProblem
from cli.deliver.placing import place_whole
from cli.pull.fetching import content_of
from shared.delivery.left_out import FILE, LeftOut
from shared.delivery.manifest import ManifestEntry
from shared.storage.tree import sync_folder

KEPT_BACK = frozenset({"handover.dossier_withdrawn", "handover.dossier_quarantined"})
HELD = 304


async def demand_served(client: ApiClient, entry: ManifestEntry) -> None:
    """Ask whether a package is served, without fetching it: what lies on a medium may be kept back since.

    Raises ApiProblem, httpx.HTTPError.
    """
    try:
        async with client.streamed(content_of({"id": entry.package_id}, "zip"), {"If-None-Match": f'"{entry.sha256}"'}):
            return
    except ApiProblem as problem:
        if problem.status != HELD:
            raise


def left_out_for(entry: ManifestEntry, problem: ApiProblem) -> LeftOut:
    """Say that a package is left out because of a refusal; any other than to serve it is raised. Raises ApiProblem."""
    if problem.code not in KEPT_BACK:
        raise problem
    return LeftOut(file=entry.file, package_id=entry.package_id, code=problem.code)


def take_off(place: Path) -> None:
    """Take a package off a medium, whole or begun, durably; blocks."""
    for each in (place, place.with_suffix(".part")):
        each.unlink(missing_ok=True)
    sync_folder(place.parent)


def name_left_out(folder: Path, left_out: Sequence[LeftOut]) -> str | None:
    """Have what was left out named on a medium, and no such list where nothing is; gives its digest; blocks."""
    place = folder / FILE
    if left_out:
        return place_whole(place, b"".join(each.to_bytes() for each in left_out))
    if place.exists():
        place.unlink()
        sync_folder(folder)
    return None
