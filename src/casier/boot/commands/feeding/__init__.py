"""What `./casier feed` does and shows."""
