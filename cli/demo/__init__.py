"""`saoluu demo`: the whole journey on a fresh system, by users with accounts of their own."""

import asyncio
import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.client import ApiProblem
from cli.demo import staging, system
from cli.demo.choosing import InventoryRejected
from cli.demo.full import full
from cli.demo.journey import Disagreement, Journey, Summary
from cli.demo.staging import NothingToShow
from cli.demo.waiting import DemoStuck
from cli.language import say
from shared.errors import ArchiveError

HELP = say(
    "Chạy thử toàn bộ hành trình từ mục lục đến biên nhận.",
    "Run the whole journey from the inventory to the receipts.",
)


class Mode(StrEnum):
    """How the system runs."""

    EMBEDDED = "embedded"
    FULL = "full"


class Profile(StrEnum):
    """What is agreed with the receiver: images in packages of E-ARK, or the packages of Circular 05/2025/TT-BNV."""

    CSIP_2_1 = "csip-2.1"
    CSIP_2_2 = "csip-2.2"
    TT05_2025 = "tt05-2025"


FAILURES = (ApiProblem, ArchiveError, DemoStuck, Disagreement, InventoryRejected, NothingToShow, system.SystemFailed)
STARTERS = {Mode.EMBEDDED: system.embedded, Mode.FULL: full}


def demo(
    data: Annotated[Path, typer.Option("--data", help=say("Thư mục dữ liệu (mới)", "Data folder (fresh)"))],
    pages: Annotated[Path | None, typer.Option(help=say("Thư mục ảnh thật", "Folder of real images"))] = None,
    dossiers: Annotated[int | None, typer.Option(min=1, max=10_000, help=say("Số hồ sơ", "Number of dossiers"))] = None,
    mode: Annotated[Mode, typer.Option(help=say("Cách chạy", "How to run"))] = Mode.EMBEDDED,
    profile: Annotated[Profile, typer.Option(help=say("Dạng gói tin giao", "Form of packages"))] = Profile.CSIP_2_1,
    as_json: Annotated[bool, typer.Option("--json", help=say("Dòng cuối là JSON", "The last line is JSON"))] = False,
) -> None:
    """Act the journey; exit 0 only when every package pulled was verified and every count agrees."""
    console = Console(stderr=as_json, soft_wrap=True)
    data = data.absolute()
    if data.exists() and any(data.iterdir()):
        console.print(say(f"{data} không trống", f"{data} is not empty"))
        raise typer.Exit(2)
    data.mkdir(parents=True, exist_ok=True, mode=0o711)
    try:
        if profile != Profile.TT05_2025:  # only these packages hold the words, which take seconds a page to read
            os.environ.setdefault("INGEST_READER", "none")
        staged = stage(data, pages, dossiers, console)
        with STARTERS[mode](data / "system") as running:
            summary = asyncio.run(Journey(running, staged, data, console, profile).run())
    except FAILURES as failure:
        console.print(f"✗ {failure}", markup=False, highlight=False)
        raise typer.Exit(1) from failure
    show(console, summary)
    if as_json:
        typer.echo(json.dumps(summary.json(), ensure_ascii=False))


def stage(data: Path, pages: Path | None, dossiers: int | None, console: Console) -> staging.Staged:
    """Lay out what the station will scan."""
    if pages is None:
        console.print(say("Đang tạo trang mẫu...", "Making pages..."))
        staged = staging.stage_made(data, dossiers)
    else:
        staged = staging.stage_found(data, pages.absolute(), dossiers)
    for left in staged.left_out:
        console.print(say(f"để lại {left.path}: {left.reason}", f"left out {left.path}: {left.reason}"), markup=False)
    console.print(say("Đang khởi động hệ thống...", "Starting the system..."))
    return staged


def show(console: Console, summary: Summary) -> None:
    """Show the summary as a table."""
    table = Table(title=say("Kết quả", "Summary"), show_header=False)
    names = {
        "dossiers": say("Hồ sơ", "Dossiers"),
        "pages_sent": say("Trang đã gửi", "Pages sent"),
        "pages_accepted": say("Trang được chấp nhận", "Pages accepted"),
        "pages_rejected": say("Trang bị loại", "Pages rejected"),
        "a4_pages": say("Quy đổi A4", "A4 pages"),
        "packages": say("Gói tin", "Packages"),
        "packages_verified": say("Gói tin đã kiểm tra", "Packages verified"),
        "copies_verified": say("Bản sao đã kiểm chứng", "Copies verified"),
        "seconds": say("Giây", "Seconds"),
    }
    for field, name in names.items():
        table.add_row(name, str(summary.json()[field]))
    console.print(table)
    places = {
        say("Thư mục gói tin", "Packages in"): summary.packages_dir,
        say("Thư mục dữ liệu", "Data in"): summary.data_dir,
    }
    for name, place in places.items():  # outside the table, which would cut them on a narrow terminal
        console.print(f"{name}: {place}", markup=False, highlight=False)
    if not summary.packages:
        console.print(
            say(
                "Không có hồ sơ nào được bảo quản: không trang nào đọc được. Các số liệu vẫn khớp nhau.",
                "Nothing was preserved: no page could be read. The counts agree all the same.",
            )
        )
