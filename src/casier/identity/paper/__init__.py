"""What is printed: sheets and letters on A4, from templates, with the platform's own type and colours."""
