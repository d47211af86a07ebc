"""What `make` calls: standard library only, until the virtual environment is there."""
