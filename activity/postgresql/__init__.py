"""Django's PostgreSQL backend with a cheaper look at the health of a connection (the setting CONN_HEALTH_CHECKS)."""
