"""What people write with: the institution's signature, templates, answers to requests for receipts."""
