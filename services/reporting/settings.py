"""Reporting has no settings of its own."""

from shared.settings import ServiceSettings as ReportingSettings

__all__ = ["ReportingSettings"]
