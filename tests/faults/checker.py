"""Hold a station's journal against every store and database of a system: what is lost, doubled, orphaned or unheard."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Hashable, Iterable
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from cli.scan.journal import Sent
from services.ingest.models import Master, Page
from services.qc.models import InspectedPage, PageCheck
from services.reporting.handlers import hear, subscriptions
from services.reporting.models import HeardEvent, LedgerPage
from shared.events.base import Event
from shared.events.catalog import DossierApproved
from shared.events.ingest import MasterStored
from shared.events.listeners import LISTENERS
from shared.events.qc import PageChecked
from shared.storage.open import open_store
from tests.faults.books import PLUMBING, Books
from tests.faults.places import Places


async def wrongs(places: Places, sent: list[Sent], *, patience: float) -> list[str]:
    """Name everything that is wrong once the system has come to rest, or has had `patience` seconds for it."""
    deadline = time.monotonic() + patience
    async with Books(places) as books:
        while (found := await in_books(books, sent)) and time.monotonic() < deadline:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.5)
        return found + await in_store(books, places)


async def in_books(books: Books, sent: list[Sent]) -> list[str]:
    """Name what is wrong in the databases."""
    published = await books.published()
    return [
        *await at_ingest(books, sent),
        *await at_qc(books, sent),
        *await at_reporting(books, sent, published),
        *of_events(published, sent),
        *await of_listeners(books, published),
        *await books.at_rest(),
    ]


async def at_ingest(books: Books, sent: list[Sent]) -> list[str]:
    """Hold the journal against pages and masters, and each master against the one act that stored it."""
    place = (col(Page.dossier_id), col(Page.number), col(Page.id))
    master = (col(Master.version), col(Master.sha256), col(Master.size))
    masters = await books.rows("ingest", select(*place, *master).join(Page, col(Master.page_id) == col(Page.id)))
    audit = PLUMBING["ingest"].audit
    acts = await books.rows("ingest", select(col(audit.subject_id)).where(col(audit.act) == "master.stored"))
    expected = [
        (UUID(each.dossier_id), each.number, UUID(each.page_id), each.version, each.sha256, each.size) for each in sent
    ]
    return [
        *differences("masters", expected, masters),
        *differences("pages", {page_of(each) for each in sent}, only(await books.rows("ingest", select(place[2])))),
        *differences("acts of storing", (page_of(each) for each in sent), only(acts)),
    ]


async def at_qc(books: Books, sent: list[Sent]) -> list[str]:
    """Hold the journal against what was checked and what is there to be inspected."""
    told: list[str] = []
    for table in (PageCheck, InspectedPage):
        judged = select(col(table.page_id), col(table.version), col(table.sha256)).where(
            col(table.judgement).is_not(None)
        )
        told += differences(f"judged in {table.__tablename__}", map(version_of, sent), await books.rows("qc", judged))
    return told


async def at_reporting(books: Books, sent: list[Sent], published: list[Event]) -> list[str]:
    """Hold the journal against the ledger, and what was published against what was written down as heard."""
    lines = select(col(LedgerPage.page_id), col(LedgerPage.version), col(LedgerPage.checked_version))
    heard = only(await books.rows("reporting", select(col(HeardEvent.id))))
    kinds = {kind for kind, handler in subscriptions.handlers.items() if handler is hear} | {DossierApproved}
    kept = [event.id for event in published if type(event) in kinds]
    return [
        *differences(
            "pages in the ledger",
            ((page_of(each), each.version, each.version) for each in sent),
            await books.rows("reporting", lines),
        ),
        *differences("events kept by reporting", kept, heard),
    ]


def of_events(published: list[Event], sent: list[Sent]) -> list[str]:
    """Hold the journal against the events that were published of each page, one of a kind."""
    stored = [(each.page_id, each.version, each.sha256) for each in published if isinstance(each, MasterStored)]
    checked = [(each.page_id, each.version) for each in published if isinstance(each, PageChecked)]
    return [
        *differences(MasterStored.name, map(version_of, sent), stored),
        *differences(PageChecked.name, ((page_of(each), each.version) for each in sent), checked),
    ]


async def of_listeners(books: Books, published: list[Event]) -> list[str]:
    """Hold what was published against what each listener has heard."""
    told: list[str] = []
    for kind, listeners in LISTENERS.items():
        ids = [event.id for event in published if type(event) is kind]
        for listener in listeners:
            inbox = PLUMBING[listener].inbox
            heard = await books.rows(listener, select(col(inbox.event_id)).where(col(inbox.name) == kind.name))
            told += differences(f"{kind.name} heard by {listener}", ids, only(heard))
    return told


async def in_store(books: Books, places: Places) -> list[str]:
    """Hold each master against its object, all bytes of it, and look for objects without a master."""
    masters = await books.rows("ingest", select(col(Master.key), col(Master.sha256)))
    store = open_store(places.incoming, "incoming")
    try:
        keys = [found.key async for found in store.keys()]  # noqa: SIM118 - a store is no dict
        lying = [(key, (await store.read_back(key)).sha256) for key in keys]
    finally:
        await store.close()
    return differences("objects", set(masters), lying)


def confessions(logs: Iterable[Path]) -> list[str]:
    """Give what services wrote down as errors of their own; faults around them are to be waited out."""
    lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
    return [line for line in lines if line.startswith("Traceback") or is_confession(line)]


def is_confession(line: str) -> bool:
    """Say whether a line tells of an error of ours; to the broker's client every lost connection is one."""
    if not line.startswith("{"):
        return False
    told = json.loads(line)
    return told["level"] in ("error", "critical") and told["where"].partition(".")[0] not in ("aiormq", "aio_pika")


def differences(what: str, expected: Iterable[Hashable], found: Iterable[Hashable]) -> list[str]:
    """Name what is missing, and what is too many: that which is there twice is once too many."""
    wanted, there = Counter(expected), Counter(found)
    missing, surplus = wanted - there, there - wanted
    return [
        f"{what}: {left.total()} {word}, such as {next(iter(left))}"
        for word, left in (("missing", missing), ("too many", surplus))
        if left
    ]


def page_of(sent: Sent) -> UUID:
    return UUID(sent.page_id)


def version_of(sent: Sent) -> tuple[UUID, int, str]:
    return UUID(sent.page_id), sent.version, sent.sha256


def only(rows: Iterable[tuple[object, ...]]) -> list[Hashable]:
    """Take the one column that was asked for."""
    return [value for (value,) in rows]
