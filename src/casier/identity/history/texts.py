"""The table of notices: subject, what happened in one sentence, what to know and to do after it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casier.identity.history.naming import measure_words, thing_words
from casier.identity.history.results import Notice

Texts = tuple[str, str, tuple[str, ...]]


def texts(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    """Subject, lead, and what comes after the circumstances."""
    return {
        **_of_the_door(facts),
        **_of_the_account(facts),
        **_of_changes(facts),
        **_of_coming_back(facts),
        **_of_others(facts),
    }


def _of_the_door(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    return {
        Notice.NEW_DEVICE: (
            _("Nouvelle connexion à votre messagerie"),
            _("Votre messagerie a été ouverte depuis un appareil qui n’avait encore jamais servi."),
            (),
        ),
        Notice.UNUSUAL: (
            _("Connexion inhabituelle à votre messagerie"),
            _("Votre messagerie a été ouverte d’une façon inhabituelle pour vous."),
            (_reason(facts),),
        ),
        Notice.ONE_DEVICE: (
            _("Un second appareil a voulu ouvrir votre messagerie"),
            _(
                "Quelqu’un a donné le bon mot de passe sur un second appareil, alors que votre messagerie "
                "était déjà ouverte ailleurs."
            ),
            (_("Votre académie permet un seul appareil à la fois."), _until(facts)),
        ),
        Notice.LOCKED: (
            _("Des essais de connexion à votre compte ont échoué"),
            _("Plusieurs mots de passe faux ont été essayés sur votre compte. Personne n’est entré."),
            (
                _until(facts),
                _("Les appareils sur lesquels vous vous connectez d’habitude continuent de fonctionner."),
            ),
        ),
    }


def _of_the_account(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    days = int(facts["days"]) if facts.get("days", "").isdigit() else 0
    expires = (
        ngettext(
            "Votre mot de passe ne vaudra plus dans %(days)d jour.",
            "Votre mot de passe ne vaudra plus dans %(days)d jours.",
            days,
        )
        % {"days": days}
        if days
        else _("Votre mot de passe arrive à son terme.")
    )
    return {
        Notice.SUSPENDED: (
            _("Votre compte est suspendu"),
            _("Votre compte a été suspendu. Votre courrier continue d’arriver et vous attend."),
            (
                _reason(facts),
                _until(facts),
                _("Pour savoir comment revenir, ouvrez « Je n’arrive pas à me connecter » à la connexion."),
            ),
        ),
        Notice.RESUMED: (
            _("Votre compte est de nouveau ouvert"),
            _("La suspension de votre compte est levée : vous pouvez vous connecter."),
            (),
        ),
        Notice.ACTIVATED: (
            _("Votre messagerie est ouverte"),
            _("Votre compte est activé. Bienvenue dans votre messagerie professionnelle."),
            (),
        ),
        Notice.PASSWORD_EXPIRES: (
            _("Votre mot de passe est à renouveler"),
            expires,
            (
                _(
                    "Changez-le quand vous voulez : « Mon compte », « Mot de passe ». Vos logiciels de "
                    "messagerie ne sont pas touchés."
                ),
            ),
        ),
        Notice.CORRECTION: (
            _("Votre demande de correction"),
            _("Ce que vous aviez signalé d’inexact a été corrigé.")
            if facts.get("accepted")
            else _("L’assistance a examiné ce que vous aviez signalé d’inexact : rien n’a été modifié."),
            (
                _("Réponse de l’assistance : %(reason)s.") % {"reason": facts["reason"].rstrip(". ")}
                if facts.get("reason")
                else "",
                _("Référence de votre demande : %(reference)s.") % {"reference": facts["reference"]}
                if facts.get("reference")
                else "",
            ),
        ),
        Notice.HELP_DESK: (
            _("L’assistance est intervenue sur votre compte"),
            _("L’assistance de l’académie a agi sur votre compte%(what)s.") % {"what": _apart(facts)},
            (_reason(facts),),
        ),
    }


def _of_changes(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    what = {"what": _apart(facts)}
    return {
        Notice.PASSWORD_CHANGED: (
            _("Votre mot de passe a été changé"),
            _("Le mot de passe de votre messagerie vient d’être changé."),
            (),
        ),
        Notice.FACTOR_ADDED: (
            _("Un moyen de vérification a été ajouté à votre compte"),
            _("Un second moyen de vérifier que c’est bien vous a été ajouté%(what)s.") % what,
            (),
        ),
        Notice.FACTOR_REMOVED: (
            _("Un moyen de vérification a été retiré de votre compte"),
            _("Un second moyen de vérifier que c’est bien vous a été retiré%(what)s.") % what,
            (),
        ),
        Notice.FACTOR_COPIED: (
            _("Une de vos clés semble avoir été copiée"),
            _("Votre clé « %(name)s » a répondu comme si elle existait en double. Elle n’ouvre plus rien.")
            % {"name": facts["name"]}
            if facts.get("name")
            else _("Une de vos clés a répondu comme si elle existait en double. Elle n’ouvre plus rien."),
            (
                _(
                    "À faire : connectez-vous par un autre moyen ou par un code de secours, puis, dans « Mon "
                    "compte », « Second facteur », retirez cette clé et ajoutez-en une autre. Si vous n’avez "
                    "aucun autre moyen, appelez l’assistance de l’académie."
                ),
                _(
                    "Une clé gardée par un logiciel et rétablie depuis une sauvegarde se comporte ainsi : "
                    "remplacez-la aussi. Sinon, quelqu’un en a peut-être une copie."
                ),
            ),
        ),
        Notice.MEANS_CHANGED: (
            _("Vos moyens de secours ont changé"),
            _("L’adresse ou le téléphone par lequel on vous joint en cas de besoin a changé%(what)s.") % what,
            (),
        ),
        Notice.APP_PASSWORD_CREATED: (
            _("Un mot de passe d’application a été créé"),
            _("Un mot de passe pour un logiciel de messagerie a été créé%(what)s.") % what,
            (),
        ),
        Notice.APP_PASSWORD_WAITS: (
            _("Un nouveau logiciel attend votre accord"),
            _("Un logiciel que nous ne connaissons pas veut ouvrir votre messagerie%(what)s.") % what,
            (
                _(
                    "Il n’a rien pu lire. Si c’est le vôtre, acceptez-le dans « Mon compte », "
                    "« Mots de passe d’application »."
                ),
            ),
        ),
    }


def _of_coming_back(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    return {
        Notice.RECOVERY_ASKED: (
            _("Quelqu’un a demandé à retrouver l’accès à votre compte"),
            _("Quelqu’un a indiqué avoir oublié votre mot de passe. Il n’a pas changé."),
            (_("Ne donnez à personne le code ou le lien que vous auriez reçu."),),
        ),
        Notice.RECOVERED: (
            _("L’accès à votre compte a été retrouvé"),
            _(
                "Quelqu’un a retrouvé l’accès à votre compte par un moyen de secours, et choisi un nouveau "
                "mot de passe."
            ),
            (_("Toutes les autres sessions ont été fermées."),),
        ),
        Notice.PROTECTED: (
            _("Votre compte a été mis en sécurité"),
            _("Quelqu’un a suivi le lien « Ce n’était pas moi » d’un avis : votre compte est protégé.")
            if facts.get("road") in {"mailbox", "mail"}
            else _("Vous avez indiqué « Ce n’était pas moi » : votre compte est protégé."),
            (
                _done(facts),
                _back(facts),
                _("Référence à donner à l’assistance : %(reference)s.") % {"reference": facts["reference"]}
                if facts.get("reference")
                else "",
            ),
        ),
    }


def _of_others(facts: Mapping[str, str]) -> dict[Notice, Texts]:
    person = facts.get("person") or _("Quelqu’un")
    return {
        Notice.REPORTED: (
            _("Signalement : « Ce n’était pas moi » (%(reference)s)")
            % {"reference": facts.get("reference", "–")},
            _("%(person)s signale une connexion ou un changement qui ne vient pas de cette personne.")
            % {"person": person},
            (
                _done(facts),
                _("Ouvrez ce signalement dans la console, par sa référence."),
            ),
        ),
        Notice.ATTACK_WAVE: (
            _("Attaque en cours sur les comptes de l’académie"),
            _(
                "De nombreux essais échouent à la connexion, à l’activation ou pour retrouver un accès : "
                "%(failures)s essais depuis %(sources)s adresses, sur %(accounts)s comptes."
            )
            % {name: facts.get(name, "?") for name in ("failures", "sources", "accounts")},
            (_("Personne n’est bloqué sur ses appareils habituels. La console montre la vague en direct."),),
        ),
    }


def _done(facts: Mapping[str, str]) -> str:
    parts = [measure_words(measure) for measure in facts.get("done", "").split(",")]
    if facts.get("names"):
        parts.append(_("Retirés : %(names)s.") % {"names": facts["names"]})
    return " ".join(part for part in parts if part)


def _back(facts: Mapping[str, str]) -> str:
    if not facts.get("out"):
        return ""
    return _(
        "Pour revenir, ouvrez la page de connexion de votre académie, « Mot de passe oublié » ou « Je "
        "n’arrive pas à me connecter »."
    )


def _apart(facts: Mapping[str, str]) -> str:
    """« : ce dont il s'agit », where that is known."""
    what = ", ".join(
        part
        for part in (thing_words(facts.get("what") or facts.get("method", "")), facts.get("name"))
        if part
    )
    return _(" : %(what)s") % {"what": what} if what else ""


def _reason(facts: Mapping[str, str]) -> str:
    reason = facts.get("reason", "")
    return _("Motif : %(reason)s.") % {"reason": reason.rstrip(". ")} if reason else ""


def _until(facts: Mapping[str, str]) -> str:
    if facts.get("until"):
        return _("Cela dure jusqu’à : %(until)s.") % {"until": facts["until"]}
    minutes = facts.get("minutes", "")
    if not minutes.isdigit():
        return ""
    return ngettext("Cela dure %(count)d minute.", "Cela dure %(count)d minutes.", int(minutes)) % {
        "count": int(minutes)
    }
