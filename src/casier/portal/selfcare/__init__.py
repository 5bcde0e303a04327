"""« Mon Identifiant Numérique Académique » : the one place where a person looks after their way in."""
