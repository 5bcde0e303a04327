"""The pages of who has lost the way in."""
