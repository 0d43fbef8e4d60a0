"""The parts of `archive.extract`: each reads or removes one thing that a page carries."""
