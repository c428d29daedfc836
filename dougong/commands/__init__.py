"""The command line by subject; `python -m dougong --help` shows it."""
