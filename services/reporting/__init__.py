"""The plan and the numbers: one ledger of pages from expected to received, counted from what everybody reported."""
