"""Qc's own settings."""

import os

from shared.settings import ServiceSettings


class QcSettings(ServiceSettings):
    """The profile pages are judged by, and the sandbox: processes at once, bytes of memory and seconds for a page."""

    qc_profile: str = "tt05-2025"
    qc_workers: int = os.cpu_count() or 2
    qc_memory: int = 2 << 30
    qc_deadline: float = 60.0
