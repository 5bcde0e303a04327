"""French names as a feed writes them: compound, accented, with particles, and many people of one name."""

from __future__ import annotations

from itertools import accumulate
from random import Random

# ruff: noqa: SIM905 (words are read more easily in lines)

# Frequent first: the weights below make homonyms as an academy has them.
FAMILY = (
    "MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFEBVRE "
    "LEROY ROUX DAVID BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT "
    "MULLER LEFÈVRE FAURE ANDRÉ MERCIER BLANC GUÉRIN BOYER GARNIER CHEVALIER FRANÇOIS LEGRAND GAUTHIER "
    "GARCIA PERRIN ROBIN CLÉMENT MORIN NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL "
    "DENIS DUMONT MARIE LEMAIRE NOËL MEYER DUFOUR MEUNIER BRUN BLANCHARD GIRAUD JOLY RIVIÈRE LUCAS "
    "BRUNET GAILLARD BARBIER ARNAUD MARTINEZ GÉRARD RENARD SCHMITT ROY LEROUX COLIN VIDAL CARON PICARD "
    "ROGER FABRE AUBERT LEMOINE RENAUD DUMAS LACROIX OLIVIER PHILIPPE BOURGEOIS PIERRE BENOÎT REY "
    "LECLERC PAYET ROLLAND LECLERCQ GUILLAUME LECOMTE LÓPEZ JEAN DUPUY NGUYEN DA_SILVA BENALI TRAORÉ "
    "DIALLO HADDAD KAYA YILMAZ ØSTERGAARD ŠIMEK MÜLLER STRAUSS"
).split()
ODD = (
    "D'ALMEIDA", "DE LA FONTAINE", "LE GOFF", "DE SAINT-EXUPÉRY", "N'DIAYE", "L'HÉRITIER", "VAN DEN BERGHE",
    "O'CONNOR", "DU BOIS DE LA VILLERABEL", "MAC MAHON", "ŒUVRARD", "LŒB", "LE BERRE-QUÉMÉNEUR", "D’ORNANO",
)  # fmt: skip
_STEMS = (
    "Bar Ber Bou Cha Cou Dau Del Des Fau Fla Gau Gui Hou Jac Lan Lau Mau Mon Nau Pel Pou Que Rau Rou "
    "Sau Ser Tou Val Ver Vil"
).split()
_ENDINGS = (
    "bault bert champ chet court dier din doux feuil gnac lain lard let lier mand met nard not pain ré "
    "reau rier rin sac sson taud teux thier ton vais vert zac"
).split()
WOMEN = (
    "Marie Nathalie Isabelle Sylvie Catherine Martine Christine Françoise Valérie Sandrine Stéphanie "
    "Véronique Sophie Céline Chantal Patricia Anne Brigitte Julie Aurélie Laurence Émilie Hélène Élodie "
    "Camille Léa Chloé Manon Inès Zoé Maëlle Agnès Aïcha Fatoumata Noémie Gaëlle Solène Cécile Clémence "
    "Adèle Éléonore Mai Yasmine"
).split()
MEN = (
    "Jean Pierre Michel Philippe Alain Patrick Nicolas Christophe Daniel Laurent Frédéric Éric David "
    "Stéphane Pascal Thierry Olivier Julien Sébastien Thomas François Jérôme Hervé Benoît Loïc Mathéo "
    "Gaël Rémi Théo Hugo Karim Mamadou Étienne Cédric Raphaël Noé Élie Yanis André Joël Aurélien "
    "Guillaume Maxime Mickaël"
).split()
_COMMON = list(accumulate(1 / (rank + 4) for rank in range(len(FAMILY))))


def family_name(chance: Random) -> str:
    """A family name, in capitals as the feed writes it."""
    kind = chance.random()
    if kind < 0.03:
        return chance.choice(ODD)
    if kind < 0.45:
        return (chance.choice(_STEMS) + chance.choice(_ENDINGS)).upper()
    name = chance.choices(FAMILY, cum_weights=_COMMON)[0].replace("_", " ")
    if kind > 0.95:
        return f"{name}-{chance.choice(FAMILY)}".replace("_", " ")
    return name


def given_name(chance: Random, woman: bool) -> str:
    """A given name, sometimes of two parts, now and then in capitals."""
    names = WOMEN if woman else MEN
    name = chance.choice(names)
    kind = chance.random()
    if kind < 0.08:
        name = f"{name}-{chance.choice(names)}"
    elif kind < 0.10:
        name = f"{name} {chance.choice(names)}"
    return name.upper() if kind > 0.97 else name
