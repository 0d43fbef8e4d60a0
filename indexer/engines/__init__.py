"""The search engines behind the one protocol of indexer.engine."""
