"""`python -m builder` is `declared`."""

from builder.cli import main

main()
