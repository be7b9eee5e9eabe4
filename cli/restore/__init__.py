"""Restore: a whole embedded system out of the stores alone."""
