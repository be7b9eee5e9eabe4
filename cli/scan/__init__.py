"""`saoluu scan`: the agent that runs beside a scanner."""

import asyncio
import os
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from cli.client import ApiClient, ApiProblem
from cli.credential import Credential
from cli.explaining import Outage, words_of
from cli.language import say
from cli.scan.agent import ScanAgent
from cli.scan.folder import dossier_folders
from cli.scan.journal import Journal
from cli.scan.matching import ScanOrder, match
from cli.scan.old_images import fetch_old_images
from cli.scan.round import Round
from cli.scan.setup import Setup
from cli.scan.telling import list_orders, tell
from shared.eark.fault import LONGEST_LINE, printable

HELP = say(
    "Trạm quét: gửi ảnh trong thư mục lên hệ thống, mỗi thư mục con là một hồ sơ.",
    "Scanner station: send the images of a folder, one sub-folder a dossier.",
)
PAUSE = 5.0


def scan(  # noqa: PLR0913 - a command has as many parameters as options
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help=say("Thư mục ảnh", "Folder of images"))],
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh của trạm", "The station's credential file"))],
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    watch: Annotated[bool, typer.Option("--watch", help=say("Theo dõi liên tục", "Keep watching"))] = False,
    only_list: Annotated[
        bool, typer.Option("--list", help=say("Chỉ liệt kê tên thư mục cần đặt", "Only list how to name folders"))
    ] = False,
    close: Annotated[
        bool, typer.Option("--close", help=say("Đóng hồ sơ đã gửi đủ trang", "Close dossiers that are all there"))
    ] = False,
    old_images: Annotated[
        Path | None,
        typer.Option(
            file_okay=False,
            help=say("Thư mục để ảnh cũ của trang cần quét lại", "Folder for old images of pages to be scanned again"),
        ),
    ] = None,
    journal: Annotated[Path | None, typer.Option(help=say("Tệp nhật ký của trạm", "The station's journal"))] = None,
    scanner_make: Annotated[str, typer.Option(help=say("Hãng máy quét", "The scanner's maker"))] = "",
    scanner_model: Annotated[str, typer.Option(help=say("Kiểu máy quét", "The scanner's model"))] = "",
    scanner_serial: Annotated[str, typer.Option(help=say("Số máy của máy quét", "The scanner's serial number"))] = "",
    software: Annotated[str, typer.Option(help=say("Phần mềm quét", "The scanning program"))] = "",
    operator: Annotated[str, typer.Option(help=say("Người quét", "Who scans"))] = "",
    ca: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=say("Chứng thư gốc (PEM)", "Root certificate"))
    ] = None,
) -> None:
    """Send a folder; source files are never changed, moved or deleted.

    Exit 0 when everything is with the archive as it lies in the folder, 1 when something waits, was refused, changed,
    or needs a person.
    """
    client = ApiClient(
        Credential.load(credential),
        url=url,
        patience=float("inf") if watch else 120,
        verify=str(ca) if ca else True,
        told=Outage(),
    )
    if only_list:
        asyncio.run(show_orders(client, folder))
        return
    setup = Setup(scanner_make, scanner_model, scanner_serial, software, operator)
    with Journal(journal or journal_of(folder)) as kept:
        ended = asyncio.run(run(client, folder, kept, setup, watch=watch, close=close, old_images=old_images))
    raise typer.Exit(0 if ended.is_good else 1)


async def run(  # noqa: PLR0913 - as above
    client: ApiClient,
    folder: Path,
    journal: Journal,
    setup: Setup,
    *,
    watch: bool,
    close: bool,
    old_images: Path | None,
) -> Round:
    """Go over the folder once, or for ever, and tell what happened."""
    console = Console()
    async with client:
        agent = ScanAgent(
            client,
            folder,
            journal,
            lambda code, sent, of: console.print(f"{code}: {sent}/{of}", highlight=False),
            setup=setup,
        )
        if not watch:
            done = await agent.run_once(close_whole=close)
            if old_images:
                await fetch_old_images(client, old_images, done)
            tell(console, done)
            return done
        before: Round | None = None
        while True:
            try:
                done = await agent.go_over(close_whole=close)
            except (OSError, httpx.HTTPError, ApiProblem) as failure:
                demand_passing(failure)
                console.print(printable(words_of(failure), LONGEST_LINE), markup=False, highlight=False)
            else:
                if done.is_news_after(before):
                    if old_images:
                        await fetch_old_images(client, old_images, done)
                    tell(console, done)
                before = done
            await asyncio.sleep(PAUSE)


def demand_passing(failure: Exception) -> None:
    """Raise a failure again that no waiting will mend: the archive knows us, or our request, and says no."""
    is_refusal = isinstance(failure, ApiProblem) and failure.status < 500
    if is_refusal or isinstance(failure, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        raise failure


async def show_orders(client: ApiClient, folder: Path) -> None:
    """Show how folders are to be named, and which are not; sends nothing."""
    async with client:
        orders = [ScanOrder.of(told) async for told in client.items("/ingest/scan-orders", limit=500)]
    matched = match(dossier_folders(folder), orders)
    there = {order.dossier_id: path.name for path, order in matched.folders}
    odd = [*matched.unknown, *(path for path, _ in matched.ambiguous)]
    list_orders(Console(), orders, there, [path.name for path in odd])


def journal_of(folder: Path) -> Path:
    """Choose where the journal of a folder lies: with the station's state, never inside the folder."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / "saoluu" / f"{sha256(str(folder.resolve()).encode()).hexdigest()[:16]}.db"
