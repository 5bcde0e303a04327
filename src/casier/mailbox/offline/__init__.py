"""Keys of what browsers keep for working offline: lent to an open session, never written on the device."""
