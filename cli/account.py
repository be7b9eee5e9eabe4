"""`saoluu account`: make accounts on the host itself, also the way back in when nobody can sign in."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import SecretStr

from cli.credential import Credential, CredentialRefused
from cli.data_folder import holds_a_system
from cli.language import is_english, say
from cli.serving import explained
from services.embedded import embedded_settings, folder_of, part
from services.identity.domain.duties import Kind, kind_for
from services.identity.models import plumbing
from services.identity.operations.accounts import add_on_host
from shared.auth.roles import Role
from shared.database import Database
from shared.errors import ArchiveError
from shared.migrating import migrate
from shared.texts import Texts
from shared.uow import Caller

HELP = say("Tài khoản: tạo ngay trên máy chủ.", "Accounts: made on the host itself.")
app = typer.Typer(no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The account that is wanted."""

    name: str
    kind: Kind
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class File:
    """The credential file that is wanted, and the address written into it."""

    path: Path
    url: str
    may_overwrite: bool


@app.callback()
def accounts() -> None:
    """Keep `add` a command of its own."""


@app.command(help=say("Tạo tài khoản, hoặc mở lại tài khoản đã có.", "Make an account, or let a known one in again."))
def add(  # noqa: PLR0913 - a command has as many parameters as options
    name: Annotated[str, typer.Argument(help=say("Tên tài khoản", "Name of the account"))],
    role: Annotated[list[Role], typer.Option(help=say("Vai trò, lặp lại được", "Role, may be repeated"))],
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh sẽ ghi", "Credential file to write"))],
    data: Annotated[Path | None, typer.Option(help=say("Thư mục dữ liệu", "Data folder"))] = None,
    url: Annotated[str, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = "http://127.0.0.1:8071",
    person: Annotated[
        bool | None, typer.Option("--person/--machine", help=say("Người hay máy; mặc định theo vai trò", "By role"))
    ] = None,
    force: Annotated[bool, typer.Option(help=say("Ghi đè tệp đã có", "Overwrite the file"))] = False,
    new: Annotated[bool, typer.Option("--new", help=say("Cho phép tạo hệ thống mới", "May make a new system"))] = False,
) -> None:
    """Make an account in identity's own database, audited as an act of the host."""
    if data is not None and not new and not holds_a_system(data):
        refuse(
            say(
                f"{data} không chứa hệ thống nào; nếu muốn tạo hệ thống mới ở đó, thêm --new",
                f"{data} holds no system; to make a new one there, add --new",
            )
        )
    if credential.exists() and not force:
        refuse(say(f"{credential} đã có; dùng --force để ghi đè", f"{credential} exists; --force overwrites"))
    with explained():
        found = part("identity").Settings.of("identity").database_url if data is None else ""
    database_url = found or embedded_settings("identity", data or Path())["database_url"]
    roles = frozenset(role)
    kind = kind_for(roles) if person is None else Kind.PERSON if person else Kind.MACHINE
    who = Wanted(name, kind, roles)
    migrate(folder_of("identity"), database_url)
    try:
        asyncio.run(add_to(database_url, who, File(credential, url, force)))
    except ArchiveError as refused:
        words = Texts.of_service(folder_of("identity"))
        refuse(f"{words.say(refused.code, 'en' if is_english() else 'vi')} ({refused.detail})")
    except CredentialRefused as unwritten:
        refuse(str(unwritten))
    typer.echo(say(f"Đã ghi {credential}", f"Wrote {credential}"))


async def add_to(database_url: str, who: Wanted, file: File) -> None:
    """Make the account and write its credential file; an account whose file cannot be written is not made.

    Raises ArchiveError, CredentialRefused.
    """
    database = Database(database_url, plumbing)
    try:
        async with database.writing(Caller("host")) as uow:
            account, secret = await add_on_host(uow, who.name, who.kind, who.roles)
            made = Credential(url=file.url, account_id=account.id, secret=SecretStr(secret), name=account.name)
            made.save(file.path, overwrite=file.may_overwrite)
    finally:
        await database.close()


def refuse(reason: str) -> NoReturn:
    """Say why nothing was done, and leave."""
    typer.echo(reason, err=True)
    raise typer.Exit(2)
