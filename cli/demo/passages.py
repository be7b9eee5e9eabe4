"""What an invented document says at its head, in its body and at its foot."""

from collections.abc import Iterator
from itertools import cycle
from random import Random

from cli.demo.blocks import Block
from cli.demo.chance import chance
from cli.demo.dossiers import OF_THE_COMMITTEE, Document, Dossier
from cli.demo.signing import signature_of
from cli.demo.themes import phrases, themes

REPORTED = frozenset({"Báo cáo", "Tờ trình"})
ROMAN = ("I", "II", "III", "IV")


def told_by(dossier: Dossier, document: Document, dice: Random) -> dict[str, str]:
    """Give the words that are filled into the phrases of a document."""
    names = themes().names
    on = document.issued_on
    chair, clerk = names.person(chance(document.author, on.year)), names.person(dice)
    return {
        "office": themes().theme[dossier.theme].office,
        "subject": document.subject,
        "place": dossier.place,
        "commune": dossier.commune,
        "province": themes().fonds.province,
        "day": f"{on.day:02d}",
        "month": f"{on.month:02d}" if on.month < 3 else str(on.month),  # Decree 30/2020, Annex I: 01 and 02
        "year": str(on.year),
        "chair": chair,
        "clerk": clerk,
        "the_chair": names.addressed(chair),
        "the_clerk": names.addressed(clerk),
        "number": str(dice.randint(7, 34)),
    }


def beginning_of(document: Document, told: dict[str, str], dice: Random) -> list[Block]:
    """Give what stands at the head of a document's first page."""
    common, kind = phrases().common, phrases().kind[document.kind]
    by_committee = document.kind in OF_THE_COMMITTEE
    is_letter = document.kind == "Công văn"
    blocks: list[Block] = [
        {
            "kind": "letterhead",
            "superior": common.committee.upper() if by_committee else f"UBHC {told['province'].upper()}",
            "body": (told["province"] if by_committee else told["office"]).upper(),
            "nation": common.nation,
            "motto": common.motto,
            "mark": document.mark,
            "about": document.subject if is_letter else "",
            "place_date": "{seat}, ngày {day} tháng {month} năm {year}".format(seat=themes().fonds.seat, **told),
        }
    ]
    if not is_letter:
        blocks.append({"kind": "title", "name": document.kind, "about": f"Về việc {document.subject}"})
    if document.kind in REPORTED or is_letter:
        receiver = f"{common.committee} {told['place' if is_letter else 'province']}"
        blocks.append({"kind": "to", "text": receiver})
    if document.kind == "Quyết định":
        bases = [basis.text for basis in phrases().basis if basis.since <= document.issued_on.year <= basis.until]
        blocks += [{"kind": "basis", "text": text.format_map(told)} for text in [*bases, common.consider, common.need]]
        blocks.append({"kind": "resolve", "text": common.resolve})
    if kind.opening:
        blocks.append({"kind": "para", "text": dice.choice(kind.opening).format_map(told)})
    return blocks


def ending_of(document: Document, told: dict[str, str], dice: Random) -> list[Block]:
    """Give what stands at the foot of a document's last page of text."""
    texts = [dice.choice(phrases().kind[document.kind].closing).format_map(told)]
    is_decision = document.kind == "Quyết định"
    if is_decision:
        texts.insert(0, phrases().common.enacting)
    blocks: list[Block] = [{"kind": "article" if is_decision else "para", "text": text} for text in texts]
    return [*blocks, signature_of(document, told)]


def flow_of(dossier: Dossier, document: Document, told: dict[str, str], dice: Random) -> Iterator[Block]:
    """Give the paragraphs of a document's body, without end; the theme's own come first."""
    theme = themes().theme[dossier.theme]
    own, filler = list(theme.body), list(phrases().common.filler)
    dice.shuffle(own)
    dice.shuffle(filler)
    mixed = [text for pair in zip(own, filler, strict=False) for text in pair] + filler[len(own) :]
    if document.kind == "Quyết định":
        mixed = [*theme.orders, *mixed]
    for number, text in enumerate(cycle(mixed)):
        said = text.format_map(told)
        if document.kind == "Quyết định":
            yield {"kind": "article", "text": said}
        elif document.kind == "Biên bản":
            yield {"kind": "para", "text": spoken(said, dice)}
        elif document.kind == "Báo cáo":
            yield from sectioned(number, said)
        else:
            yield {"kind": "para", "text": f"{number + 1}. {said}"}


def spoken(said: str, dice: Random) -> str:
    """Put a sentence into the mouth of somebody at the meeting."""
    names = themes().names
    person, place = names.addressed(names.person(dice)), dice.choice(names.communes)
    return phrases().common.speaker.format(person=person, place=place, said=said)


def sectioned(number: int, said: str) -> Iterator[Block]:
    """Set a heading before every third paragraph of a report, as long as there are headings."""
    sections = phrases().common.sections
    index, is_within = divmod(number, 3)
    if not is_within and index < len(ROMAN):
        yield {"kind": "section", "text": f"{ROMAN[index]}. {sections[index]}"}
    yield {"kind": "para", "text": said}
