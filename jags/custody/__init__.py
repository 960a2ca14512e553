"""Look after the keys: wrap data keys anew, make keyed indexes anew, and copies on paper."""
