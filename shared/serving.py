"""In which service's context a request is answered, for what has no request at hand: the types of its texts."""

from contextvars import ContextVar

SERVING: ContextVar[object] = ContextVar("serving", default=None)
