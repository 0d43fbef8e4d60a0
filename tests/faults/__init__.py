"""Faults: what goes wrong in a news archive, tried for real and counted.

`python -m tests.faults [ROW…] [--quick]` runs the rows and writes docs/faults.md; each row is a test too, at its quick
size. A row tries cases; a case that lost, doubled, hid or garbled something is a violation, and none is allowed.
"""
