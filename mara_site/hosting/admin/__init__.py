"""Screens of the administration about the installation."""
