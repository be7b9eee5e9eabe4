"""Who signs an invented document, and how their hand looks."""

from cli.demo.blocks import Block
from cli.demo.chance import chance
from cli.demo.dossiers import Document
from cli.demo.themes import phrases


def signature_of(document: Document, told: dict[str, str]) -> Block:
    """Make the foot of a document: who gets it and who signs it; minutes are signed by clerk and chair."""
    kind, common = phrases().kind[document.kind], phrases().common
    head = phrases().heads[told["office"].partition(" ")[0]]
    block: Block = {
        "kind": "signature",
        "recipients": [line.format_map(told) for line in common.recipients],
        "signer": {
            "power": kind.power,
            "role": kind.signer or head,
            "name": told["chair"],
            "strokes": hand_of(told["chair"]),
        },
    }
    if document.kind == "Biên bản":
        block["clerk"] = {"power": "", "role": common.clerk, "name": told["clerk"], "strokes": hand_of(told["clerk"])}
    return block


def hand_of(name: str) -> list[list[list[float]]]:
    """Give a signature, the same for the same name: strokes in millimetres, a point and then cubic curves.

    It runs along a line of loops, higher at its beginning, and ends in a flourish below.
    """
    dice = chance(name, "hand")
    x, stroke = 0.0, [[0.0, dice.uniform(6, 12)]]
    for loop in range(dice.randint(4, 6)):
        rise = dice.uniform(8, 14) if loop == 0 else dice.uniform(2, 7)
        width = dice.uniform(3, 7)
        base = 10 + dice.uniform(-1, 1)
        stroke.append([x + width, base - rise, x - width / 3, base - rise, x + width, base])
        x += width
    flourish = [[0.0, 13.0], [x / 2, dice.uniform(9, 12), x * 0.7, 17.0, x + dice.uniform(4, 12), dice.uniform(8, 14)]]
    return [stroke, flourish]
