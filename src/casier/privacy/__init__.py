"""What the law asks about personal data: register, export, erasure, retention."""
