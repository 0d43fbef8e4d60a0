"""The commands, by matter."""
