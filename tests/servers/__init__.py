"""Real servers for tests and development on a machine without containers: Elasticsearch and PostgreSQL.

`python -m tests.servers elasticsearch` (or `postgresql`) starts one in the foreground and prints the setting to use it.
"""
