"""Which shop: resellers, domains, hosts, schemas, and the database backend that keeps shops apart."""
