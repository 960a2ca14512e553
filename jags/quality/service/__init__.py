"""The verbs: reflect, ask to be rung, note a concern, observe, and audit."""
