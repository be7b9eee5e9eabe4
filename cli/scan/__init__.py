"""`saoluu scan`: the agent that runs beside a scanner."""

import asyncio
import os
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.client import ApiClient
from cli.credential import Credential, CredentialRefused
from cli.language import say
from cli.scan.agent import Round, ScanAgent
from cli.scan.journal import Journal

HELP = say(
    "Trạm quét: gửi ảnh trong thư mục lên hệ thống, mỗi thư mục con là một hồ sơ.",
    "Scanner station: send the images of a folder, one sub-folder a dossier.",
)
PAUSE = 5.0


def scan(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help=say("Thư mục ảnh", "Folder of images"))],
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh của trạm", "The station's credential file"))],
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    watch: Annotated[bool, typer.Option(help=say("Theo dõi liên tục", "Keep watching"))] = False,
    journal: Annotated[Path | None, typer.Option(help=say("Tệp nhật ký của trạm", "The station's journal"))] = None,
    ca: Annotated[Path | None, typer.Option(help=say("Chứng thư gốc (PEM)", "Root certificate (PEM)"))] = None,
) -> None:
    """Send a folder; source files are never changed, moved or deleted."""
    try:
        who = Credential.load(credential)
    except CredentialRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused
    with Journal(journal or journal_of(folder)) as kept:
        client = ApiClient(who, url=url, patience=float("inf") if watch else 120, verify=str(ca) if ca else True)
        ended = asyncio.run(run(client, folder, kept, watch=watch))
    raise typer.Exit(0 if not ended.refused else 1)


async def run(client: ApiClient, folder: Path, journal: Journal, *, watch: bool) -> Round:
    """Go over the folder once, or for ever, and tell what happened."""
    console = Console()
    async with client:
        agent = ScanAgent(
            client, folder, journal, lambda code, sent, of: console.print(f"{code}: {sent}/{of}", highlight=False)
        )
        while True:
            done = await agent.run_once(wait_for_scanner=watch)
            rescanned = await agent.answer_rescans()
            if done.sent or rescanned or not watch:
                tell(console, done, rescanned)
            if not watch:
                return done
            await asyncio.sleep(PAUSE)


def tell(console: Console, done: Round, rescanned: int) -> None:
    """Show what a round did, and what the station may clear."""
    table = Table(title=say("Trạm quét", "Scanner station"), show_header=False)
    table.add_row(say("Trang vừa gửi", "Pages sent now"), str(done.sent))
    table.add_row(say("Trang đã gửi trước", "Pages sent before"), str(done.known))
    table.add_row(say("Trang quét lại", "Pages rescanned"), str(rescanned))
    table.add_row(say("Đang chờ máy quét ghi xong", "Still being written"), str(done.waiting))
    table.add_row(say("Bị từ chối", "Refused"), str(len(done.refused)))
    table.add_row(say("Tệp không phải ảnh", "Files that are no images"), str(len(done.left_out)))
    table.add_row(
        say("Đã có hai bản sao, có thể dọn", "Preserved twice, may be cleared"), str(len(done.preserved_twice))
    )
    console.print(table)
    for file, reason in done.refused:
        console.print(f"✗ {file}: {reason}", highlight=False)
    for left in done.left_out:
        console.print(f"- {left.path}: {left.reason}", highlight=False)
    for path in done.unknown_folders:
        console.print(say(f"? {path}: không có trong danh mục", f"? {path}: on no approved list"), highlight=False)
    for code in done.preserved_twice:
        console.print(f"✓ {code}", highlight=False)


def journal_of(folder: Path) -> Path:
    """Choose where the journal of a folder lies: with the station's state, never inside the folder."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / "saoluu" / f"{sha256(str(folder.resolve()).encode()).hexdigest()[:16]}.db"
