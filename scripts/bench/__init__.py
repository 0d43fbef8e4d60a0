"""What the engines cost, against their bare clients and SQLite FTS5: `python -m scripts.bench --help`."""
