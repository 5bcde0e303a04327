"""What an academy's IT department tells everyone, or some: above the mail, until it is over."""
