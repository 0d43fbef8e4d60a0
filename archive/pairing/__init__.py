"""Which articles are versions of one story, and which of their paragraphs say the same."""
