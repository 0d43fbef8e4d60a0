"""How well the archive finds and pairs, measured on data that were made by people."""
