"""How long each kind of data is kept: one table, which the erasing, the register and the tests read."""
