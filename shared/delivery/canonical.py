"""Canonical JSON: one spelling for one value (RFC 8785, for what we write: ASCII names, whole numbers, no floats)."""

import json


def canonical(value: object) -> bytes:
    """Spell a value: UTF-8, names in order, no space between."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
