"""The screens of the frames, for the nation and for the groupements."""
