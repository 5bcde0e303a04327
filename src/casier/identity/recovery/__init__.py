"""How someone who lost the way in comes back: link, code, letter, questions, help desk."""
