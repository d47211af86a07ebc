"""Running the installation: its log, its readiness, its state in words, its backups and what leaves it whole."""
