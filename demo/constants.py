"""What the demonstration has in common with those who try it."""

# Not a secret: it opens a demonstration that only its own machine can reach, and the load prints it.
PASSWORD = "bienvenue-au-reseau"  # noqa: S105
