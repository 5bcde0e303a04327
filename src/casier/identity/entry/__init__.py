"""The way in: what someone has proved, what is still to be done before the session opens."""
