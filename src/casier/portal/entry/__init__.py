"""The way in: what leads from the sign-in page over what is still to be done to the open session."""
