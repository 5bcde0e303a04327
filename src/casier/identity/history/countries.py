"""Names of the countries from which sign-ins are most often seen. Others keep their code (ISO 3166)."""

from __future__ import annotations

_NAMES: dict[str, tuple[str, str]] = {
    "FR": ("France", "France"),
    "GP": ("Guadeloupe", "Guadeloupe"),
    "MQ": ("Martinique", "Martinique"),
    "GF": ("Guyane", "French Guiana"),
    "RE": ("La Réunion", "Réunion"),
    "YT": ("Mayotte", "Mayotte"),
    "PM": ("Saint-Pierre-et-Miquelon", "Saint Pierre and Miquelon"),
    "BL": ("Saint-Barthélemy", "Saint Barthélemy"),
    "MF": ("Saint-Martin", "Saint Martin"),
    "WF": ("Wallis-et-Futuna", "Wallis and Futuna"),
    "PF": ("Polynésie française", "French Polynesia"),
    "NC": ("Nouvelle-Calédonie", "New Caledonia"),
    "AD": ("Andorre", "Andorra"),
    "MC": ("Monaco", "Monaco"),
    "BE": ("Belgique", "Belgium"),
    "CH": ("Suisse", "Switzerland"),
    "LU": ("Luxembourg", "Luxembourg"),
    "DE": ("Allemagne", "Germany"),
    "IT": ("Italie", "Italy"),
    "ES": ("Espagne", "Spain"),
    "PT": ("Portugal", "Portugal"),
    "GB": ("Royaume-Uni", "United Kingdom"),
    "IE": ("Irlande", "Ireland"),
    "NL": ("Pays-Bas", "Netherlands"),
    "AT": ("Autriche", "Austria"),
    "PL": ("Pologne", "Poland"),
    "RO": ("Roumanie", "Romania"),
    "GR": ("Grèce", "Greece"),
    "SE": ("Suède", "Sweden"),
    "UA": ("Ukraine", "Ukraine"),
    "RU": ("Russie", "Russia"),
    "TR": ("Turquie", "Türkiye"),
    "MA": ("Maroc", "Morocco"),
    "DZ": ("Algérie", "Algeria"),
    "TN": ("Tunisie", "Tunisia"),
    "SN": ("Sénégal", "Senegal"),
    "CI": ("Côte d’Ivoire", "Ivory Coast"),
    "NG": ("Nigeria", "Nigeria"),
    "US": ("États-Unis", "United States"),
    "CA": ("Canada", "Canada"),
    "BR": ("Brésil", "Brazil"),
    "CN": ("Chine", "China"),
    "IN": ("Inde", "India"),
    "JP": ("Japon", "Japan"),
    "VN": ("Viêt Nam", "Viet Nam"),
}


def country_name(code: str, language: str) -> str:
    """The name of the country CODE in LANGUAGE; the code where we have none."""
    french, english = _NAMES.get(code, (code, code))
    return english if language.startswith("en") else french
