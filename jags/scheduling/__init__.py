"""Set the date, hold the session, keep calendar entries true and record who took part, by agency."""
