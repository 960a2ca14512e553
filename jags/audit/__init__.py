"""Keep an append-only, keyed chain of what was done, with erasable detail apart."""
