"""The services, one folder each; they meet only in events."""
