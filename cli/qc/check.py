"""`saoluu qc check`: measure image files and judge them by a profile."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.language import is_english, say
from cli.qc.looking import MEMORY, WHAT, SeenFile, demanded, files_in, look_at_files, named, run_to_the_end
from cli.qc.telling import told
from services.qc.domain.judging import Opinion, judge
from services.qc.domain.profile import Profile, UnknownProfile, shipped
from services.qc.domain.wording import worded
from shared.eark.fault import printable
from shared.imaging.formats import sniff_name

HELP = say(
    "Đo và đánh giá tệp ảnh theo bộ tiêu chuẩn.",
    "Measure image files and judge them by a profile.",
)


def check(
    paths: Annotated[list[Path], typer.Argument(parser=named, help=WHAT)],
    profile: Annotated[str, typer.Option(help=say("Bộ tiêu chuẩn", "The profile"))] = "tt05-2025",
    jobs: Annotated[int | None, typer.Option(min=1, help=say("Số tiến trình", "Processes side by side"))] = None,
    memory: Annotated[
        int, typer.Option(min=1024, help=say("MiB bộ nhớ mỗi tiến trình", "MiB of memory for each process"))
    ] = MEMORY >> 20,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("Mỗi tệp một dòng JSON", "A line of JSON a file"))
    ] = False,
) -> None:
    """Judge files; a line each, also for what cannot be read. Exits 0 when every file was judged, else 1."""
    judged_by = profile_named(profile)
    files = demanded(list(files_in(paths)))
    was_judged = run_to_the_end(run(files, judged_by, jobs or os.cpu_count() or 1, as_json, memory << 20))
    raise typer.Exit(0 if was_judged else 1)


def profile_named(name: str) -> Profile:
    """Load a profile. Raises BadParameter, which names those there are."""
    try:
        return Profile.load(name)
    except UnknownProfile:
        known = ", ".join(shipped())
        text = say(f"Không có bộ tiêu chuẩn {name!r}; hiện có: {known}", f"No profile {name!r}; there are: {known}")
        raise typer.BadParameter(text, param_hint="--profile") from None


async def run(files: Sequence[Path], profile: Profile, jobs: int, as_json: bool, memory: int = MEMORY) -> bool:
    """Judge files and print a line for each; says whether there was room for all."""
    was_judged = True
    async for file in look_at_files(files, jobs, memory):
        named_type = sniff_name(file.path.name)
        opinion = judge(file.seen, profile, named_type or "", named_type)
        print(json.dumps(told(file, opinion)) if as_json else in_words(file, opinion), flush=True)
        was_judged = was_judged and not file.has_no_room
    return was_judged


def in_words(file: SeenFile, opinion: Opinion) -> str:
    """Tell a judgement to a person."""
    judgement = {"pass": say("đạt", "pass"), "review": say("cần xem", "review"), "fail": say("không đạt", "fail")}
    findings = "; ".join(worded(finding, "en" if is_english() else "vi") for finding in opinion.findings)
    return f"{printable(str(file.path))}: {judgement[opinion.judgement]}" + (f": {findings}" if findings else "")
