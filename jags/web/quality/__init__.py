"""Pages for what facilitators see of their own work, for observers and auditors, and for keeping to the approach."""
