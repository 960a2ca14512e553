"""How well it is done, seen kindly: reflections, calls and concerns after a session, observation, the approach, and audit."""
