"""The pages of backup addresses and telephones."""
