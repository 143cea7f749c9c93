"""How S makes a shop strong: facts fed by events, and what is made of them. Public schema."""
