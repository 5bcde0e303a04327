"""What each field that is about people, their accounts and what is kept of them does."""

from __future__ import annotations

from typing import Final

from casier.kernel.words import Words

PEOPLE: Final[dict[str, Words]] = {
    "rights.lend_days": (
        "Qui exerce une charge peut la prêter à un collègue, ce temps au plus ; 0 : personne ne prête.",
        "Who holds an office may lend it to a colleague, for that long at most; 0: nobody lends.",
    ),
    "rights.review_months": (
        "À cet intervalle, chaque responsable confirme ou retire les droits de son ressort.",
        "That often, those in charge confirm or take back the rights within their reach.",
    ),
    "rights.review_days": ("À compter de la demande.", "From the day they are asked."),
    "rights.remind_days": (
        "Jours avant la fin du délai, séparés par des virgules : 10, 3.",
        "Days before the end, with commas between: 10, 3.",
    ),
    "rights.head_functions": (
        "Codes de l’annuaire, séparés par des virgules : DIR. La charge vient et s’en va avec la fonction ; "
        "vide : elle n’est donnée que par le DSI.",
        "Codes of the directory, with commas between: DIR. The office comes and goes with the function; "
        "empty: the DSI alone gives it.",
    ),
    "rights.office_groups": (
        "Une charge (help_desk ou list_owner), deux points, le nom court d’un groupe de toute l’académie : "
        "help_desk:siasi. La charge vient et s’en va avec l’appartenance au groupe, dans l’heure.",
        "An office (help_desk or list_owner), a colon, the short name of a group of the whole academy: "
        "help_desk:siasi. It comes and goes with being in the group, within the hour.",
    ),
    "rights.unconfirmed": (
        "Une fois le délai passé. La dernière charge de DSI n’est jamais retirée.",
        "Once the time is over. The last office of DSI is never taken back.",
    ),
    "many.typed_from": (
        "Avant de lancer un acte sur autant de personnes, leur nombre s’écrit en chiffres.",
        "Before an act on so many people is launched, their number is typed.",
    ),
    "many.suspend_second_from": (
        "À partir de là, une autre personne qui a le même droit donne son accord. Ce qu’une personne lance "
        "en un jour s’additionne.",
        "From so many on, another person with the same right agrees. What one person launched within a day "
        "adds up.",
    ),
    "many.close_second_from": (
        "De même pour les départs, qui ferment les comptes. Cet accord ne peut pas être supprimé : un grand "
        "établissement se ferme seul, un département à deux.",
        "The same for departures, which close accounts. It can’t be switched off: one person closes a large "
        "school, two a department.",
    ),
    "schools.depart_days": (
        "Jusqu’à quand un chef d’établissement peut fixer le dernier jour de quelqu’un ; 0 : le jour même.",
        "How far ahead a head may set somebody’s last day; 0: the same day.",
    ),
    "schools.ask_mailboxes": (
        "La DSI accepte ou refuse chaque demande.",
        "The DSI approves or refuses each request.",
    ),
    "schools.most_mailboxes": (
        "Au-delà, un chef d’établissement ne peut plus en demander ; la DSI le peut.",
        "Beyond it a head can’t ask for more; the DSI can.",
    ),
    "schools.mailbox_address": (
        "{name} est le nom demandé, {uai} le code de l’établissement : {name}.{uai} donne gestion.0761234x.",
        "{name} is the name asked for, {uai} the school’s code: {name}.{uai} makes gestion.0761234x.",
    ),
    "schools.members_elsewhere": (
        "Dans une boîte d’établissement, à la demande de son chef ou d’un gestionnaire.",
        "In a school’s mailbox, as its head or a manager asks.",
    ),
    "schools.ask_to_join": (
        "Une personne de l’établissement demande ; le chef ou un gestionnaire de la boîte répond.",
        "People of the school ask; the head or a manager of the mailbox answers.",
    ),
    "schools.feed_lag_days": (
        "Si l’import nomme encore quelqu’un que le chef a dit parti, ce délai passé, la question est posée.",
        "If the feed still names somebody whom the head said has left, after so long the question is asked.",
    ),
    "schools.sheets_a_day": (
        "Par un chef d’établissement, pour qui n’a pas encore ouvert son compte ; 0 : l’assistance seule.",
        "By a head, for people who haven’t opened their account yet; 0: the help desk alone.",
    ),
    "feed.most_leaving": (
        "Au-delà, l’import s’arrête et demande : un fichier tronqué ne ferme pas l’académie.",
        "Beyond it the run stops and asks: a file cut short doesn’t close the academy.",
    ),
    "feed.leaving_percent": (
        "La même garde, pour les petites académies. Dix départs passent toujours.",
        "The same guard, for small academies. Ten people leaving always pass.",
    ),
    "feed.contacts": (
        "Leurs adresses, pour qui enseigne dans la classe ou dirige l’établissement. Jamais de compte.",
        "Their addresses, for those who teach the class or run the school. Never an account.",
    ),
    "feed.school_mailboxes": (
        "Un établissement que l’import apporte reçoit sa boîte ce.<uai>@ ; ses membres se nomment ensuite.",
        "A school that the import brings gets its mailbox ce.<uai>@; its members are named afterwards.",
    ),
    "contributors.allowed": (
        "Une direction les demande, la DSI accepte. Non : aucune demande n’est prise.",
        "A head asks for them, the DSI agrees. No: no request is taken.",
    ),
    "contributors.longest_days": (
        "Du premier au dernier jour ; d’une prolongation aussi, comptée du jour où elle est faite.",
        "From the first day to the last; of a renewal, too, counted from the day it is made.",
    ),
    "contributors.renewals": (
        "Au-delà, chaque prolongation attend l’accord de la DSI ; cet accord remet le compte à zéro.",
        "Beyond that each renewal waits for the DSI, whose agreement starts the count anew.",
    ),
    "contributors.most_per_school": (
        "En même temps, demandes en attente comprises.",
        "At a time, with the requests that wait.",
    ),
    "contributors.requests_a_day": (
        "Un compte volé ne peut pas inonder la DSI.",
        "A stolen account can’t flood the DSI.",
    ),
    "contributors.warning_days": (
        "Jours avant la fin, séparés par des virgules : 30, 7. La direction et la personne sont averties.",
        "Days before the end, with commas between: 30, 7. The head and the person are told.",
    ),
    "contributors.birth_date": (
        "Elle distingue les homonymes, et retrouve qui est déjà dans l’annuaire.",
        "It tells people of one name apart, and finds who is in the directory already.",
    ),
    "contributors.way_in": (
        "Par courriel ou SMS personnel, si la demande le donne ; ou sur une feuille.",
        "By personal mail or text message, where the request gives it; or on a sheet by hand.",
    ),
    "contributors.quota_bytes": (
        "Qui reçoit ensuite une affectation du rectorat retrouve la place de tous.",
        "Who is later posted by the academy has everyone’s room again.",
    ),
    "leaving.grace_days_min": ("Avant que la boîte ne se ferme.", "Before the mailbox closes."),
    "leaving.grace_days_max": ("Avant que la boîte ne se ferme.", "Before the mailbox closes."),
    "leaving.occasional_at_once": (
        "Leur compte se ferme le jour de leur départ.",
        "Their account closes on the day they leave.",
    ),
    "leaving.absence_message": (
        "Une réponse automatique dit que la personne est partie.",
        "An automatic answer says that the person has left.",
    ),
    "leaving.then": (
        "Une fois ce délai passé. « Redirigée » est alors proposée d’abord à qui décide ; chaque redirection "
        "se décide personne par personne.",
        "Once that time is over. “Redirected” is then offered first to who decides; each redirection is "
        "decided person by person.",
    ),
    "leaving.notice_days": (
        "Jours avant la fermeture, séparés par des virgules : 7, 1. Un premier avis part au début du départ.",
        "Days before closing, with commas between: 7, 1. A first notice is sent when leaving begins.",
    ),
    "leaving.purge_days": (
        "Jusque-là, un compte fermé peut rouvrir avec tout ce qu’il contenait ; ensuite tout est effacé. "
        "Deux ans au plus ; un gel garde ce qui doit l’être plus longtemps.",
        "Until then a closed account can be opened again with all it held; after that everything is erased. "
        "Two years at most; a hold keeps what has to be kept longer.",
    ),
    "leaving.purge_notice_days": (
        "L’avis part vers l’adresse de secours : la boîte, elle, est fermée.",
        "The notice goes to the backup address, for the mailbox is closed.",
    ),
    "leaving.address_reserved_days": (
        "Pendant ce temps, l’adresse n’est donnée à personne d’autre. Un an au moins.",
        "For that long the address is given to nobody else. A year at least.",
    ),
    "idle_account.deactivate_days": (
        "Un compte que personne n’ouvre est désactivé.",
        "An account that nobody opens is deactivated.",
    ),
    "idle_account.notice_days": (
        "Jours avant la désactivation, séparés par des virgules : 30, 7.",
        "Days before it is deactivated, with commas between: 30, 7.",
    ),
    "idle_account.reopen_by_self_service": (
        "Après avoir prouvé qui elle est, sans passer par l’assistance.",
        "After proving who they are, without the help desk.",
    ),
    "retention.logs_days": (
        "Connexions, refus, avis, téléchargements, réinitialisations. Sous six mois, une intrusion lente "
        "ne se voit plus ; au-delà d’un an, la CNIL ne l’admet pas (délibération 2021-122).",
        "Sign-ins, refusals, notices, downloads, resets. Under six months a slow intrusion isn’t seen any "
        "more; beyond a year the CNIL doesn’t allow it (resolution 2021-122).",
    ),
    "retention.control_days": (
        "Charges, revues, départs, imports. Un an au moins, pour relire une année scolaire ; trois ans au "
        "plus (CNIL, délibération 2021-122).",
        "Offices, reviews, leavings, imports. A year at least, to look back on a school year; three at "
        "most (CNIL, resolution 2021-122).",
    ),
    "retention.requests_days": (
        "Corrections, intervenants, boîtes d’établissement, doutes de l’annuaire, à compter de la réponse. "
        "Un trimestre au moins, pour qui y revient ; deux ans au plus, car ensuite cela ne sert à personne.",
        "Corrections, contributors, school mailboxes, doubts of the directory, from the answer. A term at "
        "least, for who comes back to it; two years at most, for after that it serves nobody.",
    ),
    "retention.feed_days": (
        "Un mois au moins, car les erreurs se voient tard ; un an au plus, car ces lignes parlent de tout "
        "le monde. Celles du dernier import appliqué restent, pour l’annuler.",
        "A month at least, for mistakes show up late; a year at most, for these lines tell of everybody. "
        "Those of the last run that was applied stay, to undo it.",
    ),
    "retention.holds_days": (
        "À compter de la fin du gel. Un mois au moins, pour qui demande pourquoi un compte est resté ; un "
        "an au plus, car un gel peut dire une maladie.",
        "From the end of the hold. A month at least, for who asks why an account stayed; a year at most, "
        "for a hold may tell of an illness.",
    ),
}
