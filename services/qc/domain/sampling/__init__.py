"""Sampling of lots: the standard's tables, the plan they give, its result, and how lots decide about later ones."""
