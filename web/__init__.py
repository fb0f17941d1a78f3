"""One of two doors: pages and forms. Asks the workflow, never the tables."""
