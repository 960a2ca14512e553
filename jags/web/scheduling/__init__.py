"""Pages of dates and sessions: for coordinators, facilitators and participants."""
