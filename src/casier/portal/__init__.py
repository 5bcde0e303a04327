"""What a person sees before and around the webmail: sign-in, account, help, errors, and `/api/`."""
