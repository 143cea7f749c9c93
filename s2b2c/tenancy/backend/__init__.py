"""Django database backend: django-tenants with the search path bound to the transaction."""
