"""Why a record or a file can't be read: what is wrong, and what to do. {…} are the facts."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Final

from casier.kernel.words import Words

FIELDS: Final[dict[str, Words]] = {
    "key": ("identifiant", "key"),
    "numen": ("NUMEN", "NUMEN"),
    "title": ("civilité", "title"),
    "given_name": ("prénom", "given name"),
    "family_name": ("nom d’usage", "family name"),
    "birth_name": ("nom de naissance", "birth name"),
    "birth_date": ("date de naissance", "birth date"),
    "address": ("adresse électronique", "mail address"),
    "school": ("établissement", "school"),
    "function": ("fonction", "function"),
    "function_label": ("libellé de la fonction", "label of the function"),
    "subjects": ("matières", "subjects"),
    "classes": ("classes", "classes"),
    "principal_of": ("professeur principal de", "principal teacher of"),
    "starts_on": ("date de début", "first day"),
    "ends_on": ("date de fin", "last day"),
    "uai": ("UAI", "UAI"),
    "name": ("nom de l’établissement", "name of the school"),
    "kind": ("type d’établissement", "kind of school"),
    "city": ("commune", "city"),
    "postal_code": ("code postal", "postal code"),
    "department": ("département", "department"),
    "networks": ("réseaux", "networks"),
}

# One record, told with its file, its number and its line.
REFUSALS: Final[dict[str, Words]] = {
    "no_name": (
        "Il manque : {field}. Complétez la fiche dans l’application d’origine.",
        "Missing: {field}. Complete the record where it comes from.",
    ),
    "no_key": (
        "La fiche n’a pas d’identifiant : impossible de savoir de qui il s’agit.",
        "The record has no key: nothing tells whose it is.",
    ),
    "two_keys": (
        "La fiche porte deux identifiants, {one} et {other} : un seul doit rester.",
        "The record has two keys, {one} and {other}: one must go.",
    ),
    "too_long": (
        "Trop long ({field}) : {limit} caractères au plus. Raccourcissez « {value} ».",
        "Too long ({field}): {limit} characters at most. Shorten “{value}”.",
    ),
    "bad_day": (
        "« {value} » n’est pas une date ({field}). Écrivez 31/12/1980.",
        "“{value}” is not a day ({field}). Write 31/12/1980.",
    ),
    "ends_before": (
        "La fonction se termine ({end}) avant d’avoir commencé ({start}). Corrigez l’une des deux dates.",
        "The function ends ({end}) before it starts ({start}). Correct one of the days.",
    ),
    "bad_uai": (
        "« {value} » n’est pas un UAI : sept chiffres et la lettre qui leur correspond.",
        "“{value}” is not a UAI: seven digits and the letter that goes with them.",
    ),
    "bad_numen": (
        "Ce n’est pas un NUMEN : deux chiffres, une lettre, sept chiffres, trois lettres.",
        "Not a NUMEN: two digits, a letter, seven digits, three letters.",
    ),
    "bad_address": (
        "« {value} » n’est pas une adresse électronique. Corrigez-la ou videz la case.",
        "“{value}” is not a mail address. Correct it or empty the cell.",
    ),
    "bad_function": (
        "La fonction « {value} » ne dit pas dans quel établissement, ou laquelle.",
        "The function “{value}” doesn’t say in which school, or which one.",
    ),
    "no_school_name": (
        "L’établissement n’a pas de nom. Complétez la fiche dans l’application d’origine.",
        "The school has no name. Complete the record where it comes from.",
    ),
    "same_school": (
        "Cet UAI est déjà à la ligne {line}. Gardez une seule des deux lignes.",
        "This UAI stands on line {line} already. Keep one of the two lines.",
    ),
    "unknown_category": (
        "Une fiche de catégorie « {value} » : Casier n’en fait rien.",
        "A record of the category “{value}”: Casier has no use for it.",
    ),
    "unknown_request": (
        "« {value} » n’est ni un ajout, ni une modification, ni une suppression.",
        "“{value}” neither adds, changes nor deletes.",
    ),
    "unknown_modification": (
        "La modification « {value} » n’existe pas dans ce format : seul le remplacement y est prévu.",
        "This format has no modification “{value}”: it only replaces.",
    ),
    "too_many_cells": (
        "La ligne a plus de cases que de colonnes : un séparateur de trop décale les suivantes.",
        "The line has more cells than there are columns: one delimiter too many shifts the others.",
    ),
    "other_line": (
        "La ligne {line} de la même personne n’a pas pu être lue : corrigez-la, les deux seront reprises.",
        "Line {line} of the same person couldn’t be read: correct it, and both will be taken.",
    ),
    "same_name": (
        "Même nom aux lignes {lines} : ajoutez la date de naissance ou le NUMEN pour dire si c’est la même "
        "personne.",
        "The same name on lines {lines}: add the birth date or the NUMEN to tell whether it is one person.",
    ),
    "lines_differ": (
        "Les lignes {lines} sont de la même personne et se contredisent ({field}). Mettez-les d’accord.",
        "Lines {lines} are one person’s and differ ({field}). Make them agree.",
    ),
}

# A file as a whole, nothing of which is taken.
FAULTS: Final[dict[str, Words]] = {
    "nothing": (
        "{file} ne contient aucun fichier d’annuaire. Casier lit les .xml (seuls, dans un dossier, un .gz, "
        ".zip, .tar ou .tgz) et les .csv.",
        "{file} holds no file of a feed. Casier reads .xml (alone, in a folder, a .gz, .zip, .tar or .tgz) "
        "and .csv.",
    ),
    "not_there": ("{file} n’existe pas. Vérifiez le chemin.", "{file} isn’t there. Check the path."),
    "too_many_files": (
        "Plus de {limit} fichiers : donnez seulement ceux d’un import.",
        "More than {limit} files: give those of one feed only.",
    ),
    "two_extents": (
        "Fichiers complets et fichiers de différences ensemble : importez les complets, puis les autres.",
        "Complete files and deltas together: import the complete ones first, then the others.",
    ),
    "two_days": (
        "Fichiers de plusieurs jours ({found}) : importez-les un jour après l’autre.",
        "Files of several days ({found}): import one day after the other.",
    ),
    "missing_part": (
        "Une partie de {kind} manque, ou s’y trouve deux fois. Redemandez l’envoi entier.",
        "A part of {kind} is missing, or twice there. Ask for the whole set again.",
    ),
    "not_complete": (
        "{file} se dit complet, mais modifie ou supprime (ligne {line}) : est-ce un fichier de différences ?",
        "{file} says that it is complete, but changes or deletes (line {line}): is it a delta?",
    ),
    "not_a_feed": (
        "{file} est bien du XML, mais pas un fichier d’annuaire : il commence par « {root} ».",
        "{file} is XML, but no feed: it begins with “{root}”.",
    ),
    "not_xml": (
        "{file} n’est pas du XML correct (ligne {line}). Redemandez-le.",
        "{file} is not sound XML (line {line}). Ask for it again.",
    ),
    "cut_short": (
        "{file} s’arrête avant sa fin (ligne {line}) : le transfert a sans doute été coupé. Recommencez-le.",
        "{file} ends before its end (line {line}): its transfer was probably cut. Do it again.",
    ),
    "bad_bytes": (
        "{file} n’est pas entièrement codé en {encoding}, comme il le dit (ligne {line}). Redemandez-le.",
        "{file} is not all in {encoding}, as it says (line {line}). Ask for it again.",
    ),
    "encoding_unknown": (
        "{file} se dit codé en {encoding}, que Casier ne lit pas. Demandez-le en UTF-8.",
        "{file} says that it is in {encoding}, which Casier doesn’t read. Ask for UTF-8.",
    ),
    "hostile": (
        "{file} définit du contenu à aller chercher ailleurs ou à multiplier (ligne {line}) : un annuaire "
        "ne le fait jamais. Vérifiez d’où il vient.",
        "{file} defines content to fetch or to multiply (line {line}), as no feed ever does. Check where it "
        "comes from.",
    ),
    "too_deep": (
        "{file} imbrique trop d’éléments (ligne {line}). Vérifiez d’où il vient.",
        "{file} nests too many elements (line {line}). Check where it comes from.",
    ),
    "too_large": (
        "{file} contient une valeur démesurée (ligne {line}). Vérifiez d’où il vient.",
        "{file} holds something beyond measure (line {line}). Check where it comes from.",
    ),
    "damaged": ("{file} est abîmé. Recommencez son transfert.", "{file} is damaged. Transfer it again."),
    "encrypted": (
        "{file} est protégé par un mot de passe. Décompressez-le d’abord.",
        "{file} has a password. Unpack it first.",
    ),
    "bomb": (
        "{file} grossit sans mesure une fois décompressé. Vérifiez d’où il vient.",
        "{file} grows beyond measure when unpacked. Check where it comes from.",
    ),
    "workbook": (
        "{file} est un classeur de tableur. Enregistrez-le au format CSV.",
        "{file} is a workbook. Save it as CSV.",
    ),
    "empty": ("{file} est vide.", "{file} is empty."),
    "line_too_long": (
        "{file} : la ligne {line} est démesurée. Est-ce bien un CSV ?",
        "{file}: line {line} is beyond measure. Is it a CSV?",
    ),
    "too_many_columns": (
        "{file} a trop de colonnes. Est-ce bien un CSV ?",
        "{file} has too many columns. Is it a CSV?",
    ),
    "quotes": (
        "{file} : un guillemet ouvert à la ligne {line} n’est pas refermé.",
        "{file}: a quote that is opened on line {line} isn’t closed.",
    ),
    "columns_missing": (
        "Aucune colonne pour : {missing}. Dites laquelle c’est.",
        "No column is given for: {missing}. Say which one it is.",
    ),
    "columns_gone": (
        "Le fichier n’a plus ces colonnes : {gone}. Dites lesquelles les remplacent.",
        "The file no longer has these columns: {gone}. Say which ones replace them.",
    ),
    "fields_unknown": (
        "Casier ne connaît pas : {unknown}. Choisissez parmi : {fields}.",
        "Casier doesn’t know: {unknown}. Choose among: {fields}.",
    ),
    "bad_columns": (
        "Les colonnes gardées ne se lisent plus. Choisissez-les de nouveau.",
        "The columns that were kept can’t be read. Choose them again.",
    ),
}  # fmt: skip


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def said(words: Words, facts: Mapping[str, object], *, english: bool) -> str:
    """WORDS filled with FACTS; the names of fields are said too."""
    return words[int(english)].format_map(
        _Facts({name: _fact(name, value, english) for name, value in facts.items()})
    )


def refusal(code: str, facts: Mapping[str, object], *, english: bool) -> str:
    """Why a record was refused; the code itself where there are no words for it."""
    return said(REFUSALS.get(code, (code, code)), facts, english=english)


def fits(code: str, facts: Mapping[str, object]) -> bool:
    """Whether these words are for CODE with such FACTS: planning has some codes of the same name."""
    words = REFUSALS.get(code)
    return words is not None and all(name in facts for _, name, _, _ in Formatter().parse(words[0]) if name)


def fault(facts: Mapping[str, object], *, english: bool) -> str:
    """Why a file can't be read, from the facts of its BadFeed; empty where there are no words for it."""
    return said(FAULTS.get(str(facts.get("reason", "")), ("", "")), facts, english=english)


def _fact(name: str, value: object, english: bool) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_fact(name, one, english) for one in value)
    text = str(value)
    return FIELDS[text][int(english)] if name in {"field", "missing"} and text in FIELDS else text
