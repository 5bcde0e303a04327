"""The pages of activation: proof of who one is, details, charter, memo."""
