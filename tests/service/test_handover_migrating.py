"""An older handover database is brought to the newest shape with what it knows."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import command
from sqlmodel import select

from cli.restore.loading import with_defaults
from services.embedded import folder_of
from services.handover.models import Agreement, Delivery, Package, Receiver, WrittenMedium, plumbing
from services.handover.operations.readiness import FREEZE
from shared.columns import UtcDateTime
from shared.database import Database
from shared.migrating import configured, migrate
from tests.grounds import Ground

TYPES: dict[type, Any] = {
    UUID: sa.Uuid(),
    date: sa.Date(),
    datetime: UtcDateTime(),
    str: sa.String(),
    int: sa.Integer(),
    bool: sa.Boolean(),
    list: sa.JSON(),
}


async def put(database_url: str, table: str, **values: object) -> None:
    """Put a row into a table as it was once."""
    database = Database(database_url, plumbing)
    columns = [sa.column(name, TYPES[type(value)]) for name, value in values.items()]
    async with database.writing() as uow:
        await (await uow.session.connection()).execute(sa.table(table, *columns).insert().values(**values))
    await database.close()


async def all_of(database_url: str, *tables: Any) -> list[list[Any]]:  # noqa: ANN401 - any table
    """Read tables as they are now."""
    database = Database(database_url, plumbing)
    async with database.reading() as session:
        found = [list(await session.exec(select(table))) for table in tables]
    await database.close()
    return found


def test_what_was_agreed_and_gathered_is_carried_on(ground: Ground) -> None:
    database_url = ground.empty_database_url("handover")
    config, account = configured(folder_of("handover"), database_url), uuid4()
    command.upgrade(config, "0001")
    agreed: dict[str, Any] = {"receiver_id": account, "fonds_code": "P01", "reference": "1", "note": ""}
    ids = [uuid4(), uuid4()]
    for agreement_id, name in zip(ids, ("Cục", "Cục Lưu trữ"), strict=True):
        told = {"receiver_name": name, "agreed_on": date(2026, 1, 2)}
        asyncio.run(put(database_url, "agreement", id=agreement_id, **agreed, **told))
    command.upgrade(config, "0004")
    gathered: dict[str, Any] = {"agreement_id": ids[0], "receiver_id": account, "fonds_code": "P01"}
    deliveries = {state: uuid4() for state in ("building", "ready", "open", "closed")}
    for number, (state, delivery_id) in enumerate(deliveries.items(), start=1):
        told = {"number": number, "state": state, "created_at": datetime.now(UTC)}
        asyncio.run(put(database_url, "delivery", id=delivery_id, **gathered, **told))
    migrate(folder_of("handover"), database_url)
    tables = (Receiver, Agreement, Delivery, Package, plumbing.job)
    (receiver,), agreements, rows, packages, jobs = asyncio.run(all_of(database_url, *tables))
    assert (receiver.account_id, receiver.name, receiver.may_receive) == (account, "Cục", True)
    assert [each.state for each in agreements] == ["agreed", "agreed"], "deliveries were made under them"
    assert {each.id: each.state for each in rows} == {
        deliveries["building"]: "building",
        deliveries["ready"]: "building",  # until its manifest is frozen
        deliveries["open"]: "open",
        deliveries["closed"]: "closed",
    }
    assert {(job.kind, job.subject_id) for job in jobs} == {(FREEZE, deliveries[each]) for each in ("ready", "open")}
    assert packages == []
    command.check(config)


def test_a_package_keeps_what_its_dossier_was_when_nothing_had_been_revised(ground: Ground) -> None:
    database_url = ground.empty_database_url("handover")
    config, then = configured(folder_of("handover"), database_url), datetime.now(UTC)
    command.upgrade(config, "0008")
    agreement, delivery, dossier = uuid4(), uuid4(), uuid4()
    facts: dict[str, Any] = {
        "file_code": "H49.1", "title": "Hồ sơ", "masters_objid": "m", "manifest_key": "k", "manifest_sha256": "0" * 64,
        "a4_equivalents": 3,
    }  # fmt: skip
    told: dict[str, Any] = {
        "receiver_id": uuid4(), "receiver_name": "Cục", "fonds_code": "P01", "agreed_on": date(2026, 1, 2),
        "reference": "1", "note": "", "state": "agreed", "profile": "tt05-2025", "with_masters": False,
        "medium": "pull", "part_size": 1, "receipt_key": "", "document_name": "", "document_size": 0,
        "document_sha256": "", "made_by": ["lan"], "approved_by": "", "reason": "",
    }  # fmt: skip
    tables = {
        "agreement": {"id": agreement, **told},
        "delivery": {
            "id": delivery, "agreement_id": agreement, "receiver_id": told["receiver_id"], "fonds_code": "P01",
            "number": 1, "state": "open", "created_at": then, "packer": "", "reason": "", "seal": "unsigned",
            "signer": "",
        },
        "preserved_dossier": {
            "dossier_id": dossier, "fonds_code": "P01", **facts, "page_count": 1, "byte_count": 1, "reading_count": 0,
            "preserved_at": then,
        },
        "package": {
            "id": uuid4(), "delivery_id": delivery, "dossier_id": dossier, "number": 1, "objid": "o", "file_name": "",
            "holds": "masters", "created_at": then, "state": "offered", "page_count": 1, "reason": "",
        },
    }  # fmt: skip
    for name, row in tables.items():
        asyncio.run(put(database_url, name, **row))
    migrate(folder_of("handover"), database_url)
    ((package,),) = asyncio.run(all_of(database_url, Package))
    assert package.model_dump(include=set(facts)) == facts
    assert package.dossier_version == 1


def test_nothing_is_known_to_be_left_out_of_media_that_were_written_before(ground: Ground) -> None:
    database_url = ground.empty_database_url("handover")
    config, delivery = configured(folder_of("handover"), database_url), uuid4()
    command.upgrade(config, "0013")
    told: dict[str, Any] = {
        "id": uuid4(), "delivery_id": delivery, "label": "HDD 01", "serial": "", "parts": [1, 2], "package_count": 2,
        "byte_count": 5, "inventory_sha256": "0" * 64, "written_by": "lan", "written_at": datetime.now(UTC),
    }  # fmt: skip
    gathered: dict[str, Any] = {
        "id": delivery, "agreement_id": uuid4(), "receiver_id": uuid4(), "fonds_code": "P01", "number": 1,
        "state": "open", "created_at": datetime.now(UTC), "packer": "", "reason": "", "seal": "unsigned", "signer": "",
        "giving_up_reason": "", "given_up_by": "",
    }  # fmt: skip
    agreed: dict[str, Any] = {
        "id": gathered["agreement_id"], "receiver_id": gathered["receiver_id"], "receiver_name": "Cục",
        "fonds_code": "P01", "agreed_on": date(2026, 1, 2), "reference": "1", "note": "", "state": "agreed",
        "profile": "tt05-2025", "with_masters": False, "medium": "media", "part_size": 1, "receipt_key": "",
        "document_name": "", "document_size": 0, "document_sha256": "", "made_by": ["lan"], "approved_by": "",
        "reason": "",
    }  # fmt: skip
    for name, row in (("agreement", agreed), ("delivery", gathered), ("written_medium", told)):
        asyncio.run(put(database_url, name, **row))
    migrate(folder_of("handover"), database_url)
    ((medium,),) = asyncio.run(all_of(database_url, WrittenMedium))
    assert medium.model_dump() == {**told, "left_out": []}
    (row,) = with_defaults(plumbing, WrittenMedium.__table__, [told])  # type: ignore[attr-defined] # of an old register
    assert row["left_out"] == []
    command.check(config)
