"""The front step: the command line, the processes and the demo."""
