"""What c sees: pages and API of a shop. No tables."""
