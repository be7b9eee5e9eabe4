"""Restore a system: registers first, then packages, then the one completed from the other, then everything compared."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress

from cli.copies.naming import ManifestLost, named_by
from cli.copies.walk import REGISTERS, Holdings
from cli.language import say
from cli.restore.comparing import compare
from cli.restore.facts import complete, quarantine, tell_approvals, unfound
from cli.restore.ground import NewGround
from cli.restore.loading import load_registers
from cli.restore.origin import Origin
from cli.restore.packages import Restored, restore_packages, restore_registers, survey
from cli.restore.protocol import Protocol
from cli.restore.revisions import fill_packages, order_revisions
from cli.restore.settling import settle
from services.reporting.context import Context
from services.reporting.domain.plan import Plan
from services.reporting.operations.rebuilding import rebuild_from_heard
from shared.clock import now
from shared.eark.manifest import BESIDE
from shared.errors import StorageFull

SPARE = 512 << 20

Choose = Callable[[Sequence[str]], Sequence[str]]


async def restore(ground: NewGround, origin: Origin, protocol: Protocol, choose: Choose | None = None) -> None:
    """Restore all, or the dossiers whose manifests are chosen: then nothing is settled, for most is left out.

    Raises StorageFull; whatever else is wrong is entered in the protocol, and the rest restored.
    """
    for note in origin.notes:
        protocol.differs(note)
    with protocol.step("registers"):
        await load_registers(ground, origin, protocol)
    with protocol.step("packages"):
        restored = await fill_stores(ground, origin, protocol, choose)
    with protocol.step("facts"):
        await bring_together(ground, origin, restored, protocol)
    with protocol.step("comparing"):
        await compare(ground, restored, protocol)
        if choose is None:
            compare_inventory(origin, restored, protocol)
    protocol.ended_at = now()


async def fill_stores(ground: NewGround, origin: Origin, protocol: Protocol, choose: Choose | None) -> Restored:
    """Fill both new stores."""
    manifests = origin.manifests
    holdings = await survey(origin.stores, manifests, protocol)
    keys = sorted(holdings.manifests)
    if choose is not None:
        keys = list(choose(keys))
        protocol.sample = keys
    protocol.counts["manifests"] = len(keys)
    await demand_room(ground, origin, keys if choose is not None else None, holdings)
    restored = await restore_packages(ground, origin.stores, keys, manifests, protocol)
    if choose is None:
        await restore_registers(ground, origin.stores, holdings.registers, restored, protocol)
        named = {folder for each in restored.dossiers for folder in each.folders}
        protocol.notes += [
            say(f"không bản kê nào nêu tên: {each}", f"named by no manifest: {each}")
            for each in sorted(holdings.folders.keys() - named)
        ]
    return restored


async def demand_room(ground: NewGround, origin: Origin, keys: Sequence[str] | None, holdings: Holdings) -> None:
    """Make sure of room for two copies before anything is written: a drill shall not fill a system's disk.

    Raises StorageFull.
    """
    needed = holdings.byte_count
    if keys is not None:
        needed = 0
        for key in keys:
            with suppress(ManifestLost):
                named = await named_by(origin.stores, key, origin.manifests)
                needed += sum(each.size or 0 for each in named.objects)
    free = os.statvfs(ground.folder)
    if 2 * needed + SPARE > free.f_bavail * free.f_frsize:
        room = free.f_bavail * free.f_frsize
        raise StorageFull(f"{ground.folder}: two copies of {needed:,} bytes are to be written, {room:,} are free")


async def bring_together(ground: NewGround, origin: Origin, restored: Restored, protocol: Protocol) -> None:
    """Bring registers and packages to one state."""
    if protocol.sample is None:
        await tell_approvals(ground)
    await complete(ground, origin, restored, protocol)
    if protocol.sample is None:
        for dossier_id in await unfound(ground, restored):
            protocol.differs(
                say(
                    f"đã bảo quản nhưng không tìm thấy bản kê: {dossier_id}",
                    f"preserved, but its manifest was not found: {dossier_id}",
                )
            )
        await quarantine(ground, restored, protocol)
        await settle(ground, protocol)
        await fill_packages(ground)
        await order_revisions(ground)
    database = ground.databases["reporting"]
    await rebuild_from_heard(Context(database=database, plan=Plan.load()))


def compare_inventory(origin: Origin, restored: Restored, protocol: Protocol) -> None:
    """Name what the inventory of a set tells and nothing restored; of registers nothing else tells."""
    for key in sorted(origin.inventoried.keys() - restored.expected.keys() - restored.lost):
        if key.startswith(f"{REGISTERS}/"):
            protocol.differs(
                say(
                    f"có trong bản kê của bộ sao, nhưng bị thiếu: {key}", f"in the inventory of the set, missing: {key}"
                )
            )
        elif not key.endswith(BESIDE):
            protocol.notes.append(
                say(
                    f"có trong bản kê của bộ sao, không bản kê hồ sơ nào nêu tên: {key}",
                    f"in the inventory, named by no manifest: {key}",
                )
            )
