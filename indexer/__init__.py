"""How it is found: queries, index documents, engines, and keeping an engine in step with the store."""
