"""“Toujours exact ?”: twice a year a groupement confirms what its visitors read."""
