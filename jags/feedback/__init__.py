"""Collect feedback that cannot be joined to a person: rounds, tickets, pots and tallies."""
