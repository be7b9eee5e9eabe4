"""Restore a system: registers first, then packages, then the one completed from the other, then everything compared."""

from collections.abc import Callable, Sequence

from cli.restore.comparing import compare
from cli.restore.facts import complete, quarantine, tell_approvals, unfound
from cli.restore.ground import NewGround
from cli.restore.loading import load_registers
from cli.restore.origin import Origin
from cli.restore.packages import Restored, restore_packages, restore_registers, survey
from cli.restore.protocol import Protocol
from cli.restore.settling import settle
from services.reporting.context import Context
from services.reporting.domain.plan import Plan
from services.reporting.operations.rebuilding import rebuild_from_heard
from shared.clock import now

Choose = Callable[[Sequence[str]], Sequence[str]]


async def restore(ground: NewGround, origin: Origin, protocol: Protocol, choose: Choose | None = None) -> None:
    """Restore all, or the dossiers whose manifests are chosen: then nothing is settled, for most is left out.

    Raises StorageFull; whatever else is wrong is entered in the protocol, and the rest restored.
    """
    for note in origin.notes:
        protocol.differs(note)
    with protocol.step("registers"):
        await load_registers(ground, origin.stores, protocol)
    with protocol.step("packages"):
        restored = await fill_stores(ground, origin, protocol, choose)
    with protocol.step("facts"):
        await bring_together(ground, restored, protocol)
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
    restored = await restore_packages(ground, origin.stores, keys, manifests, protocol)
    if choose is None:
        await restore_registers(ground, origin.stores, holdings.registers, restored, protocol)
        named = {folder for each in restored.named for folder in each.folders}
        protocol.notes += [f"named by no manifest: {each}" for each in sorted(holdings.folders.keys() - named)]
    return restored


async def bring_together(ground: NewGround, restored: Restored, protocol: Protocol) -> None:
    """Bring registers and packages to one state."""
    if protocol.sample is None:
        await tell_approvals(ground)
    await complete(ground, restored, protocol)
    if protocol.sample is None:
        for dossier_id in await unfound(ground, restored):
            protocol.differs(f"preserved, but its manifest was not found: {dossier_id}")
        await quarantine(ground, restored, protocol)
        await settle(ground, protocol)
    database = ground.databases["reporting"]
    await rebuild_from_heard(Context(database=database, plan=Plan.load()))


def compare_inventory(origin: Origin, restored: Restored, protocol: Protocol) -> None:
    """Name what the inventory of a set tells and nothing restored."""
    for key in sorted(origin.inventoried.keys() - restored.expected.keys() - restored.lost):
        if not key.endswith(".manifest.json"):
            protocol.notes.append(f"in the inventory, named by no manifest: {key}")
