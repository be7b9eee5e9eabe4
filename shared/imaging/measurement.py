"""What a sandboxed worker tells about an image, as it crosses the pipe."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Fault = Literal["unreadable", "truncated", "too_large", "took_too_long", "worker_died", "not_an_image"]


class Measures(BaseModel):
    """The measures of a page that could be decoded to its last row.

    Sizes in pixels, `dpi_x`/`dpi_y` from the file's tag or None, `skew_degrees` counter-clockwise positive within
    ±15, shares and probabilities from 0 to 1, `sharpness` higher = sharper, tones from 0 (black) to 255.
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
    seconds_decode: float
    seconds_measure: float


class Measurement(BaseModel):
    """The outcome for one file: measures, or the fault that kept us from seeing the page."""

    model_config = ConfigDict(frozen=True)

    measures: Measures | None = None
    fault: Fault | None = None
    detail: str = ""
