"""`python -m bot` is `cadence`."""

from bot.cli import main

main()
