"""When the pages of a dossier may be fewer, more or other than expected: when somebody says why."""

from services.ingest.errors import CountsDiffer, ExplanationMissing, NothingScanned


def demand_same_count(sent: int, here: int) -> None:
    """Raise CountsDiffer when the station has sent another number of pages than arrived."""
    if sent != here:
        raise CountsDiffer(f"{sent} sent, {here} here", sent=sent, here=here)


def demand_explained(expected: int, scanned: int, last_page: int, explanation: str) -> None:
    """Raise NothingScanned, or ExplanationMissing when pages lack, exceed or leave gaps and nobody says why."""
    if not scanned:
        raise NothingScanned
    if not explanation and (scanned != expected or last_page != scanned):
        raise ExplanationMissing(
            f"{expected} expected, {scanned} scanned, the last is page {last_page}", expected=expected, scanned=scanned
        )
