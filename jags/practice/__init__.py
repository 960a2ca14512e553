"""Keep the pool in practice: network meetings, training events, and the toolbox."""
