"""What every capability stands on: the ORM base, ids, actors, sealed values, the unit of work, time and ports."""
