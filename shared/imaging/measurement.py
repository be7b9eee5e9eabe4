"""What a sandboxed worker is asked about an image, and what it tells, as both cross the pipe."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Fault = Literal["unreadable", "truncated", "unsupported", "too_large", "took_too_long", "worker_died", "not_an_image"]
Part = tuple[float, float, float, float]
FlawKind = Literal["damaged", "data_missing", "data_left", "hole", "shifted", "odd_structure"]


class Flaw(BaseModel):
    """Something wrong in a file that decodes all the same; `detail` says what and where, for those who know formats."""

    model_config = ConfigDict(frozen=True)

    kind: FlawKind
    detail: str = ""


class PixelMeasures(BaseModel):
    """What the pixels of a page say.

    Angles in degrees, how far the content is turned counter-clockwise from upright: `orientation_degrees` 0, 90, 180
    or 270, with a confidence from 0 to 1; `skew_degrees` the rest, within ±15, or None when no lines of text say it.
    Probabilities and shares from 0 to 1, `sharpness` and `contrast` likewise (higher = more of it), tones from 0
    (black) to 255, `noise` a standard deviation in tones. `sharpness` and `blur_probability` are None without ink.
    `colour_cast` is how far the paper's colour lies from any paper's, in CIE L*a*b* units, `uneven_light` the range
    of the paper's brightness as a share of it. `hash` is the page's fingerprint (comparing/).
    `least_margin` is the narrowest margin in millimetres, None when it is wide enough not to matter; `gutter` is where
    one parts the image into two pages, as a share of its width, or None.
    `local_blur_probability` is of a part that is blurred beside the rest of the page, None without text to compare;
    `blurred_part` and `intruding_part` (of a finger or a clip) say where: left, top, right, bottom as shares of the
    image's sides. `color_target` says that patches of a colour target lie beside the page.
    """

    model_config = ConfigDict(frozen=True)

    skew_degrees: float | None
    orientation_degrees: Literal[0, 90, 180, 270]
    orientation_confidence: float
    sharpness: float | None
    blur_probability: float | None
    blank_probability: float
    ink_share: float
    p01: int
    p50: int
    p99: int
    clipped_dark: float
    clipped_light: float
    overexposed_probability: float
    underexposed_probability: float = 0.0
    contrast: float
    colour_cast: float = 0.0
    uneven_light: float = 0.0
    noise: float
    border_share: float
    cut_probability: float
    least_margin: float | None = None
    gutter: float | None = None
    local_blur_probability: float | None = None
    blurred_part: Part | None = None
    intrusion_probability: float = 0.0
    intruding_part: Part | None = None
    color_target: bool = False
    hash: str


class Measures(PixelMeasures):
    """The measures of a page that could be decoded to its last row.

    Sizes in pixels, `dpi_x`/`dpi_y` from the file's tag or None, `bit_depth` per pixel over all channels,
    `frame_count` 1 or 2 (2 means several), `copy_width`/`copy_height` the reading copy's, `jpeg_quality` on the scale
    of the IJG library or None, `complaints` what the decoder warned of although it could decode, `flaws` what the walk
    over the file found. `is_turned` says that the file's EXIF turns it: everything here is as it is then seen;
    `was_jpeg` that a file of another format shows the blocks of a JPEG. Seconds: to decode, to
    measure beside that, to reduce the page and write its copies.
    """

    media_type: str
    width: int
    height: int
    dpi_x: float | None
    dpi_y: float | None
    color_mode: str
    bit_depth: int
    channels: int
    frame_count: int
    bytes_after_end: int
    copy_width: int
    copy_height: int
    jpeg_quality: int | None = None
    complaints: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    is_turned: bool = False
    was_jpeg: bool = False
    has_color_profile: bool = False
    seconds_decode: float
    seconds_measure: float
    seconds_copies: float


class Printed(BaseModel):
    """What was printed of a page: its size in pixels as it is seen, its resolution and where that is from.

    `is_bits` says that the picture is rows of bits (1 is black), not JPEG; `reading_dpi` is of the page for the reader.
    """

    model_config = ConfigDict(frozen=True)

    width: int
    height: int
    dpi: tuple[float, float]
    dpi_source: Literal["tag", "estimated", "none"]
    is_bits: bool
    reading_dpi: int | None = None


class Measurement(BaseModel):
    """The outcome for one file: measures, or what was printed, or the fault that kept us from seeing the page."""

    model_config = ConfigDict(frozen=True)

    measures: Measures | None = None
    printed: Printed | None = None
    fault: Fault | None = None
    detail: str = ""


class Cutting(BaseModel):
    """A part of an image (left, top, right, bottom in its pixels) and the size it shall have."""

    model_config = ConfigDict(frozen=True)

    box: tuple[int, int, int, int]
    size: tuple[int, int]


class Printing(BaseModel):
    """What shall be made of a page: the whole picture for paper, a grey one for a reader; `into` our own folder."""

    model_config = ConfigDict(frozen=True)

    picture: bool = False
    reading: bool = False
    into: Path = Field(default=Path(), exclude=True)  # not the worker's business


class Question(BaseModel):
    """What is asked of the page in the spool: to measure it, a part of it as a picture, or to print it."""

    model_config = ConfigDict(frozen=True)

    cutting: Cutting | None = None
    printing: Printing | None = None
