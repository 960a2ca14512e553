"""Pages on complaints, concerns about a facilitator, and what people may ask for."""
