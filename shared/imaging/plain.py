"""Any kind of pixel brought to one of two: 24-bit colour, or 8-bit grey."""

import numpy as np
from PIL import Image


def plain(image: Image.Image) -> Image.Image:
    """Give a page in RGB where it has colours, else in grey; what is transparent shows white paper."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(coloured, mask=coloured.getchannel("A"))
        return paper
    if image.mode in ("L", "RGB"):
        return image
    return image.convert("RGB") if image.mode in ("CMYK", "P", "YCbCr", "HSV") else grey_of(image)


def grey_of(image: Image.Image) -> Image.Image:
    """Give a page in 8-bit grey, whatever it was: deeper tones are scaled, not cut off."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image, dtype=np.uint16) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        tones = np.nan_to_num(np.asarray(image, dtype=np.float32))
        low, high = float(tones.min()), float(tones.max())
        low, high = (0.0, 65535.0) if image.mode == "I" and high > 255 and low >= 0 else (low, max(high, low + 1))
        return Image.fromarray((np.clip((tones - low) / (high - low), 0, 1) * 255).astype(np.uint8))
    if image.mode == "LAB":
        return image.getchannel(0)
    return image.convert("L")
