"""The building block of a page, as the page template takes it."""

from typing import Any

Block = dict[str, Any]  # `kind` names the template's function, the rest is its own (see page.typ)
