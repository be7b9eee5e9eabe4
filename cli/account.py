"""`saoluu account`: make accounts on the host itself, also the way back in when nobody can sign in."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.credential import Credential, CredentialRefused
from cli.language import say
from cli.serving import explained
from services.embedded import embedded_settings, folder_of, part
from services.identity.domain.duties import MACHINE_ROLES, Kind
from services.identity.models import plumbing
from services.identity.operations.accounts import add_on_host
from shared.auth.policy import Role
from shared.database import Database
from shared.errors import ArchiveError
from shared.migrating import migrate
from shared.uow import Caller

HELP = say("Tài khoản: tạo ngay trên máy chủ.", "Accounts: made on the host itself.")
app = typer.Typer(no_args_is_help=True)


@app.callback()
def accounts() -> None:
    """Keep `add` a command of its own."""


@app.command(help=say("Tạo tài khoản, hoặc mở lại tài khoản đã có.", "Make an account, or let a known one in again."))
def add(
    name: Annotated[str, typer.Argument(help=say("Tên tài khoản", "Name of the account"))],
    role: Annotated[list[Role], typer.Option(help=say("Vai trò, lặp lại được", "Role, may be repeated"))],
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh sẽ ghi", "Credential file to write"))],
    data: Annotated[Path | None, typer.Option(help=say("Thư mục dữ liệu", "Data folder"))] = None,
    url: Annotated[str, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = "http://127.0.0.1:8071",
    force: Annotated[bool, typer.Option(help=say("Ghi đè tệp đã có", "Overwrite the file"))] = False,
) -> None:
    """Make an account in identity's own database, audited as an act of the host."""
    if credential.exists() and not force:
        typer.echo(
            say(f"{credential} đã có; dùng --force để ghi đè", f"{credential} exists; --force overwrites"), err=True
        )
        raise typer.Exit(2)
    with explained():
        found = part("identity").Settings.of("identity").database_url if data is None else ""
    database_url = found or embedded_settings("identity", data or Path())["database_url"]
    migrate(folder_of("identity"), database_url)
    try:
        made = asyncio.run(add_to(database_url, name, frozenset(role), url))
        made.save(credential, overwrite=force)
    except (ArchiveError, CredentialRefused) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused
    typer.echo(say(f"Đã ghi {credential}", f"Wrote {credential}"))


async def add_to(database_url: str, name: str, roles: frozenset[Role], url: str) -> Credential:
    """Make the account; gives its credential."""
    kind = Kind.MACHINE if roles <= MACHINE_ROLES else Kind.PERSON
    database = Database(database_url, plumbing)
    try:
        async with database.writing(Caller("host")) as uow:
            account, secret = await add_on_host(uow, name, kind, roles)
        return Credential.model_validate({"url": url, "account_id": account.id, "secret": secret, "name": name})
    finally:
        await database.close()
