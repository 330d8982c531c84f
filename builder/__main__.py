"""`python -m builder` is `declared`."""

from builder.cli import main

if __name__ == "__main__":  # the processes that draw charts import this file again
    main()
