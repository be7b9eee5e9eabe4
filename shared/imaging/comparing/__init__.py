"""Are two pages scans of one sheet? Told by their fingerprints alone."""
