"""All HTTP: access rules, pages, forms and templates."""
