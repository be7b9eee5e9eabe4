"""Finding among a million dossiers, on SQLite and on PostgreSQL."""
