"""A ledger in a PostgreSQL database: connections, what is said differently there, the schema."""

from importlib.util import find_spec

from ledger.errors import DriverMissing

if find_spec("psycopg") is None or find_spec("psycopg_pool") is None:
    raise DriverMissing()
