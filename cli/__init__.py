"""The `saoluu` command: start the system, feed it, fetch from it, check what it made."""
