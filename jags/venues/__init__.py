"""Keep the places in which people meet, each booked once at a time, with what is good to know about them."""
