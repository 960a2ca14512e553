"""Hide what could find somebody: counts about children in linked tables, pure and exact (docs/adr/0018-disclosure-control.md)."""
