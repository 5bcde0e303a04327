"""The pages of what happened to the account: sign-ins, notices, « it wasn’t me »."""
