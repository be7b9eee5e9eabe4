"""Note beside a manifest what was answered for packages in another way than by this pull: by hand, or from elsewhere.

What the receiver signed is noted with its signature; without one a line is only what the centre says was answered.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from pydantic import ValidationError

from cli.client import ApiClient, ApiProblem
from cli.explaining import words_of
from cli.language import say
from shared.delivery.manifest import FILE as MANIFEST
from shared.delivery.manifest_file import ManifestFile, ManifestRefused
from shared.delivery.receipt_file import FILE, ReceiptLine, ReceiptsRefused, append, receipts_in

AT_ONCE = 100


def noted_in(folder: Path) -> set[UUID]:
    """Give the packages whose receipts lie in the folder of a delivery. Raises ReceiptsRefused, OSError; blocks."""
    place = folder / FILE
    return {each.package_id for each in receipts_in(place)} if place.is_file() else set()


def lacks_notes(folder: Path) -> bool:
    """Say whether a delivery that was pulled has packages without a receipt beside them; blocks."""
    if not (folder / MANIFEST).is_file():
        return False
    try:
        noted = noted_in(folder)
        return any(each.package_id not in noted for each in ManifestFile(folder / MANIFEST).entries())
    except (ManifestRefused, ReceiptsRefused, OSError):
        return False


async def note_answers(
    client: ApiClient, packages: Iterable[dict[str, Any]], folder: Path, told: Callable[[str, str], None]
) -> None:
    """Have the receipts of answered packages in the folder of their delivery; what hinders that is told.

    Raises httpx.ConnectError.
    """
    try:
        noted = await asyncio.to_thread(noted_in, folder)
        await note(client, [each for each in packages if UUID(each["id"]) not in noted], folder, told)
    except ApiProblem as problem:
        told(FILE, f"{problem.code}: {problem.title}")
    except httpx.ConnectError:
        raise
    except httpx.HTTPError as lost:
        told(FILE, words_of(lost))
    except (ReceiptsRefused, ValidationError, OSError) as refused:
        told(FILE, str(refused))


async def note(
    client: ApiClient, packages: Sequence[dict[str, Any]], folder: Path, told: Callable[[str, str], None]
) -> None:
    """Fetch receipts and add them to those in a folder. Raises what both do."""
    for start in range(0, len(packages), AT_ONCE):
        lines = [await receipt_of(client, each) for each in packages[start : start + AT_ONCE]]
        await asyncio.to_thread(append, folder / FILE, lines)
        for line in lines:
            told(line.objid, words_about(line))


async def receipt_of(client: ApiClient, package: dict[str, Any]) -> ReceiptLine:
    """Fetch the answer that the centre has taken for a package. Raises ApiProblem, httpx.HTTPError, ValidationError."""
    taken = await client.get(f"/handover/packages/{package['id']}/receipt")
    named = {"delivery_id": package["delivery_id"], "package_id": package["id"], "objid": package["objid"]}
    said = {name: taken[name] for name in ("answer", "sha256", "reasons", "signature")}
    return ReceiptLine.model_validate({**named, **said})


def words_about(receipt: ReceiptLine) -> str:
    """Say what was answered, and whether the receiver's signature is there for it."""
    if receipt.signature:
        return say(f"đã trả lời trước, có ký: {receipt.answer}", f"answered before, signed: {receipt.answer}")
    return say(
        f"đã trả lời trước, theo lời bên giao, không ký: {receipt.answer}",
        f"answered before, by the centre's word, not signed: {receipt.answer}",
    )
