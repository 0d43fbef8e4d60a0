"""The Arabic dictionary: making one, what it lacks, and the process that reads it."""
