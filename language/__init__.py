"""What words are: pure functions on Arabic and English text."""
