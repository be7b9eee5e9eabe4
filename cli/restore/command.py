"""`saoluu restore`: rebuild a whole embedded system from the stores or an offline set alone."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer

from cli.copies.faults import told_plainly
from cli.language import say
from cli.restore.ground import laid
from cli.restore.origin import opened
from cli.restore.protocol import Protocol
from cli.restore.restoring import restore as restore_all
from cli.serving import explained

HELP = say(
    "Khôi phục toàn hệ thống từ kho hoặc bộ sao, trên máy trống.",
    "Rebuild the whole system from stores or an offline set, on a bare machine.",
)


def restore(
    origin: Annotated[
        list[str],
        typer.Option(
            "--from", help=say("Kho (URL), hoặc thư mục bộ sao; có thể nêu nhiều", "Store URL, or set; may be repeated")
        ),
    ],
    data: Annotated[Path, typer.Option("--data", help=say("Thư mục dữ liệu mới", "New data folder"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("In biên bản dạng JSON", "Protocol as JSON"))] = False,
) -> None:
    """Restore and tell the protocol; exit 0 only when everything agrees. The protocol is kept in the new folder."""
    with told_plainly(), explained():
        protocol = asyncio.run(restored(origin, data))
    for line in protocol.lines():
        typer.echo(line, err=as_json)
    if as_json:
        typer.echo(json.dumps(protocol.json(), ensure_ascii=False))
    typer.echo(
        say(
            f"Tài khoản không được lưu: `saoluu up --data {data}` in liên kết thiết lập.",
            f"Accounts are not kept: `saoluu up --data {data}` prints the setup link.",
        ),
        err=True,
    )
    raise typer.Exit(0 if protocol.agrees else 1)


async def restored(places: list[str], data: Path) -> Protocol:
    """Restore into a new folder and keep the protocol there. Raises CopyRefused, StorageFull, StoreUnavailable."""
    protocol = Protocol([place.rpartition("@")[2] for place in places], str(data.absolute()))
    async with opened(places) as origin, AsyncExitStack() as stack:
        with protocol.step("databases"):
            ground = await stack.enter_async_context(laid(data))
        await restore_all(ground, origin, protocol)
    await asyncio.to_thread(protocol.keep, data)
    return protocol
