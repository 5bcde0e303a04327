"""The pages of those who help and watch: help desk, security officer, DSI."""
