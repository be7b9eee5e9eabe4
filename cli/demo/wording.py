"""What each page of an invented document says, as blocks that the page template sets one below the other."""

from collections.abc import Iterator
from math import ceil

from cli.demo.blocks import Block
from cli.demo.chance import chance
from cli.demo.dossiers import Document, Dossier
from cli.demo.figures import figures_of
from cli.demo.passages import REPORTED, beginning_of, ending_of, flow_of, told_by
from cli.demo.themes import themes

LINES = {True: 45, False: 42}  # that fit on a typewritten and on a printed page
LETTERS = {True: 73, False: 82}  # in a line of each
HEIGHTS = {"letterhead": 4.5, "title": 2.5, "to": 0.5, "resolve": 0.5, "section": 0.5, "signature": 9}  # in lines
LONGEST = 4.5  # lines that the longest block of a body takes, with its heading


def pages_of(dossier: Dossier, document: Document) -> list[list[Block]]:
    """Give the blocks of each page of a document; no page is overfull, the last one is not quite full."""
    dice = chance(dossier.file_code, document.first_page, "words")
    told = told_by(dossier, document, dice)
    flow = flow_of(dossier, document, told, dice)
    pages: list[list[Block]] = []
    text_pages = document.page_count - has_annex(document)
    for number in range(1, text_pages + 1):
        top = beginning_of(document, told, dice) if number == 1 else []
        if number == min(2, text_pages) and document.kind in REPORTED:
            top.append(figures_of(dossier, themes().names.places, dice))
        end = ending_of(document, told, dice) if number == text_pages else []
        room = LINES[document.is_typed] - height_of([*top, *end], document)
        if number == text_pages > 1:
            room *= dice.uniform(0.5, 0.9)
        pages.append([*top, *fill(flow, room, document), *end])
    if has_annex(document):
        pages.append([figures_of(dossier, themes().names.communes, dice)])
    number_articles(pages)
    return pages


def has_annex(document: Document) -> bool:
    """Say whether the last page is a list that belongs to a decision."""
    return document.kind == "Quyết định" and document.page_count > 1


def number_articles(pages: list[list[Block]]) -> None:
    """Label the articles of a decision in their order."""
    articles = [block for page in pages for block in page if block["kind"] == "article"]
    for number, article in enumerate(articles, start=1):
        article["label"] = f"Điều {number}."


def fill(flow: Iterator[Block], room: float, document: Document) -> list[Block]:
    """Take blocks as long as another one of the longest would fit."""
    blocks: list[Block] = []
    while room >= LONGEST:
        blocks.append(next(flow))
        room -= height_of(blocks[-1:], document)
    return blocks


def height_of(blocks: list[Block], document: Document) -> float:
    """Estimate the height of blocks in lines; the template refuses a page that turns out to be overfull."""
    lines = 0.0
    for block in blocks:
        text = block.get("text") or block.get("about") or ""
        lines += HEIGHTS.get(block["kind"], 0.3) + ceil((len(text) + 6) / LETTERS[document.is_typed])
        lines += 1.5 * len(block.get("rows", ())) + (3 if "rows" in block else 0)
    return lines
