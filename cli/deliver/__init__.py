"""`saoluu deliver`: write a delivery onto a disk or tape, where that was agreed instead of pulling."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.client import ApiClient
from cli.copies.faults import told_plainly
from cli.credential import Credential
from cli.deliver.choosing import chosen
from cli.deliver.medium import Wanted
from cli.deliver.writing import Writing, Written
from cli.explaining import Outage
from cli.language import say
from cli.trusting import UNCHECKED, SignerCa, trusted
from shared.eark.fault import LONGEST_LINE, printable

HELP = say(
    "Ghi một đợt bàn giao ra đĩa hoặc băng, khi đã thỏa thuận giao bằng vật mang tin.",
    "Write a delivery onto a disk or tape, where media were agreed on.",
)


def deliver(  # noqa: PLR0913 - options of a command
    delivery: Annotated[
        str, typer.Argument(help=say("Đợt bàn giao: P01-001, hoặc mã", "Delivery: P01-001, or its id"))
    ],
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh của cán bộ bàn giao", "An officer's credential"))],
    to: Annotated[Path, typer.Option("--to", help=say("Nơi gắn vật mang tin", "Where the medium is mounted"))],
    label: Annotated[str, typer.Option(help=say("Nhãn dán trên vật mang tin", "What its label says"))],
    serial: Annotated[str, typer.Option(help=say("Số sê-ri", "Its serial number"))] = "",
    part: Annotated[
        list[int] | None, typer.Option(help=say("Chỉ ghi phần này (lặp lại được)", "Only this part (may be repeated)"))
    ] = None,
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    ca: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=say("Chứng thư gốc (PEM)", "Root certificate"))
    ] = None,
    signer_ca: SignerCa = None,
) -> None:
    """Write manifest, signature, papers and packages, read all of it back, and note the medium in the system.

    Run it again, as it was, whenever it was cut off: what is on the medium is read, not written anew. What the
    system keeps back (its dossier was withdrawn, or is good in no store) is left out, taken off the medium where it
    was on it, and named in `left-out.jsonl` there. Exit 0: all of it is there, right, and noted; 1: so is all but what
    was left out; 2: it cannot be done this way; 3: trying later, or with more room, may help.
    """
    anchors = trusted(signer_ca)
    client = ApiClient(
        Credential.load(credential), url=url, patience=300, verify=str(ca) if ca else True, told=Outage()
    )
    console = Console()
    if not anchors:
        console.print(UNCHECKED, style="yellow")

    def told(name: str, state: str) -> None:
        console.print(printable(f"{name}: {state}", LONGEST_LINE), highlight=False, markup=False, soft_wrap=True)

    async def run() -> Written:
        async with client:
            wanted = Wanted(await chosen(client, delivery), label.strip(), serial.strip(), frozenset(part or ()))
            return await Writing(client, to, wanted, told, anchors).run()

    with told_plainly():
        written = asyncio.run(run())
    for line in lines_of(written):
        console.print(printable(line, LONGEST_LINE), markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1 if written.left_out else 0)


def lines_of(written: Written) -> Iterator[str]:
    """Tell what is on the medium, and how the receiver checks it."""
    parts = ", ".join(str(each) for each in written.parts)
    yield say(
        f"{written.folder}: phần {parts}, {written.package_count} gói tin, {written.byte_count:,} byte, đã đọc lại",
        f"{written.folder}: part {parts}, {written.package_count} packages, {written.byte_count:,} bytes, read back",
    )
    for name in written.missing_papers:
        yield "! " + say(f"không có {name}: hệ thống thiếu phông chữ", f"no {name}: the system lacks its font")
    yield f"inventory.sha256: {written.inventory_sha256}"
    yield say("Bên nhận kiểm tra: ", "The receiver checks it: ") + f"saoluu verify {written.folder}"
    for each in written.left_out:
        yield "… " + say(f"{each.file}: để lại: {each.code}", f"{each.file}: left out: {each.code}")
    if count := len(written.left_out):
        yield "✗ " + say(
            f"{count} gói tin bị giữ lại, không có trên vật mang tin; chạy lại lệnh này khi chúng được giao trở lại",
            f"{count} packages are kept back and not on the medium; run this again once they are served again",
        )
