"""`python -m builder` is `declared`."""

from builder.cli import run

run()
