"""The outlets: one TOML file each, built in or in the archive's home."""

from archive.publishers.files import DeclarationError, builtin, load, outlets, owner

__all__ = ["DeclarationError", "builtin", "load", "outlets", "owner"]
