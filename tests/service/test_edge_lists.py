"""Every list can be read to its end, portion by portion, and a cursor that we did not give is refused."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import httpx
from sqlmodel import SQLModel

from services.catalog import models as catalog
from services.catalog.models import archivings, lists, markings
from services.handover import models as handover
from services.identity import models as identity
from services.ingest import models as ingest
from services.ingest.revision_models import Revision
from services.qc import models as qc
from services.qc.domain.sampling.terms import PercentageTerms
from services.reporting import models as reporting
from shared.auth.roles import Role
from shared.ids import new_id
from tests.harness import Bench
from tests.routes import Route, routes_of
from tests.service import agencies_rows, imports_rows

ROWS = 3
LISTED = [new_id() for _ in range(ROWS + 1)]
NOW = datetime(2026, 11, 24, tzinfo=UTC)
DOSSIER, AGREEMENT, DELIVERY, LOT, REPLACED, LIST = (new_id() for _ in range(6))
FONDS = agencies_rows.FONDS
IDS = {
    "fonds_id": str(FONDS),
    "dossier_id": str(DOSSIER),
    "delivery_id": str(DELIVERY),
    "lot_id": str(LOT),
    "list_id": str(LIST),
}
IDS |= agencies_rows.IDS | imports_rows.IDS
WHOLE = {
    "/catalog/criteria",
    "/catalog/codes",
    "/catalog/layouts/shipped",
    "/catalog/suggestions",
    "/catalog/dossiers/{dossier_id}/suggestions",
    "/reporting/periods",
    "/qc/reasons",
    "/handover/reasons",
    *agencies_rows.WHOLE,
}  # short by nature: answered whole, without a cursor


def scan_order(dossier_id: UUID) -> SQLModel:
    return ingest.ScanOrder(
        dossier_id=dossier_id, version=1, fonds_id=FONDS, expected_count=1, fonds_code="P", file_code="H",
        folder_name="H", title="T", approval="{}",
    )  # fmt: skip


def delivery(delivery_id: UUID, number: int) -> SQLModel:
    return handover.Delivery(
        id=delivery_id, agreement_id=AGREEMENT, receiver_id=new_id(), fonds_code="P", number=number
    )


def package(package_id: UUID, number: int) -> SQLModel:
    return handover.Package(
        id=package_id, delivery_id=DELIVERY, dossier_id=new_id(), number=number, objid=f"o{number}", page_count=1
    )


def agreement(agreement_id: UUID) -> SQLModel:
    return handover.Agreement(
        id=agreement_id, receiver_id=new_id(), receiver_name="Cục", fonds_code="P", reference="1",
        agreed_on=date(2026, 1, 1),
    )  # fmt: skip


def rescan_order(number: int) -> SQLModel:
    return qc.RescanOrder(page_id=UUID(int=number), dossier_id=DOSSIER, page_version=1, reason="r", ordered_by="lan")


def lot(lot_id: UUID) -> SQLModel:
    terms = PercentageTerms(scheme="percentage").model_dump(mode="json")
    return qc.Lot(id=lot_id, name="L", series="S", page_count=1, created_by="lan", terms=terms)


def selection_list(list_id: UUID, state: str, edition: int, replaces_id: UUID | None = None) -> SQLModel:
    return lists.SelectionList(
        id=list_id, fonds_id=FONDS, name="L", year=2026, created_by=new_id(), state=state, number=1, edition=edition,
        replaces_id=replaces_id,
    )  # fmt: skip


def entry(list_id: UUID, number: int, title: str) -> SQLModel:
    facts = {
        "dossier": {"description": {"file_code": f"L{number}", "title": title}, "fonds": {"code": "P"}},
        "columns": {"series_code": None}, "evidence": {}, "documents": [],
    }  # fmt: skip
    return lists.ListEntry(
        list_id=list_id, number=number, dossier_id=LISTED[number], version=1, file_code=f"L{number}", title=title,
        page_count=1, facts=facts,
    )  # fmt: skip


FIRST: dict[str, list[Callable[[], SQLModel]]] = {  # what the rows below belong to
    "catalog": [
        lambda: catalog.Fonds(id=FONDS, code="P", title="P", kind="fonds", archive_code="A"),
        lambda: catalog.Dossier(id=DOSSIER, fonds_id=FONDS, file_code="H", code_key="h", title="H", page_count=1),
        *agencies_rows.FIRST,
        *imports_rows.FIRST,
        lambda: selection_list(REPLACED, "superseded", 1),
        lambda: selection_list(LIST, "approved", 2, REPLACED),
    ],
    "ingest": [lambda: scan_order(DOSSIER)],
    "qc": [lambda: lot(LOT)],
    "handover": [lambda: agreement(AGREEMENT), lambda: delivery(DELIVERY, 100)],
}
EACH: dict[str, list[Callable[[int], SQLModel]]] = {  # one row for each number
    "catalog": [
        lambda n: catalog.Fonds(code=f"P{n}", title="P", kind="fonds", archive_code="A"),
        lambda n: catalog.Series(fonds_id=FONDS, code=f"S{n}", title="S"),
        lambda n: lists.SelectionList(fonds_id=FONDS, name=f"L{n}", year=2026, created_by=new_id()),
        lambda n: catalog.Dossier(
            id=UUID(int=n), fonds_id=FONDS, file_code=f"H{n}", code_key=f"h{n}", title="H", page_count=1
        ),
        lambda n: catalog.DossierIndex(dossier_id=UUID(int=n), words="h", codes="x"),
        lambda n: markings.BulkMarking(criterion="permanent", evidence=f"{n}", dossier_count=1, by="lan"),
        lambda n: catalog.Dossier(
            id=LISTED[n], fonds_id=FONDS, file_code=f"L{n}", code_key=f"l{n}", title="H", page_count=1
        ),
        lambda n: entry(REPLACED, n, "trước"),
        lambda n: entry(LIST, n, "sau"),
        lambda n: archivings.Archiving(
            kind="series", subject_id=new_id(), reason=f"r{n}", asked_by="lan", asked_by_id=new_id()
        ),
        lambda n: lists.ListRemark(list_id=LIST, round=1, stage="return", remark=f"r{n}", by="lan"),
        lambda n: catalog.DossierPast(dossier_id=DOSSIER, version=n, act="dossier.changed", content={}, by="lan"),
        *agencies_rows.EACH,
        *imports_rows.EACH,
    ],
    "ingest": [
        lambda n: scan_order(UUID(int=90 + n)),
        lambda n: ingest.Copy(
            objid=f"o{n}", store="archive", dossier_id=UUID(int=90 + n), file_count=1, byte_count=1, verified_at=NOW
        ),
        lambda n: ingest.FixityCheck(
            dossier_id=DOSSIER, objid="o", store="archive", checked_at=NOW, object_count=n, byte_count=n,
            outcome="whole",
        ),
        lambda n: ingest.Page(id=UUID(int=n), dossier_id=DOSSIER, number=n),
        lambda n: ingest.Master(
            page_id=UUID(int=n), version=1, key=f"k{n}", sha256="0" * 64, size=1, crc32=0, mib_crc32=b"",
            media_type="image/jpeg", station="s",
        ),
        lambda n: Revision(dossier_id=DOSSIER, version=n, approval="{}", aip_objid=f"a{n}"),
        lambda n: ingest.RescanOrder(
            id=new_id(), page_id=UUID(int=n), dossier_id=DOSSIER, page_number=n, page_version=1, reason="r",
            ordered_at=NOW,
        ),
    ],
    "qc": [
        lambda _: qc.InspectedDossier(dossier_id=new_id()),
        lambda _: lot(new_id()),
        lambda n: qc.InspectedPage(
            page_id=UUID(int=n), dossier_id=DOSSIER, lot_id=LOT, number=n, version=1, sha256="0" * 64
        ),
        rescan_order,
        lambda n: qc.PageCheck(
            id=new_id(), page_id=UUID(int=n), dossier_id=DOSSIER, number=n, version=1, key="k", sha256="0", size=1,
            media_type="image/jpeg", judgement="pass",
        ),
        lambda n: qc.GivenVerdict(page_id=UUID(int=n), version=1, verdict="accepted", inspector="lan"),
    ],
    "handover": [
        lambda _: handover.PreservedDossier(
            dossier_id=new_id(), fonds_code="P", file_code="H", title="T", page_count=1, byte_count=1,
            masters_objid="m", manifest_key="k", manifest_sha256="0" * 64, preserved_at=NOW,
        ),
        lambda _: agreement(new_id()),
        lambda n: delivery(new_id(), n),
        lambda n: package(UUID(int=n), n),
        lambda n: handover.DeliveryPart(delivery_id=DELIVERY, number=n, package_count=1, page_count=1, byte_count=1),
        lambda n: handover.WrittenMedium(
            id=UUID(int=n), delivery_id=DELIVERY, label=f"HDD {n}", parts=[1], package_count=1, byte_count=1,
            inventory_sha256="0" * 64, written_by="lan",
        ),
        lambda n: handover.Correction(
            package_id=UUID(int=n), delivery_id=DELIVERY, dossier_id=new_id(), objid=f"o{n}"
        ),
    ],
    "reporting": [
        lambda _: reporting.LedgerDossier(dossier_id=new_id(), expected_count=1),
        agencies_rows.reported_difficulty,
    ],
    "identity": [
        lambda n: identity.Account(
            name=f"a{n}", name_key=f"a{n}", kind="machine", roles=[Role.RECEIVER], credential_sha256="0" * 64
        ),
        lambda n: identity.Account(
            name=f"b{n}", name_key=f"b{n}", kind="person", roles=[Role.AGENCY], credential_sha256="0" * 64
        ),
    ],
}  # fmt: skip


async def fill(system: Bench) -> None:
    """Put rows behind every list there is."""
    for name, service in system.services.items():
        plumbing = service.context.database.plumbing
        async with service.context.database.writing() as uow:
            for first in FIRST.get(name, []):
                uow.session.add(first())
                await uow.session.flush()
            for number in range(ROWS):
                uow.session.add(plumbing.audit(actor="a", act=f"act {number}"))
                uow.session.add(plumbing.audit(actor="a", act="list.decision_told", subject_id=LIST))
                uow.session.add(plumbing.job(kind="none", subject_id=new_id()))
                uow.session.add(plumbing.dead_letter(event_id=uuid4(), name=f"n{number}", body="{}", reason="r"))
            for each in EACH[name]:
                uow.session.add_all([each(number) for number in range(1, ROWS + 1)])
                await uow.session.flush()


async def read(caller: httpx.AsyncClient, route: Route, **query: object) -> dict[str, object]:
    answer = await caller.get(route.path(**IDS), params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, (route, answer.text)
    told: dict[str, object] = answer.json()
    return told


async def walk(caller: httpx.AsyncClient, route: Route, limit: int) -> list[object]:
    """Read a list to its end; ages grow while it is read."""
    found: list[object] = []
    query: dict[str, object] = {"limit": limit}
    for _ in range(100):
        portion = await read(caller, route, **query)
        assert isinstance(portion["items"], list)
        assert len(portion["items"]) <= limit, route
        found += [{**each, "age_seconds": 0} if "age_seconds" in each else each for each in portion["items"]]
        if portion["next"] is None:
            return found
        query["cursor"] = portion["next"]
    raise AssertionError(f"{route.template} never ends")


def wrong_cursors() -> list[str]:
    """Give cursors that we never gave, as a caller might make them up."""
    places = [
        "[99999999999999999999]", "[2147483648]", "[-1]", "[true]", "[null]", "[1.0]", '["1_0"]', '["1"]', "[1,2]",
        "[[1]]", "[]", "{}", "1", '"x"', "[" * 300, "[1e999]", '["\\u0000"]',
    ]  # fmt: skip
    return [*(base64.urlsafe_b64encode(place.encode()).decode().rstrip("=") for place in places), "%%%", "é", "\0"]


async def test_every_list_is_read_to_its_end_in_portions_of_any_size(whole_system: Bench) -> None:
    await fill(whole_system)
    caller = whole_system.caller(*Role)
    walked = set()
    for route in routes_of(whole_system):
        if not route.is_list or f"/{route.service}{route.template}" in WHOLE:
            continue
        whole = await walk(caller, route, 500)
        assert len(whole) >= ROWS, f"no rows behind {route.service}{route.template}: `fill` must know it"
        for limit in (1, 2, len(whole)):
            assert await walk(caller, route, limit) == whole, (route, limit)
        assert len({json.dumps(each) for each in whole}) == len(whole), f"{route.template} tells something twice"
        walked.add(f"{route.service}.{route.told['operationId']}")
    assert len(walked) >= 14 + 3 * len(whole_system.services)


async def test_a_list_without_a_cursor_is_named_here(whole_system: Bench) -> None:
    uncut = {
        f"/{route.service}{route.template}"
        for route in routes_of(whole_system)
        if route.is_list and not {"limit", "cursor"} <= route.query().keys()
    }
    assert uncut == WHOLE


async def test_a_cursor_that_we_did_not_give_is_refused(whole_system: Bench) -> None:
    await fill(whole_system)
    caller = whole_system.caller(*Role)
    for route in routes_of(whole_system):
        if not route.is_list or "cursor" not in route.query():
            continue
        for cursor in wrong_cursors():
            answer = await caller.get(route.path(**IDS), params={"cursor": cursor})
            assert (answer.status_code, answer.json()["code"]) == (400, "cursor_malformed"), (route.template, cursor)


async def test_a_cursor_of_another_list_is_refused(whole_system: Bench) -> None:
    await fill(whole_system)
    caller = whole_system.caller(*Role)
    pages = (await caller.get(f"/qc/dossiers/{DOSSIER}/pages", params={"limit": 1})).json()["next"]
    dossiers = (await caller.get("/qc/dossiers", params={"limit": 1})).json()["next"]
    for path, cursor in ((f"/qc/dossiers/{DOSSIER}/pages", dossiers), ("/qc/dossiers", pages)):
        answer = await caller.get(path, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_malformed")
