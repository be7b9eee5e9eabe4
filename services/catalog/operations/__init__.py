"""The verbs of the catalog."""
