"""What the law on personal data asks: the register, copies, erasure, and how long each thing is kept."""
