"""The verbs of reporting."""
