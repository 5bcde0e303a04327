"""The pages of second factors: showing one, enrolling one, managing them, a fresh proof."""
