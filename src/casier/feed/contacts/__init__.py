"""Pupils and those responsible for them: contacts of their class where the policy says so, never accounts."""
