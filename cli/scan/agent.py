"""The station agent: looks into the dossier folders, and does for each file what the plan says."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from cli.client import ApiClient, ApiProblem
from cli.language import say
from cli.scan.clearing import Held, obstacles
from cli.scan.closing import close
from cli.scan.folder import LeftOut, Seen, dossier_folders, files_of, hidden_of, outside_folders
from cli.scan.journal import Journal, Remembered, Sent
from cli.scan.lookout import QUIET_SECONDS, Lookout
from cli.scan.matching import ScanOrder, match
from cli.scan.plan import NEEDS_A_PERSON, Act, Found, Permission, Step, must_be_read, numbers_given, plan
from cli.scan.renumbering import settle
from cli.scan.round import Round, Wanted
from cli.scan.sending import StillWritten, look_at, send_page
from cli.scan.setup import Setup

AT_ONCE = 4
PATIENCE = 60.0
LOOK_AGAIN = 0.5
UNTOLD = Setup()
Told = Callable[[str, int, int], None]


class ScanAgent:
    """Sends one station's folder; source files are only ever read."""

    def __init__(
        self,
        client: ApiClient,
        folder: Path,
        journal: Journal,
        told: Told = lambda *_: None,
        *,
        quiet: float = QUIET_SECONDS,
        setup: Setup = UNTOLD,
    ) -> None:
        self._client = client
        self._setup = setup
        self._folder = folder
        self._journal = journal
        self._told = told
        self._lookout = Lookout(quiet)
        self._hands = asyncio.Semaphore(AT_ONCE)
        self._held: dict[str, Held] = {}
        self._wanted: dict[str, Wanted] = {}

    async def run_once(self, *, patience: float = PATIENCE, close_whole: bool = False) -> Round:
        """Wait until the scanner has finished every file, at most `patience` seconds, then go over the folder."""
        deadline = time.monotonic() + patience
        while self._unfinished() and time.monotonic() < deadline:  # noqa: ASYNC110 - files tell nobody
            await asyncio.sleep(min(LOOK_AGAIN, patience))
        return await self.go_over(close_whole=close_whole)

    async def go_over(
        self, *, dossier_id: str | None = None, unchanged_too: bool = False, close_whole: bool = False
    ) -> Round:
        """Go over the folder, or one dossier of it.

        A page that was ordered anew waits until its file has been replaced, unless `unchanged_too`. With `close_whole`
        dossiers are closed whose expected pages are all there. Raises ApiProblem, httpx.TransportError and OSError
        only for what concerns the whole folder.
        """
        done = Round(left_out=outside_folders(self._folder))
        orders = [ScanOrder.of(told) async for told in self._client.items("/ingest/scan-orders", limit=500)]
        rescans = await self._rescans(dossier_id)
        matched = match(dossier_folders(self._folder), orders)
        done.unknown_folders, done.ambiguous_folders = matched.unknown, matched.ambiguous
        for folder, order in matched.folders:
            if dossier_id in (None, order.dossier_id):
                permission = Permission(order.is_open, rescans.get(order.dossier_id, {}))
                try:
                    await self._treat(folder, order, permission, done, unchanged_too=unchanged_too)
                except OSError as unreadable:
                    done.refused.append((folder, reason_of(unreadable)))
        if close_whole:
            await close(self._client, self._journal, matched.folders, done)
        return done

    async def _rescans(self, dossier_id: str | None) -> dict[str, dict[int, str]]:
        """Give the rescan orders that wait, by dossier and page number, and remember why each was given."""
        rescans: dict[str, dict[int, str]] = {}
        async for told in self._client.items("/ingest/rescan-orders", limit=500, dossier_id=dossier_id):
            rescans.setdefault(told["dossier_id"], {})[told["page_number"]] = told["id"]
            self._wanted[told["id"]] = Wanted(told["id"], told["page_version"], told["reason"])
        return rescans

    async def _treat(
        self, folder: Path, order: ScanOrder, permission: Permission, done: Round, *, unchanged_too: bool
    ) -> None:
        """Do for one dossier's folder what its plan says."""
        known = self._journal.remembered(order.dossier_id)
        is_preserved = order.verified_copies >= 2
        files = await asyncio.to_thread(self._found, folder, known, read_all=is_preserved)
        if order.is_open:
            done.for_a_person += await settle(self._client, self._journal, order.dossier_id, folder, files)
            known = self._journal.remembered(order.dossier_id)
        done.left_out += [LeftOut(file.seen.path, file.seen.left_out) for file in files if is_left_out(file, known)]
        steps = list(plan(files, known, permission))
        self._journal.give_numbers(order.dossier_id, numbers_given(steps, known))
        wanted = {Act.SEND, Act.RESCAN, Act.SCAN_AGAIN} if unchanged_too else {Act.SEND, Act.RESCAN}
        due = [step for step in steps if step.act in wanted]
        note(done, [step for step in steps if step.act not in wanted], self._wanted)
        async with asyncio.TaskGroup() as group:
            for step in due:
                group.create_task(self._send(order, step, done))
        if due:
            here = self._journal.remembered(order.dossier_id).newest
            self._told(order.file_code, len(here), len(steps))
        if is_preserved and steps:
            hidden = await asyncio.to_thread(lambda: list(hidden_of(folder)))
            await self._judge_clearing(order, [*files, *(Found(seen, is_complete=False) for seen in hidden)], done)

    def _found(self, folder: Path, known: Remembered, *, read_all: bool) -> list[Found]:
        """Look at a folder's files, reading those whose bytes are asked for; blocks."""
        found = []
        for seen in files_of(folder):
            is_needed = must_be_read(seen, known.sent_as(seen.path.name)) or read_all
            is_read = is_needed and not seen.left_out
            found.append(Found(seen, self._lookout.is_complete(seen), self._lookout.digest(seen) if is_read else ""))
        return found

    def _unfinished(self) -> list[Seen]:
        """Note a look at every file in the folder, and give those that have not been the same for a while."""
        files = (file for folder in dossier_folders(self._folder) for file in files_of(folder))
        return [file for file in files if not self._lookout.is_complete(file)]

    async def _send(self, order: ScanOrder, step: Step, done: Round) -> None:
        """Look at a file once more, send it, and write its receipt down; what goes wrong stays with this file."""
        file = step.file.seen
        async with self._hands:
            if done.unreached:
                done.waiting.append(file.path)
                return
            try:
                page = await look_at(file)
                receipt = await send_page(
                    self._client, place_of(order, step), page, self._setup.told_of(page.modified_ns)
                )
            except (StillWritten, httpx.LocalProtocolError):  # it grew or shrank under our hands
                done.waiting.append(file.path)
            except ApiProblem as problem:
                done.refused.append((file.path, refusal(problem, step.number)))
            except httpx.HTTPError as lost:
                done.waiting.append(file.path)
                done.unreached = str(lost) or type(lost).__name__
            except OSError as gone:
                done.refused.append((file.path, reason_of(gone)))
            else:
                self._journal.add(entry(receipt, file.path.name, page.modified_ns))
                done.count(is_rescan=bool(step.rescan_order_id))

    async def _judge_clearing(self, order: ScanOrder, files: Sequence[Found], done: Round) -> None:
        """Say whether a preserved dossier's files may go; what the archive holds of it changes no more."""
        if order.dossier_id not in self._held:
            pages = self._client.items(f"/ingest/dossiers/{order.dossier_id}/pages", limit=500)
            self._held[order.dossier_id] = {page["number"]: (page["version"], page["sha256"]) async for page in pages}
        known = self._journal.remembered(order.dossier_id)
        against = list(obstacles(files, known, self._held[order.dossier_id]))
        if against:
            done.not_to_be_cleared.append((order.file_code, against))
        else:
            done.preserved_twice.append(order.file_code)


def is_left_out(file: Found, known: Remembered) -> bool:
    """Say whether a file is no page and never was one."""
    return bool(file.seen.left_out) and file.is_complete and known.sent_as(file.name) is None


def note(done: Round, steps: Sequence[Step], wanted: Mapping[str, Wanted]) -> None:
    """Enter what there is nothing to send for."""
    for step in steps:
        path = step.file.seen.path
        if step.act == Act.SENT:
            done.known += 1
        elif step.act == Act.WAIT:
            done.waiting.append(path)
        elif step.act == Act.SCAN_AGAIN:
            done.known += 1
            done.to_scan_again.append(path)
            done.wanted[path] = wanted[step.rescan_order_id]
        elif step.act in NEEDS_A_PERSON:
            done.for_a_person.append((path, step.act))


def place_of(order: ScanOrder, step: Step) -> dict[str, str]:
    """Say where a page goes: to its number, or to the order that asks for it again."""
    if step.rescan_order_id:
        return {"rescan_order_id": step.rescan_order_id}
    return {"dossier_id": order.dossier_id, "number": str(step.number)}


def refusal(problem: ApiProblem, number: int) -> str:
    """Say why the archive did not take a page; where another page is in its place, say that nothing was replaced."""
    said = f"{problem.code}: {problem.title}"
    if problem.code != "ingest.page_differs":
        return said
    return f"{said} — " + say(
        f"hệ thống đã giữ ảnh khác ở trang số {number}; ảnh đó không bị thay, tệp này chưa được nhận, hãy giữ lại",
        f"the archive holds another image as page {number}, and keeps it; this file was not taken over, do not lose it",
    )


def reason_of(failure: OSError) -> str:
    """Say in words what the file system refused."""
    why = failure.strerror or type(failure).__name__
    return say(f"không đọc được ({why})", f"cannot be read ({why})")


def entry(receipt: Mapping[str, Any], file: str, modified_ns: int) -> Sent:
    """Make the journal's entry of a receipt."""
    told = {name: receipt[name] for name in ("dossier_id", "number", "version", "size", "sha256", "page_id", "receipt")}
    return Sent(file=file, modified_ns=modified_ns, **told)
