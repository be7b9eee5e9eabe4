"""Write docs/events.md from the contracts themselves: `python -m shared.events.describe > docs/events.md`."""

import sys
from collections.abc import Iterator

from shared.events.base import Event
from shared.events.listeners import LISTENERS

ENVELOPE = frozenset(Event.model_fields)

HEAD = """# Events

Made by `make docs` from `shared/events/`; a test fails when it is stale. Every event also carries the envelope:
`id`, `occurred_at`, `actor`, `correlation_id`, and the `version` of its subject. Fields may be added, never changed;
readers ignore fields they do not know.

| event | subject | heard by | says |
|---|---|---|---|
"""


def described() -> str:
    """Give the whole page."""
    return HEAD + "".join(rows()) + "\n" + "\n".join(sections())


def rows() -> Iterator[str]:
    """Give one row an event, publisher by publisher."""
    for event, listeners in sorted(LISTENERS.items(), key=lambda each: each[0].name):
        says = (event.__doc__ or "").strip().splitlines()[0]
        yield f"| `{event.name}` | `{event.subject}` | {', '.join(listeners)} | {says} |\n"


def sections() -> Iterator[str]:
    """Give the fields of each event."""
    for event in sorted(LISTENERS, key=lambda each: each.name):
        yield f"## {event.name}\n"
        for name, field in event.model_fields.items():
            if name not in ENVELOPE:
                kind = getattr(field.annotation, "__name__", None) or str(field.annotation)
                kind = str(field.annotation) if "[" in str(field.annotation) else kind
                yield f"- `{name}`: {kind.replace('shared.events.', '').replace('shared.ids.', '')}" + (
                    "" if field.is_required() else ", optional"
                )
        yield ""


if __name__ == "__main__":
    sys.stdout.write(described())
