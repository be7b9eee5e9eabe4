"""What a sandboxed worker tells about an image, as it crosses the pipe."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Fault = Literal["unreadable", "truncated", "too_large", "took_too_long", "worker_died", "not_an_image"]


class Measures(BaseModel):
    """The measures of a page that could be decoded to its last row.

    Sizes in pixels, `dpi_x`/`dpi_y` from the file's tag or None, `bit_depth` per pixel over all channels,
    `frame_count` 1 or 2 (2 means several), `skew_degrees` counter-clockwise positive within ±15 or None when no
    lines of text decide it, shares from 0 to 1, `sharpness` from 0 to 1 higher = sharper or None without ink, tones
    from 0 (black) to 255, `jpeg_quality` on the scale of the IJG library or None, `complaints` what the decoder
    warned of although it could decode.
    """

    model_config = ConfigDict(frozen=True)

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
    ink_share: float
    skew_degrees: float | None
    sharpness: float | None
    p01: int
    p50: int
    p99: int
    clipped_dark: float
    clipped_light: float
    jpeg_quality: int | None = None
    complaints: tuple[str, ...] = ()
    seconds_decode: float
    seconds_measure: float


class Measurement(BaseModel):
    """The outcome for one file: measures, or the fault that kept us from seeing the page."""

    model_config = ConfigDict(frozen=True)

    measures: Measures | None = None
    fault: Fault | None = None
    detail: str = ""
