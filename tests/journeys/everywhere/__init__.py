"""Every screen of the platform, opened in a real browser and looked at: `bench/every_screen`."""
