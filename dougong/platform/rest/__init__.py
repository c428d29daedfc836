"""The HTTP API: its shell (operations, errors, cursors, idempotency, limits, document), and the platform's own operations."""
