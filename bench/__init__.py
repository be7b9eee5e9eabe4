"""Measurements of the hot paths, each against its floor in the same run: `make bench`."""
