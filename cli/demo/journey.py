"""The whole journey, from the inventory to the receipts, acted over HTTP by its users."""

import asyncio
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from cli.client import ApiClient
from cli.demo.accounts import Cast, hire
from cli.demo.choosing import choose
from cli.demo.handing_over import agree, deliver, preserved, receipt_keys, receive
from cli.demo.inspecting import Inspected, inspect
from cli.demo.staging import Staged
from cli.demo.system import System
from cli.demo.waiting import until
from cli.language import say
from cli.pull.pulling import PullReport
from cli.scan.agent import ScanAgent
from cli.scan.journal import Journal
from cli.scan.round import Round

STEPS = {
    "scanned": say("đã quét", "scanned"),
    "accepted": say("chấp nhận", "accepted"),
    "preserved": say("bảo quản", "preserved"),
    "delivered": say("bàn giao", "delivered"),
    "received": say("đã nhận", "received"),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened, in numbers; `copies_verified` is the smallest number of verified copies of a dossier."""

    dossiers: int
    pages_sent: int
    pages_accepted: int
    pages_rejected: int
    a4_pages: int
    packages: int
    packages_verified: int
    copies_verified: int
    seconds: float
    packages_dir: str
    data_dir: str

    def json(self) -> dict[str, Any]:
        """Give the summary as plain data."""
        return asdict(self)


class Disagreement(Exception):
    """Some counts do not agree; the text says which."""


class Journey:
    """One run of the demo on a running system."""

    def __init__(self, system: System, staged: Staged, data: Path, console: Console, profile: str) -> None:
        self._profile = profile
        self._system = system
        self._staged = staged
        self._data = data
        self._console = console
        self._started = time.monotonic()

    def say(self, vi: str, en: str) -> None:
        """Tell how far the journey is."""
        self._console.print(f"[{time.monotonic() - self._started:6.1f} s] {say(vi, en)}", highlight=False)

    async def run(self) -> Summary:
        """Go all the way. Raises Disagreement when the counts do not agree at the end."""
        cast = await hire(self._system.url, self._system.setup_token, self._data / "credentials")
        self.say("Đã có tài khoản cho từng người và từng máy", "Everybody has an account")
        dossiers = await choose(cast, self._staged)
        self.say(f"{dossiers} hồ sơ đã được phê duyệt", f"{dossiers} dossiers approved")
        with Journal(self._data / "station-journal.db") as journal:
            async with cast.client("station-1") as station:
                agent = ScanAgent(station, self._staged.station, journal)
                done = await self._scan(station, agent, dossiers)
                told = await self._inspect(cast, station, agent)
        kept = await preserved(cast, dossiers - len(told.set_aside), lambda _count: None)
        self.say(f"{len(kept)} hồ sơ đã có hai bản sao đã kiểm chứng", f"{len(kept)} dossiers preserved twice")
        pulled = PullReport()
        (self._data / "packages").mkdir()
        if kept:
            private, public = receipt_keys(self._data / "credentials")
            await deliver(cast, await agree(cast, self._staged.fonds["code"], public, self._profile))
            pulled = await receive(cast, self._data / "packages", private)
        self.say(f"{len(pulled.verified)} gói tin đã nhận và kiểm tra", f"{len(pulled.verified)} packages verified")
        return await self._sum_up(cast, done, told, kept, pulled)

    async def _scan(self, station: ApiClient, agent: ScanAgent, dossiers: int) -> Round:
        """Send every page and close every dossier."""

        async def look() -> bool | None:
            orders = [each async for each in station.items("/ingest/scan-orders", limit=500)]
            return True if len(orders) == dossiers else None

        await until(say("các lệnh quét", "the scan orders"), look)
        done = await agent.run_once()
        self.say(f"{done.sent} trang đã gửi", f"{done.sent} pages sent")
        for left in done.left_out:
            self.say(f"để lại {left.path.name}: {left.reason}", f"left out {left.path.name}: {left.reason}")
        for file, reason in done.refused:
            self.say(f"bị từ chối {file.name}: {reason}", f"refused {file.name}: {reason}")
        async for order in station.items("/ingest/scan-orders", state="open", limit=500):
            is_whole = order["scanned_count"] == order["expected_count"]
            explanation = "" if is_whole else "Một số tệp trong thư mục không phải là ảnh hợp lệ."
            told = {"scanned_count": order["scanned_count"], "explanation": explanation}
            await station.post(f"/ingest/dossiers/{order['dossier_id']}/closing", told)
        return done

    async def _inspect(self, cast: Cast, station: ApiClient, agent: ScanAgent) -> Inspected:
        """Bring every dossier to its conclusion."""
        told = Inspected()
        orders = [each async for each in station.items("/ingest/scan-orders", limit=500)]
        async with cast.client("inspector") as inspector, asyncio.TaskGroup() as group:
            for order in orders:
                group.create_task(inspect(inspector, order["dossier_id"], agent, told))
        self.say(
            f"{told.accepted} trang được chấp nhận ({told.reserved} có bảo lưu), {len(told.rejected)} trang bị loại",
            f"{told.accepted} pages accepted ({told.reserved} with reservation), {len(told.rejected)} rejected",
        )
        return told

    async def _sum_up(
        self, cast: Cast, done: Round, told: Inspected, kept: list[dict[str, Any]], pulled: PullReport
    ) -> Summary:
        """Hold everybody's counts against the ledger's."""
        async with cast.client("auditor") as auditor:

            async def look() -> dict[str, Any] | None:
                seen: dict[str, Any] = await auditor.get("/reporting/ledger/totals")
                return (
                    seen if seen["received"] == seen["preserved"] and seen["preserved_dossiers"] == len(kept) else None
                )

            totals = await until(say("sổ đối chiếu", "the ledger"), look, patience=60)
            found = [each async for each in auditor.items("/reporting/ledger/differences")]
        for each in found:
            told_as = difference(each)
            self.say(f"chênh lệch: {told_as}", f"difference: {told_as}")
        summary = Summary(
            dossiers=totals["dossiers"],
            pages_sent=done.sent + done.known,
            pages_accepted=told.accepted,
            pages_rejected=len(told.rejected),
            a4_pages=totals["a4_pages"],
            packages=len(pulled.verified) + len(pulled.failed) + len(pulled.unanswered),
            packages_verified=len(pulled.verified),
            copies_verified=min((each["verified_copies"] for each in kept), default=0),
            seconds=round(time.monotonic() - self._started, 2),
            packages_dir=str((self._data / "packages").absolute()),
            data_dir=str(self._data.absolute()),
        )
        demand_agreement(summary, totals, done, len(kept))
        return summary


def difference(found: dict[str, Any]) -> str:
    """Put a difference of the ledger into words."""
    step = STEPS.get(found["step"], found["step"])
    why = found["explanation"] or say("chưa giải trình", "not explained")
    return f"{found['file_code']}, {step}: {found['found']}/{found['expected']} ({why})"


def demand_agreement(summary: Summary, totals: dict[str, Any], done: Round, kept: int) -> None:
    """Raise Disagreement unless agent, inspector, receiver and ledger count the same."""
    pairs = {
        say("đã gửi = đã quét", "sent = scanned"): (summary.pages_sent, totals["scanned"]),
        say("người kiểm tra = sổ", "inspector = ledger"): (summary.pages_accepted, totals["accepted"]),
        say("đã gửi = chấp nhận + loại", "sent = accepted + rejected"): (
            summary.pages_sent,
            summary.pages_accepted + summary.pages_rejected,
        ),
        say("chấp nhận = bảo quản", "accepted = preserved"): (totals["accepted"], totals["preserved"]),
        say("bảo quản = đã nhận", "preserved = received"): (totals["preserved"], totals["received"]),
        say("gói tin = hồ sơ bảo quản", "packages = dossiers preserved"): (summary.packages, kept),
        say("gói tin đã kiểm tra", "packages verified"): (summary.packages_verified, summary.packages),
        say("chênh lệch chưa giải trình", "open differences"): (totals["open_differences"], 0),
        say("trang bị từ chối", "refused pages"): (len(done.refused), 0),
        say("trang chưa gửi", "pages not sent"): (len(done.waiting) + len(done.for_a_person), 0),
    }
    wrong = [f"{name}: {one} ≠ {other}" for name, (one, other) in pairs.items() if one != other]
    if wrong:
        raise Disagreement(say("số liệu không khớp: ", "the counts do not agree: ") + "; ".join(wrong))
