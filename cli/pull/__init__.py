"""`saoluu pull`: the receiver's client."""

import asyncio
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.client import ApiClient
from cli.copies.faults import told_plainly
from cli.credential import Credential
from cli.explaining import Outage
from cli.language import say
from cli.pull.fetching import TAR, ZIP
from cli.pull.proof import Proof
from cli.pull.pulling import PullReport, pull_all
from cli.trusting import UNCHECKED, SignerCa, trusted
from shared.eark.fault import LONGEST_LINE, printable

HELP = say(
    "Bên nhận: tải các gói tin được bàn giao, kiểm tra và gửi xác nhận.",
    "Receiver: fetch the packages handed over, verify them, answer for each.",
)

AGAIN = say(
    "Tải lại cả những gói đã trả lời còn được phục vụ; không trả lời lại",
    "Fetch packages that were answered for as well, while they are served; answer nothing anew",
)


class Form(StrEnum):
    """In what a package is packed."""

    ZIP = ZIP
    TAR = TAR


RECEIPT_KEY = "Ed25519 key that receipts are signed with (PEM)"


def pull(  # noqa: PLR0913 - options of a command
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh của bên nhận", "The receiver's credential file"))],
    to: Annotated[Path, typer.Option(help=say("Thư mục lưu gói tin", "Folder for the packages"))],
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    ca: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=say("Chứng thư gốc (PEM)", "Root certificate"))
    ] = None,
    signer_ca: SignerCa = None,
    receipt_key: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help=say("Khóa Ed25519 để ký xác nhận (PEM)", RECEIPT_KEY)),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help=AGAIN)] = False,
    form: Annotated[
        Form, typer.Option(help=say("Tải gói dạng ZIP hay TAR", "Fetch packages as ZIP or as TAR"))
    ] = Form.ZIP,
) -> None:
    """Fetch, verify and answer for every package that waits; exit 0 only when all were verified.

    Exit 3: another pull is writing into the folder, so nothing was fetched.
    `--again` is for a disk that was lost: it fetches what was answered for, too, and answers nothing anew.
    Without `--signer-ca` the signature on a delivery's manifest is not checked, and this is said.
    """
    try:
        proof = Proof(trusted(signer_ca), receipt_key.read_text("ascii") if receipt_key else "")
    except (ValueError, OSError) as unusable:
        raise typer.BadParameter(f"{receipt_key}: {unusable}") from unusable
    client = ApiClient(
        Credential.load(credential), url=url, patience=300, verify=str(ca) if ca else True, told=Outage()
    )
    with told_plainly():
        report = asyncio.run(run(client, to, proof, again=again, form=form))
    raise typer.Exit(1 if report.failed or report.unanswered or report.unfetched else 0)


async def run(client: ApiClient, to: Path, proof: Proof, *, again: bool = False, form: str = Form.ZIP) -> PullReport:
    """Pull with progress, and tell what happened."""
    console = Console()
    if not proof.anchors:
        console.print(UNCHECKED, style="yellow")
    async with client:
        told = partial(tell, console)
        report = await pull_all(client, to, told, proof=proof, again=again, form=form)
    table = Table(title=say("Gói tin nhận được", "Packages received"), show_header=False)
    table.add_row(say("Đã kiểm tra đúng", "Verified"), str(len(report.verified)))
    table.add_row(say("Không đạt", "Failed"), str(len(report.failed)))
    table.add_row(say("Chưa trả lời", "Not answered for"), str(len(report.unanswered)))
    if report.unfetched:
        table.add_row(say("Chưa tải lại được", "Not fetched again"), str(len(report.unfetched)))
    console.print(table)
    for line in lines_of(report, to.absolute()):
        console.print(printable(line, LONGEST_LINE), markup=False, highlight=False, soft_wrap=True)
    return report


def tell(console: Console, name: str, state: str) -> None:
    """Say what happens to a package."""
    console.print(printable(f"{name}: {state}", LONGEST_LINE), markup=False, highlight=False)


def lines_of(report: PullReport, to: Path) -> Iterator[str]:
    """Give the folder, and a line for each reason why a package is not good."""
    yield say(f"Thư mục: {to}", f"Folder: {to}")
    for path, reasons in report.failed:
        for reason in reasons:
            yield f"✗ {path.name}: {reason}"
    for path, reason in report.unanswered:
        yield "… " + say(f"{path.name}: chưa trả lời: {reason}", f"{path.name}: not answered for: {reason}")
    for path, reason in report.unfetched:
        yield "… " + say(f"{path.name}: chưa tải lại được: {reason}", f"{path.name}: not fetched again: {reason}")
