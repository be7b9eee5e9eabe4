"""`saoluu copy`: write and refresh an offline set of everything that the stores hold."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from cli.copies.faults import place_of, told_plainly
from cli.copies.fresh_registers import write_registers
from cli.copies.offline_set import opened
from cli.copies.refreshing import Refresh
from cli.copies.report import Did, Report
from cli.copies.sources import kept_by
from cli.language import say
from cli.serving import explained
from shared.clock import in_vietnam
from shared.eark.fault import printable
from shared.errors import Unavailable

HELP = say(
    "Sao toàn bộ kho ra một bộ để ngoài hệ thống (đĩa, băng).",
    "Copy everything in the stores to a set kept offline (disk, tape).",
)
TELL_EACH, NAMED = 5.0, 20
UNORDERED = say(
    "không yêu cầu được việc đọc lại các hồ sơ bị hỏng", "the dossiers found damaged could not be ordered to be read"
)
WORDS = {
    Did.NEW: say("mới sao", "copied"),
    Did.KNOWN: say("đã có", "there already"),
    Did.REREAD: say("đã đọc lại, đúng", "re-read, right"),
    Did.ADOPTED: say("đã có từ lần trước, đã đọc lại", "found from a run that was cut off, re-read"),
    Did.RENEWED: say("hỏng trong bộ sao, đã sao lại", "wrong in the set, copied anew"),
    Did.LOST: say("HỎNG ở mọi kho", "GOOD IN NO STORE"),
    Did.DIFFERS: say("KHÁC với bộ sao, không ghi đè", "DIFFERS from the set, not written over"),
    Did.IN_THE_WAY: say("BỊ CẢN: liên kết hoặc vật lạ trong bộ sao", "IN THE WAY: a link or something odd in the set"),
}


def copy(
    to: Annotated[Path, typer.Option("--to", help=say("Thư mục của bộ sao", "Folder of the set"))],
    data: Annotated[Path | None, typer.Option("--data", help=say("Thư mục dữ liệu", "Data folder"))] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help=say("Đọc lại cả những gì đã có", "Re-read what is there as well"))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("Dòng cuối là JSON", "The last line is JSON"))] = False,
) -> None:
    """Copy what is new; exit 0 only when the set holds everything, right. 1 names what is not, 3 may help later."""
    with told_plainly(), explained():
        report = asyncio.run(refreshed(to, data, verify=verify))
    for line in lines_of(report, to):
        typer.echo(line, err=as_json)
    if as_json:
        typer.echo(json.dumps(report.json(), ensure_ascii=False))
    raise typer.Exit(0 if report.is_good else 1)


async def refreshed(to: Path, data: Path | None, *, verify: bool) -> Report:
    """Refresh a set. Raises CopyRefused, StoreUnavailable, StorageFull."""
    async with kept_by(data) as kept:
        kept.demand_apart(to)
        with opened(to) as into:
            unwritten = await write_registers(data, kept.stores) if data is not None else {}
            report = await Refresh(kept.stores, into, kept.manifests, verify, Progress(), kept.heads).run()
            report.unwritten = unwritten
        try:
            report.checks_ordered = await kept.order_checks(report.damaged, "copy")
        except Unavailable as away:  # the set is told all the same
            typer.echo(f"{away.code}: {UNORDERED} ({away})", err=True)
        return report


class Progress:
    """Tells every few seconds how far it is."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def __call__(self, report: Report) -> None:
        """Tell, unless that was told a moment ago."""
        if time.monotonic() - self._told_at < TELL_EACH:
            return
        self._told_at = time.monotonic()
        done = sum(report.counts.values())
        with suppress(BrokenPipeError):
            print(
                say(
                    f"{done:,} tệp, {report.written_bytes / 1e6:,.0f} MB đã ghi",
                    f"{done:,} objects, {report.written_bytes / 1e6:,.0f} MB written",
                ),
                file=sys.stderr,
                flush=True,
            )


def lines_of(report: Report, to: Path) -> Iterator[str]:
    """Tell what was done, and name what is wrong."""
    for did in Did:
        if report.counts[did]:
            yield f"{WORDS[did]}: {report.counts[did]:,}"
    for did, keys in report.wrong.items():
        yield from named(f"✗ {WORDS[did]}", keys)
    yield from named(
        "! " + say("hỏng ở một kho, lấy từ kho kia", "wrong in one store, taken from the other"),
        [f"{store}: {key}" for store, key in report.bad_in_store],
    )
    yield from named("✗ " + say("không còn trong kho nào", "gone from the stores"), report.gone)
    yield from named(
        "→ " + say("đã yêu cầu đọc lại và sửa mọi bản sao của hồ sơ", "ordered to be read and mended, dossier"),
        report.checks_ordered,
    )
    yield from named(
        "! " + say("không bản kê nào nêu tên, không sao", "named by no manifest, not copied"), report.unnamed
    )
    yield from named("! " + say("không thuộc bộ sao, để nguyên", "not of the set, left alone"), report.foreign)
    for service, why in report.unwritten.items():
        yield "! " + say(
            f"không ghi được sổ đăng ký {service} trước khi sao ({why}): bộ sao có sổ cũ hơn",
            f"the register of {service} could not be written before the copy ({why}): the set has an older one",
        )
    for service, moment in report.registers.items():
        as_of = in_vietnam(moment).strftime("%d/%m/%Y %H:%M")
        yield say(f"Sổ đăng ký {service}: đến {as_of}", f"Register of {service}: as of {as_of}")
    yield say(
        f"Bộ sao {place_of(to)}: {report.total_objects:,} tệp, {report.total_bytes:,} byte, {report.seconds:.1f} giây",
        f"Set {place_of(to)}: {report.total_objects:,} objects, {report.total_bytes:,} bytes, {report.seconds:.1f} s",
    )


def named(what: str, keys: list[str]) -> Iterator[str]:
    """Name the first of some keys, and count the rest."""
    for key in keys[:NAMED]:
        yield f"{what}: {printable(key)}"
    if len(keys) > NAMED:
        yield f"{what}: ... +{len(keys) - NAMED:,}"
