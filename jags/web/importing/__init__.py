"""Take over what there is, on pages."""
