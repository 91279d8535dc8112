"""Words that carry the matter of a text, in German and English."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_][\w-]*|\d+[^\W\d_][\w-]*")

_GERMAN: Final = """
aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bereits bis
bisher da dabei dadurch dafür damit dann daraus darauf darin das dass davon dazu dem den denen der
deren des dessen die dies diese diesem diesen dieser dieses doch dort durch ein eine einem einen
einer eines einmal er es etwa etwas für gegen gern gibt gut gute guten guter haben hat hatte hilft
hilfe hier ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist jede jedem jeden jeder jedes
jemand jemanden jetzt kann kein keine keinen können könnte leute man mehr mehrere mehreren mit
möchte möchten möglichst müssen muss nach neu neue neuen neuer nicht noch nun nur ob oder ohne sehr
sein seine seinen seiner sich sie sind so soll sollen sollte sonst sowie statt über um und uns unser
unsere unserem unseren unserer unter viel viele vielen vom von vor wann war warum was wegen weil
welche welchem welchen welcher welches wenn wer werden wie wieder will wir wird wo wofür wohin
wollen worden wurde wurden zu zum zur zwar zwischen
bedarf benötigen benötigt bieten bietet brauchen braucht gesucht sucht suche suchen unterstützen
unterstützung angebot partner lösung lösungen erfahrung möglichkeit beispiel
"""
_ENGLISH: Final = """
a about after all also an and any are as at be been before being both but by can could do does each
every few for from get had has have help here how if in into is it its just like made make makes
many may more most much need needs no not of off on one only or other others our out over own per
so some such than that the their them then there these they this those through to under up us very
via want wants was we well were what when where which while who whom whose why will with within
without would you your
offer offers offering provide provides providing look looking search seek seeking support partner
partners solution solutions experience example
"""
# Found in texts on any matter: they count less than others.
_GENERAL_WORDS: Final = """
anlage anlagen aufbau betrieb betriebe daten dienstleistung einsatz entwickeln entwicklung
fertigung hersteller herstellung industrie industriell konzept material mitglieder
mitgliedsunternehmen nutzen nutzung planung produkt produkte produktion projekt projekte
prozess prozesse qualität regional system systeme technik technologie technologien teil teile
umwelt unternehmen verfahren verwendung werk werkstoff werkstoffe
companies company concept data develop development enterprise equipment facility factories
factory industrial industry manufacturing material materials members method methods part parts
planning plant process processes product production products project projects quality service
services small system systems team technologies technology use using
"""
_GENERAL: Final = frozenset(_GENERAL_WORDS.split())
_EMPTY: Final = frozenset((_GERMAN + _ENGLISH).split())


def content_words(text: str) -> list[str]:
    """Return the different words of a text that are not only grammar, in their order.

    Words every need and offer has ("gesucht", "we offer") are left out as well.
    """
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        small = word.casefold()
        if len(word) > 1 and small not in _EMPTY:
            found.setdefault(small, word)
    return list(found.values())


def is_general(word: str) -> bool:
    """Tell whether a word says little about the matter, although it is no grammar."""
    return word.casefold() in _GENERAL
