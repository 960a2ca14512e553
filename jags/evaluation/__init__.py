"""Turn records into measures, cohorts and bands in which nobody can be found."""
