"""What packages cost, each against the least work that does the same: `python -m bench.packages [NAME...]`."""
