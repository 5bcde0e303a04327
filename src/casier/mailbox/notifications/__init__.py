"""What other services of an academy tell its people: a line with the service's name, in the bell."""
