"""The declaration of accessibility that the law asks for: RGAA 4.1, from what was really checked."""
