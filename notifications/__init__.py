"""The other door: outbox relay, digests and mail, as RQ jobs. A stranger to the web."""
