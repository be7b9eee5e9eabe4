"""Everything but the offline set is gone; a bare machine restores the system, and it answers as it did before."""

import json
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from cli.credential import Credential
from cli.demo.accounts import Cast, hire
from cli.demo.system import System, embedded
from shared.eark.verify import verify_package
from tests.journeys.test_demo import demo
from tests.service.copies_desk import run

LISTS = (
    "/catalog/fonds",
    "/catalog/lists",
    "/catalog/dossiers",
    "/ingest/copies",
    "/ingest/scan-orders",
    "/qc/dossiers",
    "/qc/lots",
    "/handover/preserved",
    "/handover/agreements",
    "/handover/deliveries",
    "/reporting/ledger",
    "/reporting/ledger/differences",
)
ONCE = ("/reporting/ledger/totals",)
LOOKED_AT = ("verified_at", "checked_at")  # of the new copies


async def answers(system: System, cast: Cast) -> dict[str, Any]:
    """Ask the system for all that it knows."""
    async with cast.client("auditor") as auditor:
        told: dict[str, Any] = {path: [bare(each) async for each in auditor.items(path)] for path in LISTS}
        told |= {path: await auditor.get(path) for path in ONCE}
        for dossier in told["/handover/preserved"]:
            one = f"/ingest/dossiers/{dossier['dossier_id']}"
            told[one] = await auditor.get(one)
            for below in (f"{one}/pages", f"/qc/dossiers/{dossier['dossier_id']}/pages"):
                told[below] = [bare(each) async for each in auditor.items(below)]
    async with cast.client("handover-officer") as officer:
        for delivery in told["/handover/deliveries"]:
            packages = f"/handover/deliveries/{delivery['id']}/packages"
            told[packages] = [each async for each in officer.items(packages)]
    return told


def bare(told: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is of the new copies themselves: when they were looked at, and in which order they were made."""
    left = {name: value for name, value in told.items() if name not in LOOKED_AT}
    if isinstance(copies := left.get("copies"), list):
        left["copies"] = sorted((bare(each) for each in copies), key=str)
    return left


async def package_digests(cast: Cast, told: Mapping[str, Any], to: Path) -> dict[str, str]:
    """Pull every package and check it by its files alone; gives the digests by package."""
    found = {}
    async with cast.client("handover-officer") as officer:
        for path, packages in told.items():
            for package in packages if path.endswith("/packages") else []:
                file = to / f"{package['id']}.zip"
                async with officer.streamed(f"/handover/packages/{package['id']}/content") as answer:
                    file.write_bytes(await answer.aread())
                assert verify_package(file) == []
                found[package["id"]] = sha256(file.read_bytes()).hexdigest()
    return found


async def test_what_only_the_offline_set_holds_answers_as_it_did_before(tmp_path: Path) -> None:
    code, _, said = demo(tmp_path / "demo", "--dossiers", "2")
    assert code == 0, said
    data = tmp_path / "demo" / "system"
    with embedded(data) as system:
        cast = rehired(system, tmp_path / "demo" / "credentials")
        before = await answers(system, cast)
        pulled = await package_digests(cast, before, tmp_path)
    assert len(pulled) == 2
    done = run("copy", "--data", str(data), "--to", str(tmp_path / "set"))
    assert done.returncode == 0, done.stderr
    shutil.rmtree(tmp_path / "demo")

    done = run("restore", "--from", str(tmp_path / "set"), "--data", str(tmp_path / "new"), "--json")
    assert done.returncode == 0, done.stdout
    told = json.loads(done.stdout)
    assert (told["agrees"], told["counts"]["manifests"], told["counts"]["from_packages"]) == (True, 2, 0)
    assert (tmp_path / "new" / "restore-protocol.txt").read_text().startswith("PROTOCOL OF A RESTORE\n")
    with embedded(tmp_path / "new") as system:
        cast = await hire(system.url, system.setup_token, tmp_path / "credentials")
        after = await answers(system, cast)
        assert after == before
        assert await package_digests(cast, after, tmp_path) == pulled
    with embedded(tmp_path / "new") as system:  # and it starts again like any other
        assert await answers(system, rehired(system, tmp_path / "credentials")) == before


def rehired(system: System, folder: Path) -> Cast:
    """Give the accounts of an earlier start at the address of this one."""
    files = {path.stem: Credential.load(path) for path in folder.glob("*.json")}
    return Cast({name: each.model_copy(update={"url": system.url}) for name, each in files.items()})
