"""Take over agencies, facilitators and requests from files that were read."""
