"""`saoluu account add`: accounts from the host itself, also for whoever locked himself out."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner, Result

from cli.account import app
from cli.credential import Credential
from services.embedded import embedded_settings
from services.identity.models import Account, plumbing
from services.identity.operations.accounts import disable
from shared.database import Database
from tests.grounds import EmbeddedGround, Ground
from tests.service.front_desk import PASSWORD, FrontDesk, front_desk, show_credential, sign_in

Add = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def add(data: Path, tmp_path: Path) -> Add:
    def run(name: str, *roles: str, file: str = "who.json", more: Sequence[str] = ()) -> Result:
        told = [name, *(word for role in roles for word in ("--role", role)), "--credential", str(tmp_path / file)]
        return CliRunner().invoke(app, ["add", *told, "--data", str(data), "--new", *more])

    return run


def in_database(data: Path, act: Callable[[FrontDesk], object]) -> None:
    """Do something with identity at work on the data folder."""

    async def run() -> None:
        async with front_desk(EmbeddedGround(data)) as desk:
            await act(desk)  # type: ignore[misc]

    asyncio.run(run())


async def rows(data: Path) -> tuple[list[Account], list[tuple[str, str]]]:
    """Read all accounts, and all acts with their actors."""
    database = Database(embedded_settings("identity", data)["database_url"], plumbing)
    async with database.reading() as session:
        accounts = list(await session.exec(select(Account).order_by(col(Account.id))))
        audit = plumbing.audit
        acts = [(row.actor, row.act) for row in await session.exec(select(audit).order_by(col(audit.id)))]
    await database.close()
    return accounts, acts


@pytest.mark.parametrize(("role", "kind"), [("station", "machine"), ("receiver", "machine"), ("admin", "person")])
def test_a_new_account_can_sign_in_with_the_file(add: Add, data: Path, tmp_path: Path, role: str, kind: str) -> None:
    done = add("Trạm 1", role, more=["--url", "https://luutru.example:8071"])
    assert (done.exit_code, "who.json" in done.output) == (0, True)
    made = Credential.load(tmp_path / "who.json")
    assert (made.url, made.name) == ("https://luutru.example:8071", "Trạm 1")
    (account,), acts = asyncio.run(rows(data))
    assert (account.id, account.kind, account.roles) == (made.account_id, kind, [role])
    assert acts == [("host", "account.created")]

    async def check(desk: FrontDesk) -> None:
        shown = await show_credential(desk.client(), made.account_id, made.secret.get_secret_value())
        assert shown.status_code == 200

    in_database(data, check)


def test_the_same_name_again_is_the_way_back_in(add: Add, data: Path, tmp_path: Path) -> None:
    add("Lan", "archivist", file="old.json")
    old = Credential.load(tmp_path / "old.json")

    async def shut(desk: FrontDesk) -> None:
        async with desk.database.writing() as uow:
            await disable(uow, old.account_id)
        for _ in range(10):
            await sign_in(desk.client(), "Lan", PASSWORD)

    in_database(data, shut)
    assert add("lan", "admin", file="new.json").exit_code == 0
    new = Credential.load(tmp_path / "new.json")
    (account,), acts = asyncio.run(rows(data))
    assert (account.id, account.is_disabled, account.roles) == (new.account_id, False, ["admin"])
    assert {act for actor, act in acts if actor == "host"} == {
        "account.created",
        "account.enabled",
        "account.restored",
        "credential.renewed",
    }

    async def check(desk: FrontDesk) -> None:
        client = desk.client()
        assert (await show_credential(client, old.account_id, old.secret.get_secret_value())).status_code == 401
        assert (await show_credential(client, new.account_id, new.secret.get_secret_value())).status_code == 200
        assert (await sign_in(client, "Lan", PASSWORD)).status_code == 401  # and not 429: the lock is gone
        assert "identity.account.enabled.v1" in await desk.events()

    in_database(data, check)


def test_a_mistyped_data_folder_does_not_become_a_system(data: Path, tmp_path: Path) -> None:
    told = ["add", "Lan", "--role", "admin", "--credential", str(tmp_path / "who.json"), "--data"]
    typo = tmp_path / "dta"
    refused = CliRunner().invoke(app, [*told, str(typo)])
    assert (refused.exit_code, str(typo) in refused.output, "--new" in refused.output) == (2, True, True)
    assert not typo.exists()
    assert not (tmp_path / "who.json").exists()
    assert CliRunner().invoke(app, [*told, str(data), "--new"]).exit_code == 0
    assert CliRunner().invoke(app, [*told, str(data), "--force"]).exit_code == 0, "now there is one"


def test_an_existing_file_is_not_overwritten_and_nothing_is_changed(add: Add, data: Path, tmp_path: Path) -> None:
    add("Lan", "archivist")
    before = (tmp_path / "who.json").read_text()
    again = add("Lan", "archivist")
    assert (again.exit_code, "--force" in again.output) == (2, True)
    assert (tmp_path / "who.json").read_text() == before
    assert len(asyncio.run(rows(data))[1]) == 1
    assert add("Lan", "archivist", more=["--force"]).exit_code == 0
    assert (tmp_path / "who.json").read_text() != before


def test_an_account_whose_file_cannot_be_written_is_not_made(add: Add, data: Path, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    done = add("Lan", "archivist", file="a file/who.json")
    assert done.exit_code == 2
    assert asyncio.run(rows(data)) == ([], [])


@pytest.mark.parametrize(
    ("roles", "more"),
    [
        (["admin", "archivist"], []),
        (["station", "archivist"], []),
        (["station"], ["--person"]),
        (["archivist"], ["--machine"]),
        (["king"], []),
        ([], []),
    ],
)
def test_roles_that_do_not_fit_are_refused_without_a_file(
    add: Add, tmp_path: Path, roles: list[str], more: list[str]
) -> None:
    assert add("Lan", *roles, more=more).exit_code == 2
    assert not (tmp_path / "who.json").exists()


def test_without_a_data_folder_the_settings_of_the_full_mode_are_used(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ["add", "Trạm 1", "--role", "station", "--credential", str(tmp_path / "who.json")]
    monkeypatch.delenv("IDENTITY_DATABASE_URL", raising=False)
    missing = CliRunner().invoke(app, told)
    assert (missing.exit_code, "IDENTITY_DATABASE_URL" in missing.output) == (2, True)
    monkeypatch.setenv("IDENTITY_DATABASE_URL", ground.empty_database_url("identity"))
    monkeypatch.setenv("IDENTITY_KEYS_URL", "http://identity.test/identity/keys")
    assert CliRunner().invoke(app, told).exit_code == 0
    assert Credential.load(tmp_path / "who.json").name == "Trạm 1"
