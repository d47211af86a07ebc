"""The project: settings, addresses, static files, and the programs that start it all."""
