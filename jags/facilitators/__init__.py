"""Keep the pool: training, status, a person's time (availability and bookings) and load."""
