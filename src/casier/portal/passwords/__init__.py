"""The pages of passwords: choosing one, changing it."""
