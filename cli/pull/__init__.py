"""`saoluu pull`: the receiver's client."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.client import ApiClient
from cli.credential import Credential, CredentialRefused
from cli.language import say
from cli.pull.pulling import PullReport, pull_all

HELP = say(
    "Bên nhận: tải các gói tin được bàn giao, kiểm tra và gửi xác nhận.",
    "Receiver: fetch the packages handed over, verify them, answer for each.",
)


def pull(
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh của bên nhận", "The receiver's credential file"))],
    to: Annotated[Path, typer.Option(help=say("Thư mục lưu gói tin", "Folder for the packages"))],
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    ca: Annotated[Path | None, typer.Option(help=say("Chứng thư gốc (PEM)", "Root certificate (PEM)"))] = None,
) -> None:
    """Fetch, verify and answer for every package that waits; exit 0 only when all were verified."""
    try:
        who = Credential.load(credential)
    except CredentialRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused
    report = asyncio.run(run(ApiClient(who, url=url, patience=300, verify=str(ca) if ca else True), to))
    raise typer.Exit(0 if not report.failed else 1)


async def run(client: ApiClient, to: Path) -> PullReport:
    """Pull with progress, and tell what happened."""
    console = Console()
    async with client:
        report = await pull_all(client, to, lambda name, state: console.print(f"{name}: {state}", highlight=False))
    table = Table(title=say("Gói tin nhận được", "Packages received"), show_header=False)
    table.add_row(say("Đã kiểm tra đúng", "Verified"), str(len(report.verified)))
    table.add_row(say("Không đạt", "Failed"), str(len(report.failed)))
    table.add_row(say("Thư mục", "Folder"), str(to.absolute()))
    console.print(table)
    for path, reasons in report.failed:
        for reason in reasons:
            console.print(f"✗ {path.name}: {reason}", highlight=False)
    return report
