"""More pairs, written after the glossary and the way of composing vectors were settled.

They were compared once and are here to tell what the first pairs, which the settings were chosen
on, cannot: how well texts are compared that nobody had in mind. Neither they nor what decides the
order of offers were changed afterwards. The scale from which an offer counts as an answer
(``NOISE``, ``SAME``) was chosen with both sets in view; it changes no order.
"""

from typing import Final

from tests.matching.bilingual_pairs import read_texts

_TEXTS: Final = """
# agriculture
? Unsere Mitglieder wollen weniger Pflanzenschutzmittel auf die Felder bringen und nur dort, wo
  Unkraut steht.
! Camera-guided sprayers that treat single weeds instead of whole fields.
= Kameragesteuerte Spritzen, die einzelne Unkräuter statt ganzer Felder behandeln.
? Im Stall soll früh auffallen, wenn eine Kuh krank wird.
! Collars for cattle which report illness before a farmer can see it.
= Halsbänder für Rinder, die Krankheiten melden, bevor sie der Landwirt sehen kann.
? Wir suchen Abnehmer für Stroh und andere Reste aus der Ernte.
! We turn straw and crop residues into insulating boards.
= Aus Stroh und Ernteresten machen wir Dämmplatten.
? Gewächshäuser brauchen im Winter zu viel Energie für Licht. Wer kennt sparsame Lösungen?
! LED lighting concepts for greenhouses with low consumption.
= LED-Beleuchtungskonzepte für Gewächshäuser mit geringem Verbrauch.
- Insurance against hail for orchards.
= Hagelversicherung für Obstplantagen.
# care
? Pflegekräfte schreiben zu lange Berichte. Gesucht wird eine Spracheingabe für die Dokumentation.
! Speech recognition that writes nursing records at the bedside.
= Spracherkennung, die Pflegeberichte am Bett schreibt.
? Menschen nach einem Schlaganfall sollen zu Hause mit Anleitung üben können.
! Tele-rehabilitation for stroke patients with guided exercises at home.
= Tele-Reha für Schlaganfall-Patienten mit angeleiteten Übungen zu Hause.
? Wir wollen Stürze alter Menschen bemerken, ohne sie mit einer Kamera zu beobachten.
! Floor sensors which notice when somebody falls, without any images.
= Sensorböden, die Stürze bemerken, ganz ohne Bilder.
? Gesucht: Prothesen, die nach Maß aus dem Drucker kommen.
! Custom-made prostheses by 3D printing.
= Maßgefertigte Prothesen aus dem 3D-Drucker.
- Laundry service for hospitals and nursing homes.
= Wäscheservice für Kliniken und Pflegeheime.
# textiles
? Arbeitskleidung soll die Körpertemperatur messen und warnen, wenn es zu heiß wird.
! Smart textiles with woven sensors for workwear.
= Smarte Textilien mit eingewebten Sensoren für Arbeitskleidung.
? Wir färben noch mit viel Wasser und suchen ein Verfahren, das ohne auskommt.
! Waterless dyeing with supercritical carbon dioxide.
= Wasserfreies Färben mit überkritischem Kohlendioxid.
? Alte Kleidung sortieren wir von Hand nach Fasern. Geht das automatisch?
! Near-infrared scanners which tell fibres apart for textile recycling.
= Nahinfrarot-Scanner, die Fasern für das Textilrecycling unterscheiden.
? Für Filter brauchen wir Vliesstoffe mit sehr feinen Fasern.
! Nonwovens made of nanofibres for filtration.
= Vliesstoffe aus Nanofasern für die Filtration.
- Fashion photography and catalogues for small labels.
= Modefotografie und Kataloge für kleine Labels.
# space and quantum
? Wir möchten aus Satellitenbildern erkennen, welche Wälder unter Trockenheit leiden.
! Earth observation service that maps drought stress of forests.
= Erdbeobachtung, die Trockenstress von Wäldern kartiert.
? Für ein Planungsproblem mit sehr vielen Möglichkeiten wollen wir einen Quantenrechner
  ausprobieren.
! Access to quantum computers and help with optimisation problems.
= Zugang zu Quantencomputern und Hilfe bei Optimierungsaufgaben.
? Unsere Kleinsatelliten brauchen einen Test unter Schütteln und Vakuum, bevor sie fliegen.
! Vibration and thermal vacuum testing of small satellites.
= Schwingungs- und Thermalvakuumtests für Kleinsatelliten.
? Wer baut Magnetfeldmesser, die feiner sind als alles Übliche?
! Diamond-based quantum sensors for tiny magnetic fields.
= Quantensensoren aus Diamant für kleinste Magnetfelder.
- Planetarium shows for schools.
= Planetariumsvorführungen für Schulen.
# media and tourism
? Ein Museum möchte seine Sammlung so zeigen, dass man sie von überall in drei Dimensionen besuchen
  kann.
! 3D digitisation of museum collections for virtual visits.
= 3D-Digitalisierung von Museumssammlungen für virtuelle Besuche.
? Wir wollen wissen, woher unsere Gäste kommen und wann es in der Altstadt zu voll wird.
! Anonymous visitor flow analysis for tourist destinations.
= Anonyme Analyse von Besucherströmen für Reiseziele.
? Untertitel für Videos sollen von allein und in mehreren Sprachen entstehen.
! Automatic subtitling and translation of video content.
= Automatische Untertitelung und Übersetzung von Videos.
? Für ein Lernspiel über Klimaschutz suchen wir ein Entwicklungsstudio.
! Studio for serious games on social and ecological issues.
= Studio für Lernspiele zu gesellschaftlichen und ökologischen Fragen.
- Rental of cinema equipment.
= Verleih von Kinotechnik.
# law and finance
? Wir wissen nicht, ob unser KI-Produkt unter die neue europäische Verordnung fällt.
! Legal advice on the European AI Act for product makers.
= Rechtsberatung zur europäischen KI-Verordnung für Produkthersteller.
? Gesucht wird Hilfe beim Nachhaltigkeitsbericht, den kleine Zulieferer nun abgeben sollen.
! Sustainability reporting for small suppliers, step by step.
= Nachhaltigkeitsberichte für kleine Zulieferer, Schritt für Schritt.
? Vor dem Markteintritt in Japan brauchen wir Kontakte und jemanden, der die Gepflogenheiten kennt.
! Market entry support for East Asia with local partners.
= Unterstützung beim Markteintritt in Ostasien mit Partnern vor Ort.
? Wie schützen wir eine Erfindung, an der mehrere Cluster beteiligt sind?
! Intellectual property agreements for joint inventions.
= Schutzrechtsvereinbarungen für gemeinsame Erfindungen.
- Bookkeeping for craft businesses.
= Buchhaltung für Handwerksbetriebe.
"""

LATER_PAIRS, LATER_NEAR_MISSES = read_texts(_TEXTS)
