"""The shipped front server and two application servers under load, while everything around them fails."""
