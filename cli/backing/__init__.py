"""The real servers behind the full mode, started by the project itself in folders of its own."""
