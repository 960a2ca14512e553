"""Meet the world outside: mail servers, links, the clock and key files."""
