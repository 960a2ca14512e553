"""Run the `jags` command as a module."""

from jags.cli.main import main

main()
