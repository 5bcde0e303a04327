"""What each field of a policy does, in a sentence, for who decides about it: French and English."""

from __future__ import annotations

from typing import Final

from casier.kernel.words import Words

HELP: Final[dict[str, Words]] = {
    "sign_in.names": (
        "Ce que l’on peut écrire dans la case « Identifiant » de la page de connexion.",
        "What may be typed as the sign-in name.",
    ),
    "sign_in.numen_first_only": (
        "Le NUMEN ouvre le compte la première fois, puis ne sert plus d’identifiant.",
        "The NUMEN opens the account the first time, and is no sign-in name after that.",
    ),
    "sign_in.passkeys": (
        "Qui a une clé d’accès entre sans mot de passe : elle vaut deux preuves à la fois.",
        "Whoever has a passkey comes in without a password: it is two proofs in one.",
    ),
    "activation.method": (
        "Ce que la personne montre pour ouvrir son compte la première fois.",
        "What a person shows to open the account for the first time.",
    ),
    "activation.attempts": (
        "Essais faux avant que l’activation d’un compte soit ralentie.",
        "Wrong tries before the activation of an account is slowed down.",
    ),
    "activation.valid_days": (
        "Passé ce délai, l’invitation est à refaire.",
        "After that the invitation has to be made again.",
    ),
    "activation.confirm_details": (
        "La personne relit son nom, son établissement, sa fonction, et peut demander une correction.",
        "People read over their name, school and function, and may ask for a correction.",
    ),
    "activation.record_recovery": (
        "Une adresse ou un téléphone de secours est demandé à l’activation.",
        "A backup address or telephone is asked for at activation.",
    ),
    "activation.memo": (
        "Une page d’accueil qui se garde ou s’imprime, à la fin de l’activation.",
        "A page to keep or to print at the end of activation.",
    ),
    "second_factor.requirement": (
        "Exigée : pas de boîte sans lui. Selon le contexte : seulement dans les cas cochés plus bas.",
        "Required: no mailbox without a second factor. By context: only in the cases ticked below.",
    ),
    "second_factor.methods": (
        "Ce que la personne peut inscrire. Les clés résistent à l’hameçonnage, le téléphone moins.",
        "What people may enrol. Keys withstand phishing, telephones less so.",
    ),
    "second_factor.contexts": (
        "Ne compte que si l’exigence est « selon le contexte ».",
        "Counts only where the requirement is “by context”.",
    ),
    "second_factor.groups": (
        "Noms courts de groupes, séparés par des virgules : chefs-76. Leurs membres en ont besoin, quelle "
        "que soit l’exigence pour les autres.",
        "Short names of groups, with commas between: heads-76. Their members need one, whatever is asked of "
        "the others.",
    ),
    "second_factor.enrolment_days": (
        "Jours après l’activation pour inscrire un second facteur.",
        "Days after activation by which a second factor is enrolled.",
    ),
    "second_factor.grace_days": (
        "Ensuite, jours où l’on entre encore, avec un rappel à chaque connexion.",
        "After that, days in which one still comes in, with a reminder each time.",
    ),
    "second_factor.trusted_days": (
        "Un appareil qui l’a montré n’est plus interrogé pendant ce temps.",
        "A device that has shown it isn’t asked again for that long.",
    ),
    "second_factor.step_up_minutes": (
        "Avant un acte sensible, une preuve plus ancienne est redemandée.",
        "Before a sensitive act, an older proof is asked for again.",
    ),
    "lock.attempts": (
        "Mots de passe faux de suite ; le même, répété, ne compte qu’une fois.",
        "Wrong passwords in a row; the same one repeated counts once.",
    ),
    "lock.scope": (
        "« L’appareil ou les inconnus » : la personne garde l’accès sur ses appareils habituels. "
        "« Le compte entier » : un inconnu peut la bloquer.",
        "“The device, or unknown ones”: people stay in on their usual devices. "
        "“The whole account”: a stranger can lock them out.",
    ),
    "lock.minutes": (
        "Le blocage se lève seul après ce temps ; 0 : seule une réinitialisation le lève.",
        "The lock opens by itself after that; 0: only a reset opens it.",
    ),
    "lock.factor_attempts": (
        "Codes faux après un mot de passe juste.",
        "Wrong codes after a right password.",
    ),
    "lock.on_unusual": (
        "Ce qui suit une connexion qui ne ressemble pas aux autres.",
        "What follows a sign-in that is not like the others.",
    ),
    "unusual.signs": ("Ce qui rend une connexion inhabituelle.", "What makes a sign-in unusual."),
    "unusual.grave": (
        "Parmi eux, ceux qui suffisent à suspendre le compte, si vous l’avez choisi.",
        "Those of them that are enough to suspend the account, where you chose so.",
    ),
    "unusual.countries": (
        "Codes de pays à deux lettres, séparés par des virgules : FR, RE, BE…",
        "Country codes of two letters, with commas between: FR, RE, BE…",
    ),
    "unusual.kilometres_an_hour": (
        "Plus vite que cela entre deux connexions, ce n’est pas un voyage.",
        "Faster than that between two sign-ins is no journey.",
    ),
    "unusual.night_from": ("Heure locale à laquelle la nuit commence.", "Local hour at which night begins."),
    "unusual.night_until": ("Heure locale à laquelle elle finit.", "Local hour at which it ends."),
    "unusual.failures": (
        "Autant d’échecs juste avant rendent une connexion réussie suspecte.",
        "That many failures just before make a success suspicious.",
    ),
    "sessions.idle_minutes": (
        "Sans un geste pendant ce temps, la session se ferme ; les brouillons restent.",
        "Without a touch for that long the session closes; drafts stay.",
    ),
    "sessions.warning_seconds": (
        "La personne est prévenue avant la fermeture et peut rester.",
        "People are warned before it closes, and may stay.",
    ),
    "sessions.absolute_hours": (
        "Au plus tard après ce temps, il faut se reconnecter.",
        "After that at the latest one signs in again.",
    ),
    "sessions.shared_computer_idle_minutes": (
        "Quand « Ordinateur partagé » a été coché à la connexion.",
        "Where “Shared computer” was ticked at sign-in.",
    ),
    "sessions.one_device": (
        "Ce qui arrive quand un autre appareil se connecte pendant qu’une session est ouverte.",
        "What happens when another device signs in while a session is open.",
    ),
    "sessions.suspend_minutes": (
        "Seulement si le second appareil suspend les deux ; sinon 0.",
        "Only where a second device suspends both; otherwise 0.",
    ),
    "password.min_length": ("En caractères. Douze sont conseillés.", "In characters. Twelve are advised."),
    "password.admin_min_length": (
        "Pour qui agit sur les comptes des autres. Seize sont conseillés.",
        "For who acts on others’ accounts. Sixteen are advised.",
    ),
    "password.classes": (
        "Parmi lettres, chiffres et symboles ; 0 : au choix de la personne.",
        "Of letters, digits and symbols; 0: as people like.",
    ),
    "password.long_enough": (
        "À partir de cette longueur, une phrase suffit.",
        "From that length on a sentence is enough.",
    ),
    "password.expires_days": (
        "Déconseillé : un mot de passe qu’il faut changer sans raison est choisi plus faible.",
        "Advised against: passwords that must change without a reason are chosen weaker.",
    ),
    "password.admin_expires_days": ("En jours ; 0 : jamais.", "In days; 0: never."),
    "password.notice_days": (
        "Jours avant l’expiration, séparés par des virgules : 15, 7, 1.",
        "Days before it expires, with commas between: 15, 7, 1.",
    ),
    "password.history": (
        "Combien des précédents ne peuvent pas resservir.",
        "How many of the former ones can’t be taken again.",
    ),
    "password.least_score": (
        "0 : deviné aussitôt ; 3 : résiste à un programme patient ; 4 : très sûr.",
        "0: guessed at once; 3: withstands a patient program; 4: very safe.",
    ),
    "password.temporary_days": (
        "Durée pendant laquelle un mot de passe remis à part ouvre le choix du sien.",
        "How long a password that was handed over opens the way to one’s own.",
    ),
    "recovery.methods": (
        "Comment retrouver l’accès quand le mot de passe est oublié.",
        "How one gets back in when the password is forgotten.",
    ),
    "recovery.link_hours": ("Du lien envoyé à l’adresse de secours.", "Of the link to the backup address."),
    "recovery.code_minutes": (
        "Du code temporaire, par courriel ou SMS.",
        "Of the temporary code, by mail or text.",
    ),
    "recovery.letter_days": ("Du code imprimé dans la lettre.", "Of the code printed in the letter."),
    "recovery.four_eyes": (
        "Une réinitialisation par l’assistance attend l’accord d’un collègue.",
        "A reset by the help desk waits until a colleague agrees.",
    ),
    "recovery.app_passwords": (
        "Ce que deviennent ceux des logiciels de messagerie quand l’accès est retrouvé.",
        "What becomes of those of mail programs once someone is back in.",
    ),
    "recovery.check_days": (
        "À cet intervalle, l’adresse et le téléphone de secours sont vérifiés de nouveau.",
        "That often, backup addresses and telephones are confirmed again.",
    ),
    "app_passwords.allowed": (
        "Sans eux, ni Thunderbird ni le courrier d’un téléphone ne peuvent se connecter.",
        "Without them neither Thunderbird nor a telephone’s mail can connect.",
    ),
    "app_passwords.approval": (
        "Un logiciel jamais vu attend que la personne dise qu’il est à elle.",
        "A program never seen before waits until its owner says that it is theirs.",
    ),
    "app_passwords.idle_days": (
        "Un mot de passe d’application qui ne sert pas s’éteint.",
        "An application password that isn’t used ends.",
    ),
    "app_passwords.most": ("Par personne.", "For each person."),
    "mail.attachment_bytes": (
        "Au-delà, le fichier part par un lien. 100 Mo au plus.",
        "Beyond it a file goes by link. 100 MB at most.",
    ),
    "mail.quota_bytes": ("Par personne.", "For each person."),
    "mail.functional_quota_bytes": (
        "Par boîte d’établissement ou de service.",
        "For a school’s or service’s.",
    ),
    "mail.undo_seconds": (
        "Le message attend ce temps avant de partir ; 0 : il part aussitôt.",
        "A message waits that long before it leaves; 0: it leaves at once.",
    ),
    "mail.restore_days": (
        "Après avoir vidé la corbeille, la personne peut encore retrouver ses messages.",
        "After emptying the bin, people can still get their messages back.",
    ),
    "mail.offline_days": (
        "Ce qui a été ouvert reste lisible sans réseau sur l’appareil, chiffré.",
        "What was opened can be read on the device without a network, encrypted.",
    ),
    "links.largest_bytes": ("Un fichier envoyé par lien.", "One file that is sent by link."),
    "links.quota_bytes": ("Tous les fichiers d’une personne ensemble.", "All files of one person together."),
    "links.default_days": (
        "Durée d’un lien si rien n’est changé.",
        "How long a link lasts if nothing is changed.",
    ),
    "links.longest_days": ("La plus longue que l’on puisse choisir.", "The longest that can be chosen."),
    "links.outsiders": (
        "Un lien peut être envoyé à des adresses hors de la plateforme.",
        "A link may be sent to addresses outside the platform.",
    ),
    "links.outsider_password": (
        "Alors, un mot de passe est demandé en plus.",
        "A password is then asked for, too.",
    ),
    "links.partly_checked": (
        "Très gros fichiers, contrôlés par morceaux.",
        "Very large files, looked at in slices.",
    ),
    "transfer.export_days": ("Ensuite, il est effacé.", "After that it is erased."),
    "transfer.export_bytes": ("Toute une boîte en un fichier.", "A whole mailbox as a file."),
    "transfer.import_bytes": ("Un fichier d’une ancienne messagerie.", "A file from an earlier mail system."),
    "rules.redirect": (
        "Où une règle peut faire suivre le courrier, sans que la personne soit là.",
        "Where a rule may pass mail on without anyone there.",
    ),
    "rules.redirect_addresses": ("Adresses différentes en un jour.", "Different addresses in a day."),
    "writing.signature": (
        "Sous chaque message : au choix de la personne, ou toujours.",
        "Below each message: as people choose, or always.",
    ),
    "writing.outside": (
        "Avant qu’un message ne quitte l’académie.",
        "Before a message leaves the academy.",
    ),
    "notifications.push": (
        "Par le service du navigateur ; rien d’un message n’y passe.",
        "By the browser’s service; nothing of a message goes there.",
    ),
    "delegation.most": (
        "Ce qu’une personne peut accorder à un collègue sur sa boîte.",
        "What a person may give a colleague in their mailbox.",
    ),
    "delegation.longest_days": ("Ensuite, la délégation s’éteint.", "After that it ends."),
    "accessibility.contact": (
        "Adresse ou page où signaler un défaut d’accessibilité ; sans elle, l’assistance.",
        "Address or page to tell of a fault; without it, the help desk.",
    ),
    "accessibility.declared": ("Date de la déclaration de l’académie.", "Date of the academy’s declaration."),
    "accessibility.plan": ("Adresse du schéma publié.", "Address of the published plan."),
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
    "leaving.then": ("Une fois ce délai passé.", "Once that time is over."),
    "leaving.notice_days": (
        "Jours avant la fermeture, séparés par des virgules : 7, 1. Un premier avis part au début du départ.",
        "Days before closing, with commas between: 7, 1. A first notice is sent when leaving begins.",
    ),
    "leaving.purge_days": (
        "Jusque-là, un compte fermé peut rouvrir avec tout ce qu’il contenait ; ensuite tout est effacé.",
        "Until then a closed account can be opened again with all it held; after that everything is erased.",
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
    "own_networks": (
        "Plages d’adresses, séparées par des virgules : 10.0.0.0/8. Le reste est « hors du réseau ».",
        "Ranges of addresses, with commas between: 10.0.0.0/8. They tell who is “outside the network”.",
    ),
    "allowed_networks": (
        "Rien : de partout. Sinon, personne n’entre d’ailleurs, vous non plus.",
        "Nothing: from anywhere. Otherwise nobody comes in from elsewhere, you neither.",
    ),
}
