"""Messages and folders that were deleted for good come back, as long as the store keeps them."""
