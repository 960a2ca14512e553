"""Small made-up things that tests stand on."""
