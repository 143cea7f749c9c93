"""What every page is made of: template tags, the table, plates, themes. No tables."""
