"""`saoluu receipts`: enter the receipts that a receiver without a network signed into a file."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.client import ApiClient, ApiProblem
from cli.credential import Credential
from cli.explaining import Outage
from cli.language import say
from shared.delivery.receipt_file import (
    ReceiptLine,
    ReceiptsCut,
    ReceiptsEmpty,
    ReceiptsRefused,
    receipts_brought,
)
from shared.eark.fault import printable

HELP = say(
    "Cán bộ bàn giao: nhập các xác nhận mà bên nhận đã ký vào tệp.",
    "Officer: enter receipts that the receiver signed into a file.",
)
MEANT_WRONGLY = 2
WORDS = {
    ReceiptsRefused: say(
        "không phải là tệp xác nhận, hoặc đã bị sửa; không nhập xác nhận nào",
        "no file of receipts, or it was changed; none was entered",
    ),
    ReceiptsCut: say(
        "dòng cuối của tệp bị cắt; hãy mang lại cả tệp; không nhập xác nhận nào",
        "its last line is cut off; bring the whole file again; none was entered",
    ),
    ReceiptsEmpty: say("tệp không có xác nhận nào", "there is no receipt in it"),
}


def enter(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help=say("Tệp xác nhận (JSONL)", "File of receipts (JSONL)"))
    ],
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh của cán bộ bàn giao", "An officer's credential"))],
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    ca: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=say("Chứng thư gốc (PEM)", "Root certificate"))
    ] = None,
) -> None:
    """Enter every receipt; what was entered already is entered once. Exit 0 only when none was refused."""
    try:
        receipts = receipts_brought(file)  # the whole file is read before the first is entered
    except ReceiptsRefused as refused:
        said = f"{refused.code}: {WORDS[type(refused)]} ({printable(f'{file}, {refused}')})"
        typer.echo(said, err=True)
        raise typer.Exit(MEANT_WRONGLY) from refused
    client = ApiClient(
        Credential.load(credential), url=url, patience=300, verify=str(ca) if ca else True, told=Outage()
    )
    refused_count = asyncio.run(run(client, receipts))
    typer.echo(
        say(
            f"{len(receipts) - refused_count} xác nhận đã nhập, {refused_count} bị từ chối",
            f"{len(receipts) - refused_count} receipts entered, {refused_count} refused",
        )
    )
    raise typer.Exit(1 if refused_count else 0)


async def run(client: ApiClient, receipts: list[ReceiptLine]) -> int:
    """Enter receipts one by one, telling each that is refused; gives how many were."""
    refused = 0
    async with client:
        for each in receipts:
            try:
                await client.put(place_of(each), body_of(each))
            except ApiProblem as problem:
                if problem.status >= 500 or problem.status in (401, 403):  # nothing that another receipt would change
                    raise
                refused += 1
                typer.echo(f"✗ {each.objid}: {problem.code}: {problem.title}")
    return refused


def place_of(receipt: ReceiptLine) -> str:
    """Say where a receipt is entered."""
    return f"/handover/deliveries/{receipt.delivery_id}/receipts/{receipt.package_id}"


def body_of(receipt: ReceiptLine) -> dict[str, object]:
    """Give a receipt as it is entered."""
    named = {"objid": receipt.objid, "answer": receipt.answer, "sha256": receipt.sha256}
    return {**named, "reasons": receipt.told, "signature": receipt.signature}
