"""What someone shows beside the password: enrolled factors, when they are asked for, trusted devices."""
