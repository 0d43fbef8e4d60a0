"""Outlets: one TOML declaration each, built in or in the archive's home."""
