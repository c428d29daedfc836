"""The interpreter and what it interprets: pure, except `host/`.

Nothing here reads a clock, a database, a request or a random number; `tests/test_architecture.py` keeps it so.
"""
