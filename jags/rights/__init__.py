"""Answer complaints, concerns about a facilitator, and requests of people for what is held about them."""
