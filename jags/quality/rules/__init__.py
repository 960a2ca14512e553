"""Words and rules of reflections, calls, concerns, observation and audit; pure functions."""
