"""Pull packages: verified before they get their name, and answered for at last."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from cli.client import ApiClient, ApiProblem
from cli.explaining import words_of
from cli.language import say
from cli.pull.alone import alone_in, demand_same, mark_of
from cli.pull.beside import DeliveryRefused, settle
from cli.pull.fetching import PATIENCE, TAR, ZIP, Told, as_tar, fetch
from cli.pull.judging import MOST_REASONS, digest_of, faults_of, partial_of, reason, words_for
from cli.pull.noting import lacks_notes, note_answers
from cli.pull.proof import Proof, proven_manifest
from shared.delivery.manifest import FILE, ManifestEntry
from shared.delivery.manifest_file import ManifestFile
from shared.delivery.receipt import ReceiptRefused, statement
from shared.delivery.receipt_file import FILE as RECEIPTS
from shared.delivery.receipt_file import ReceiptLine, append
from shared.eark.names import path_name

FRESH_TRIES = 2
NO_PROOF = Proof()
DELIVERIES, SERVED = "/handover/deliveries", ("open", "closed")
ANSWERED = ("accepted", "rejected")


@dataclass
class PullReport:
    """What was pulled: verified packages, those rejected with the reasons, and those not answered for yet.

    `unfetched` are packages answered for earlier that were asked for again and did not come.
    """

    verified: list[Path] = field(default_factory=list)
    failed: list[tuple[Path, list[str]]] = field(default_factory=list)
    unanswered: list[tuple[Path, str]] = field(default_factory=list)
    unfetched: list[tuple[Path, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pulled:
    """A package on this disk: where, the digest of its bytes, and what is wrong with it."""

    path: Path
    sha256: str
    faults: list[dict[str, str]]


async def pull_all(  # noqa: PLR0913 - options of a pull
    client: ApiClient,
    to: Path,
    told: Told = lambda *_: None,
    *,
    patience: float = PATIENCE,
    proof: Proof = NO_PROOF,
    again: bool = False,
    form: str = ZIP,
) -> PullReport:
    """Pull every package of the receiver's open deliveries that has not been answered for.

    What was answered for in another way is noted beside the manifest, of a closed delivery too if that was pulled.

    `again` has those fetched too that were answered for already and are still served, closed deliveries included; no
    answer is given anew. What this machine or the server cannot do for one package leaves it unanswered and stops no
    other. Raises ApiProblem and httpx.HTTPError when the lists cannot be had, or nobody answers any more, CopyRefused
    when another pull writes into the folder.
    """
    with alone_in(to):
        return await pull_each(client, to, told, patience=patience, proof=proof, again=again, form=form)


async def pull_each(  # noqa: PLR0913 - options of a pull
    client: ApiClient, to: Path, told: Told, *, patience: float, proof: Proof, again: bool, form: str
) -> PullReport:
    """Pull what is wanted of each delivery into a folder that nobody else writes to. Raises what `pull_all` does."""
    report = PullReport()
    deliveries = [each for state in SERVED async for each in client.items(DELIVERIES, state=state, limit=500)]
    wanted = {"offered", *(ANSWERED if again else ())}
    for delivery in deliveries:
        try:
            folder = to / folder_of(delivery)
        except DeliveryRefused as refused:
            report.unanswered.append((to, str(refused)))
            continue
        if not (again or delivery["state"] == "open" or await asyncio.to_thread(lacks_notes, folder)):
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            manifest = await proven_manifest(client, delivery, folder, proof)
        except (DeliveryRefused, OSError) as refused:
            report.unanswered.append((folder, str(refused)))
            continue
        answered: list[dict[str, Any]] = []
        async for package in client.items(f"/handover/deliveries/{delivery['id']}/packages", limit=500):
            if package["state"] in wanted:
                await pull_one(client, package, Pulling(folder, manifest, proof, report, told, patience, form))
            if package["state"] in ANSWERED and listed(package, manifest.entry(package["number"])):
                answered.append(package)
        await note_answers(client, answered, folder, told)
    return report


def folder_of(delivery: dict[str, Any]) -> str:
    """Give how the folder of a delivery is called, at the receiver's and on a medium; a name, whatever the server says.

    Raises DeliveryRefused.
    """
    code, number = delivery.get("fonds_code"), delivery.get("number")
    if not isinstance(code, str) or not isinstance(number, int):
        raise DeliveryRefused("pull.delivery_malformed: a delivery without fonds code or number")
    return f"{path_name(code)}-{number:03d}"


@dataclass(frozen=True, slots=True)
class Pulling:
    """One delivery while it is pulled."""

    folder: Path
    manifest: ManifestFile
    proof: Proof
    report: PullReport
    told: Told
    patience: float
    form: str = ZIP


async def pull_one(client: ApiClient, package: dict[str, Any], pulling: Pulling) -> None:
    """Pull one package and answer for it, if nobody has; what hinders that is told in the report.

    Raises httpx.ConnectError.
    """
    is_answered = package["state"] in ANSWERED
    hindered = pulling.report.unfetched if is_answered else pulling.report.unanswered
    entry = pulling.manifest.entry(package["number"])
    place = (pulling.folder / (entry.file if entry else str(package["number"]))).with_suffix(f".{pulling.form}")
    try:
        demand_listed(package, entry)
        if pulling.form == TAR:
            package = await as_tar(client, package)
        await (fetch_again if is_answered else answer_for)(client, package, place, pulling)
    except ApiProblem as problem:
        hindered.append((place, f"{problem.code}: {problem.title}"))
    except (DeliveryRefused, ReceiptRefused) as refused:
        hindered.append((place, str(refused)))
    except httpx.ConnectError:
        raise
    except httpx.HTTPError as lost:  # the system is there, but breaks this package off again and again
        hindered.append((place, words_of(lost)))
    except OSError as failure:
        hindered.append((place, f"{failure.filename or place}: {failure.strerror or failure}"))


def listed(package: dict[str, Any], entry: ManifestEntry | None) -> bool:
    """Say whether the server's list says of a package what its manifest does."""
    said = package["id"], package["objid"], package["size"], package["sha256"]
    return entry is not None and said == (str(entry.package_id), entry.objid, entry.size, entry.sha256)


def demand_listed(package: dict[str, Any], entry: ManifestEntry | None) -> None:
    """Raise DeliveryRefused unless the server's list says of a package what its manifest does."""
    if not listed(package, entry):
        raise DeliveryRefused(f"package {package['number']} is not the one that {FILE} lists")


async def fetch_again(client: ApiClient, package: dict[str, Any], place: Path, pulling: Pulling) -> None:
    """Have a package on this disk that was answered for; what it was answered stays."""
    pulled = await obtained(client, package, place, pulling.told, pulling.patience)
    if pulled.sha256 != package["sha256"]:
        pulled.path.unlink(missing_ok=True)
        raise DeliveryRefused(words_for(pulled.faults[0]))
    if pulled.path != place:
        await asyncio.to_thread(settle, pulled.path, place)
    if pulled.faults:
        pulling.report.failed.append((place, [words_for(each) for each in pulled.faults[:MOST_REASONS]]))
    else:
        pulling.report.verified.append(place)
    pulling.told(place.name, say("đã có lại", "here again"))


async def answer_for(client: ApiClient, package: dict[str, Any], place: Path, pulling: Pulling) -> None:
    """Pull one package, verify it, and post the receipt with the digest of the bytes that were verified."""
    pulled = await obtained(client, package, place, pulling.told, pulling.patience)
    answer = "rejected" if pulled.faults else "accepted"
    if not pulled.faults and pulled.path != place:
        await asyncio.to_thread(settle, pulled.path, place)
    reasons = pulled.faults[:MOST_REASONS]
    said = statement(UUID(package["id"]), package["objid"], answer, pulled.sha256, reasons)
    receipt = {"answer": answer, "sha256": pulled.sha256, "reasons": reasons, "signature": pulling.proof.signed(said)}
    await client.put(f"/handover/packages/{package['id']}/receipt", receipt)
    await asyncio.to_thread(keep_receipt, pulling, package, receipt)
    if pulled.faults:
        pulled.path.unlink(missing_ok=True)
        pulling.report.failed.append((place, [words_for(each) for each in reasons]))
    else:
        pulling.report.verified.append(place)
    pulling.told(place.name, answer)


def keep_receipt(pulling: Pulling, package: dict[str, Any], receipt: dict[str, Any]) -> None:
    """Write down beside the manifest what was answered: a rejected package lies there no more; blocks."""
    named = {"delivery_id": pulling.manifest.head.delivery_id, "package_id": package["id"], "objid": package["objid"]}
    append(pulling.folder / RECEIPTS, [ReceiptLine.model_validate({**named, **receipt})])


async def obtained(client: ApiClient, package: dict[str, Any], place: Path, told: Told, patience: float) -> Pulled:
    """Have a package on this disk, byte for byte as it was announced, and verified.

    Bytes that were here already, or whose fetching went on from an earlier run, may have been damaged here: they are
    thrown away and fetched anew from the first byte. Only what was fetched so and still differs is the server's fault.
    What somebody else wrote to meanwhile is nobody's: raises WrittenElsewhere, and what `fetch` does.
    """
    part, fresh = partial_of(place), 0
    while True:
        path = place if place.exists() else part
        is_fresh = path == part and not part.exists()
        fresh += is_fresh
        if path == part:
            await fetch(client, package, part, told, patience)
        mark = await asyncio.to_thread(mark_of, path)
        digest = await asyncio.to_thread(digest_of, path, place.suffix)
        faults = await asyncio.to_thread(faults_of, path) if digest == package["sha256"] else []
        await asyncio.to_thread(demand_same, path, mark)
        if digest == package["sha256"]:
            return Pulled(path, digest, faults)
        if fresh >= FRESH_TRIES:
            return Pulled(path, digest, [reason("bytes_differ", f"sha256: {digest} instead of {package['sha256']}")])
        told(place.name, say("khác mã băm đã báo, tải lại từ đầu", "not the announced digest, fetched anew"))
        await asyncio.to_thread(path.unlink)
