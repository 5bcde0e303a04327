"""The roads to telephones: an HTTP API, SMPP 3.4, and the telephone of the demonstration."""
