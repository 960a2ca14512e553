"""Pages of network meetings, training events and the toolbox."""
