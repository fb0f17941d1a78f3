"""The memory: tables and the one place that commits. No business rules."""
