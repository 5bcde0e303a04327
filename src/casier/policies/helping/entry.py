"""What each field that is about getting in does."""

from __future__ import annotations

from typing import Final

from casier.kernel.words import Words

ENTRY: Final[dict[str, Words]] = {
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
    "own_networks": (
        "Plages d’adresses, séparées par des virgules : 10.0.0.0/8. Le reste est « hors du réseau ».",
        "Ranges of addresses, with commas between: 10.0.0.0/8. They tell who is “outside the network”.",
    ),
    "allowed_networks": (
        "Rien : de partout. Sinon, personne n’entre d’ailleurs, vous non plus.",
        "Nothing: from anywhere. Otherwise nobody comes in from elsewhere, you neither.",
    ),
}
