"""Files that say who works where: read in constant memory, hostile ones refused."""
