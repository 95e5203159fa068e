"""A ledger in a PostgreSQL database: connections, what is said differently there, the schema."""
