"""Pages turned by known angles, pages drawn at known angles, and sheets that have no lines at all."""

from collections.abc import Iterator
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from bench.qc.pages import Sound, opened
from cli.demo.ageing import age
from cli.demo.dossiers import invent_dossiers
from cli.demo.pages import make_page
from cli.demo.sheets import sheet_of
from cli.demo.wear import Wear

MIDDLE = 0.6  # of each side: what is cut from the middle of a page turned by 15 degrees has no border in it
A4 = (1240, 1754)


def whole_turned(image: Image.Image, degrees: float) -> Image.Image:
    """Turn a page counter-clockwise, whole, so that black wedges fill the corners."""
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True) if degrees else image


def middle_turned(image: Image.Image, degrees: float) -> Image.Image:
    """Turn a page counter-clockwise and cut its middle out."""
    turned = image.rotate(degrees, Image.Resampling.BICUBIC) if degrees else image
    across, down = (round(length * (1 - MIDDLE) / 2) for length in image.size)
    return turned.crop((across, down, image.width - across, image.height - down))


def drawn_pages(count: int, seed: int) -> Iterator[tuple[Sound, float]]:
    """Give made pages, and how far the typesetter drew each counter-clockwise before it was aged."""
    for dossier in invent_dossiers((count + 3) // 4, seed=seed, pages=4):
        for page in range(1, 5):
            sound = opened(f"{dossier.folder}-{page}", BytesIO(make_page(dossier, page)))
            yield sound, -float(sheet_of(dossier, page)["skew"])  # the typesetter counts clockwise


def unlined_sheets(seed: int) -> Iterator[Image.Image]:
    """Give blank sheets, noise and drawings, each also turned."""
    dice = Random(seed)  # noqa: S311 (damage drawn by chance)
    sheets = [Image.effect_noise(A4, strength).point(lambda tone: min(255, tone + 60)) for strength in (3, 12, 40, 90)]
    for _ in range(4):
        white = Image.new("RGB", (A4[0] * 2, A4[1] * 2), "white")
        sheets.append(age(white, None, Wear.of(dice), dice).convert("L"))
    for kind in ("lines", "rings", "dots", "scrawl"):
        sheets += [drawing(kind, dice) for _ in range(2)]
    for sheet in sheets:
        yield sheet
        yield whole_turned(sheet, dice.uniform(-14, 14))


def drawing(kind: str, dice: Random) -> Image.Image:
    """Draw what has strokes but no lines of text."""
    image = Image.new("L", A4, 235)
    pen = ImageDraw.Draw(image)

    def anywhere() -> tuple[float, float]:
        return dice.uniform(0, A4[0]), dice.uniform(0, A4[1])

    if kind == "scrawl":
        points = [(A4[0] / 2, A4[1] / 2)]
        for _ in range(2000):
            points.append((points[-1][0] + dice.gauss(0, 20), points[-1][1] + dice.gauss(0, 20)))
        pen.line(points, fill=50, width=2)
    for _ in range({"lines": 60, "rings": 50, "dots": 4000}.get(kind, 0)):
        (x, y), reach = anywhere(), dice.uniform(1, 5) if kind == "dots" else dice.uniform(10, 250)
        if kind == "lines":
            pen.line([(x, y), anywhere()], fill=50, width=2)
        else:
            box = (x - reach, y - reach, x + reach, y + reach)
            pen.ellipse(box, outline=50, width=2, fill=50 if kind == "dots" else None)
    return image.filter(ImageFilter.GaussianBlur(0.7))
