"""Services that the demo and the tests bring along: Redis, a mail catcher, PostgreSQL, a browser. Production uses real ones."""
