"""The command line of natverk."""
