"""The inventory as its template takes it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from services.catalog.domain.inventory_paper import COLUMNS, Inventory
from shared.papers.press import spelled

TEMPLATE = Path(__file__).with_name("inventory.typ")


def printable(inventory: Inventory) -> dict[str, Any]:
    """Give an inventory with places to break in its long words: its columns are narrow."""
    groups = [
        {"name": group.name, "rows": [[spelled(cell, 0) for cell in row] for row in group.rows]}
        for group in inventory.groups
    ]
    return {**asdict(inventory), "groups": groups, "widths": [column.width for column in COLUMNS]}
