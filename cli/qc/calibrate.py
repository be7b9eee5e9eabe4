"""`saoluu qc calibrate`: how well the machine agrees with the inspectors, and which limits would agree better."""

import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.client import ApiClient
from cli.credential import Credential
from cli.explaining import Outage
from cli.language import say
from cli.qc.check import profile_named
from cli.qc.proposing import as_data, in_words
from services.qc.domain.agreeing import JudgedPage, Totals, agreements
from services.qc.domain.calibrating import RECALL
from services.qc.domain.profile import Profile

HELP = say(
    "So kết quả của máy với kết luận của người kiểm tra và đề xuất ngưỡng; không tự áp dụng.",
    "Compare the machine with the inspectors' verdicts and propose limits; applies nothing.",
)
PORTION = 500
TELL_EVERY = 5000


@dataclass(frozen=True, slots=True)
class Judged:
    """What was read of a system: the pages judged by the compared profile, how many there are in all, and how many
    pages were judged by another profile, by its label.
    """

    profile: Profile
    pages: list[JudgedPage]
    totals: Totals
    left_out: Counter[str]
    in_force: str


def calibrate(
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh", "Credential file"))],
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    profile: Annotated[
        str | None, typer.Option(help=say("Bộ tiêu chuẩn; mặc định: bộ đang dùng", "The profile; by default in force"))
    ] = None,
    recall: Annotated[
        float, typer.Option(min=0.01, max=1, help=say("Tỷ lệ lỗi phải tìm thấy", "Share of the faults to be found"))
    ] = RECALL,
    as_json: Annotated[bool, typer.Option("--json", help=say("In JSON", "Print JSON"))] = False,
) -> None:
    """Print precision and recall of each check, and proposals. Exits 1 when there was no judged page to compare."""
    given = None if profile is None else profile_named(profile)
    judged = asyncio.run(read(ApiClient(Credential.load(credential), url=url, told=Outage()), given))
    checks = list(agreements(judged.pages, judged.totals, judged.profile, recall))
    if as_json:
        head = {
            "profile": judged.profile.label,
            "profile_in_force": judged.in_force,
            "recall": recall,
            "judged_count": len(judged.pages),
            "flagged_total": judged.totals.flagged,
            "unflagged_total": judged.totals.unflagged,
            "left_out": dict(judged.left_out),
        }
        typer.echo(json.dumps({**head, "checks": [as_data(each) for each in checks]}, ensure_ascii=False))
    else:
        for line in (*heading(judged), *(line for each in checks for line in in_words(each))):
            typer.echo(line)
    raise typer.Exit(0 if judged.pages else 1)


async def read(client: ApiClient, given: Profile | None = None) -> Judged:
    """Read all judged pages; those by another profile, or by an older version of this one, are only counted.

    Raises ApiProblem, BadParameter.
    """
    async with client:
        told = await client.get("/qc/judged-pages/totals")
        profile = given or profile_named(told["profile"].rpartition("/")[0])
        counts = {each["profile"]: Totals(each["flagged_count"], each["unflagged_count"]) for each in told["profiles"]}
        pages: list[JudgedPage] = []
        left_out: Counter[str] = Counter()
        async for item in client.items("/qc/judged-pages", limit=PORTION):
            if item["profile"] == profile.label:
                pages.append(page_of(item))
            else:
                left_out[item["profile"] or ""] += 1
            tell_progress(len(pages) + left_out.total())
    return Judged(profile, pages, counts.get(profile.label, Totals(0, 0)), left_out, told["profile"])


def page_of(item: dict[str, Any]) -> JudgedPage:
    """Take a judged page as the system tells it."""
    return JudgedPage(
        item["verdict"], item["reason"], frozenset(item["findings"]), item["is_flagged"], item["measures"]
    )


def tell_progress(count: int) -> None:
    """Tell now and then how many pages were read."""
    if count % TELL_EVERY == 0:
        print(say(f"Đã đọc {count} trang…", f"{count} pages read…"), file=sys.stderr, flush=True)


def heading(judged: Judged) -> list[str]:
    """Tell what was compared, and what was not."""
    count, totals, label = len(judged.pages), judged.totals, judged.profile.label
    lines = [
        say(
            f"{label}: so sánh {count} trang đã có kết luận; máy nghi ngờ {totals.flagged}, cho qua {totals.unflagged}",
            f"{label}: {count} judged pages compared; {totals.flagged} flagged in all, {totals.unflagged} passed",
        )
    ]
    if judged.left_out:
        others = ", ".join(f"{name or '?'}: {number}" for name, number in sorted(judged.left_out.items()))
        lines.append(say(f"Không so sánh, theo tiêu chuẩn khác: {others}", f"Left out, by other profiles: {others}"))
    if judged.in_force != label:
        lines.append(say(f"Hệ thống đang dùng {judged.in_force}", f"The system is judging by {judged.in_force}"))
    lines.append(
        say("Chỉ là đề xuất: không có ngưỡng nào bị thay đổi.", "These are proposals: no limit has been changed.")
    )
    return lines
