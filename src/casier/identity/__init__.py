"""Who is at the door: passwords, sign-in, sessions, delays after failures, application passwords."""
