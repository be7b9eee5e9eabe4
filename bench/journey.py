"""Two hundred pages all the way, as `saoluu demo` acts them: pages a second from the inventory to the receipts."""

import asyncio
import json
import sys
from pathlib import Path

from cli.demo.dossiers import invent_dossiers
from cli.demo.pages import write_dossiers
from cli.scan.folder import reason_to_leave_out

PAGES = 200
A_DOSSIER = 20
REAL_PAGES = Path(__file__).parents[2] / "shared" / "samples" / "pages"  # beside the checkout on some machines


async def measure_journey(folder: Path) -> list[str]:
    """Give the figures of this measurement."""
    real = await asyncio.to_thread(gather, folder / "pages")
    told = await demo(folder)
    rate = told["pages_sent"] / told["seconds"]
    return [
        f"journey, embedded: {told['pages_sent']} pages ({real} real, the rest made) in {told['packages']} packages, "
        f"{told['packages_verified']} verified, {told['seconds']:.0f} s: {rate:.1f} pages a second (wanted 4)"
    ]


def gather(pages: Path) -> int:
    """Fill a folder with real pages, where there are some, and with made ones; gives how many are real."""
    found = [path for path in sorted(REAL_PAGES.rglob("*")) if path.is_file() and not reason_to_leave_out(path)]
    real = found[:PAGES]
    for number, page in enumerate(real):
        place = pages / f"real-{number // A_DOSSIER:02d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:04d}-{page.name}").write_bytes(page.read_bytes())
    missing = PAGES - len(real)
    sizes = [min(A_DOSSIER, missing - begin) for begin in range(0, missing, A_DOSSIER)]
    for seed, size in enumerate(sizes):
        write_dossiers(pages / f"made-{seed:02d}", invent_dossiers(1, seed=seed, pages=size))
    return len(real)


async def demo(folder: Path) -> dict[str, float]:
    """Run the demo on the pages. Raises RuntimeError when it does not come to a good end."""
    command = (sys.executable, "-c", "from cli.main import run; run()", "demo", "--json")
    process = await asyncio.create_subprocess_exec(
        *command, "--data", str(folder / "data"), "--pages", str(folder / "pages"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, said = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(said.decode(errors="replace")[-2000:])
    told: dict[str, float] = json.loads(output.splitlines()[-1])
    return told
