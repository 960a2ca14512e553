"""Read the old spreadsheets' words: pure parsing, without a database."""
