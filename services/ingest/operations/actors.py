"""Who and what acted on pages and documents, as PREMIS names them."""

from services.ingest.models import ScanSetup
from services.ingest.operations.packing import Sealed
from shared.eark.premis import Actor, Role

Acted = tuple[tuple[Actor, Role], ...]
SAOLUU = "Saoluu"


def program(sealed: Sealed) -> Actor:
    """Name this program in the version that the sealing began with."""
    return Actor(SAOLUU, "software", sealed.sealing.software_version)


def checking_program(version: str) -> Actor:
    """Name this program in the version that checked a page; older checks do not tell it."""
    return Actor(SAOLUU, "software", version)


def station(name: str) -> Actor:
    """Name a scanning station: its account is of a machine."""
    return Actor(name, "hardware")


def inspector(name: str) -> Actor:
    """Name an inspector by the account."""
    return Actor(name, "person")


def scan_crew(setup: ScanSetup) -> Acted:
    """Name scanner, its program and its operator, as far as the station told them."""
    acted: Acted = ()
    if setup.make or setup.model or setup.serial:
        name = f"{setup.make} {setup.model}".strip() or "scanner"
        acted += ((Actor(name, "hardware", scheme="scanner", serial=setup.serial), "implementer"),)
    if setup.software:
        acted += ((Actor(setup.software, "software", scheme="scanning program"), "executing program"),)
    if setup.operator:
        acted += ((Actor(setup.operator, "person", scheme="operator"), "implementer"),)
    return acted
