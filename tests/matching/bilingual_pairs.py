"""German needs and the English offers that answer them: the check across languages.

Sixteen families of four pairs from the fields of clusters in North Rhine-Westphalia. The offers
of a family lie close to each other, and each family adds one offer that answers none of its needs:
every need has near misses on purpose. The texts are made up; nobody said them. They were written
before a text model had read any of them, and are not to be changed to please one.
"""

from typing import Final, NamedTuple


class Pair(NamedTuple):
    """A need in German and its offer in English; ``offer_de`` says the same in German."""

    family: str
    need: str
    offer: str
    offer_de: str


class NearMiss(NamedTuple):
    """An offer close to those of its family that answers none of their needs."""

    family: str
    offer: str
    offer_de: str


# "#" begins a family, "?" is a need, "!" the offer that answers it, "-" an offer that answers
# none, "=" the German of the offer above; further lines of a text are indented.
_TEXTS: Final = """
# hydrogen
? Wir suchen eine Möglichkeit, die Alterung der Zellen in unseren Elektrolyseuren im laufenden
  Betrieb zu erkennen.
! In-situ diagnostics for electrolyser stacks: we measure how cells degrade without stopping the
  plant.
= In-situ-Diagnose für Elektrolyse-Stacks: Wir messen, wie Zellen altern, ohne die Anlage
  anzuhalten.
? Gesucht werden Drucktanks, mit denen sich Wasserstoff auf Lkw sicher mitführen lässt.
! Composite pressure vessels for storing hydrogen on board of heavy vehicles.
= Druckbehälter aus Verbundwerkstoff für die Speicherung von Wasserstoff in Nutzfahrzeugen.
? Können vorhandene Erdgasleitungen Wasserstoff transportieren? Wir brauchen eine Prüfung der
  Werkstoffe.
! Laboratory tests of pipeline steels and seals for their fitness to carry hydrogen.
= Laborprüfung von Leitungsstählen und Dichtungen auf ihre Eignung für Wasserstoff.
? Unsere Industrieöfen sollen statt mit Erdgas mit Wasserstoff befeuert werden; wir suchen
  Erfahrung mit Brennern.
! Burner development and test rigs for firing industrial furnaces with hydrogen.
= Entwicklung und Prüfstände für Brenner, die Industrieöfen mit Wasserstoff befeuern.
- Guided tours and school projects about hydrogen and fuel cells.
= Führungen und Schulprojekte zu Wasserstoff und Brennstoffzellen.
# heat
? Wohin mit der Abwärme unserer Schmiede? Wir möchten sie an Nachbarn oder ein Wärmenetz abgeben.
! We plan how waste heat from factories is fed into district heating networks.
= Wir planen die Einspeisung industrieller Abwärme in Fernwärmenetze.
? Für Trocknungsprozesse bei 150 Grad suchen wir Hersteller von Hochtemperatur-Wärmepumpen.
! High-temperature heat pumps that deliver process heat up to 160 °C.
= Hochtemperatur-Wärmepumpen, die Prozesswärme bis 160 °C liefern.
? Wir wollen unseren Stromverbrauch verschieben, wenn viel Wind- und Sonnenstrom im Netz ist.
! Demand response service: we shift the electrical load of companies to hours with plenty of
  renewable power.
= Lastmanagement: Wir verschieben den Stromverbrauch von Betrieben in Stunden mit viel
  erneuerbarem Strom.
? Gesucht: einfache Messtechnik, die zeigt, welche Maschine wie viel Energie verbraucht.
! Energy monitoring kit with sensors and dashboard for every single machine on the shop floor.
= Energiemonitoring mit Sensoren und Anzeige für jede einzelne Maschine in der Halle.
- Energy audits for office buildings and advice on insulation.
= Energieaudits für Bürogebäude und Beratung zur Dämmung.
# chemistry
? Wir benötigen ein Labor, das viele Katalysatoren in kurzer Zeit parallel testet.
! High-throughput screening of catalysts in parallel reactors.
= Hochdurchsatz-Prüfung von Katalysatoren in parallelen Reaktoren.
? Eine Synthese, die bisher im Rührkessel läuft, soll kontinuierlich werden. Wer hat
  Mikroreaktoren?
! Flow chemistry: we transfer batch reactions to continuous microreactors.
= Flow-Chemie: Wir überführen Batch-Reaktionen in kontinuierliche Mikroreaktoren.
? Ersatz für erdölbasierte Lösemittel in Lacken gesucht, möglichst aus nachwachsenden Rohstoffen.
! Bio-based solvents for paints and coatings, made from plant residues.
= Biobasierte Lösemittel für Farben und Lacke, hergestellt aus Pflanzenresten.
? Wir haben CO2 aus einer Abgasreinigung übrig und suchen jemanden, der daraus Chemikalien macht.
! Carbon capture and utilisation: turning carbon dioxide from flue gas into methanol and other
  base chemicals.
= CCU: Aus dem Kohlendioxid von Rauchgasen machen wir Methanol und andere Grundchemikalien.
- Registration of chemicals and safety data sheets under European law.
= Registrierung von Chemikalien und Sicherheitsdatenblätter nach europäischem Recht.
# plastics
? Unsere Rezyklate schwanken stark in der Qualität. Wer kann sie schnell prüfen?
! Rapid characterisation of recycled polymers, so that each batch has a known quality.
= Schnelle Charakterisierung von Rezyklaten, damit jede Charge eine bekannte Qualität hat.
? Wie lassen sich schwarze Kunststoffteile im Abfallstrom sauber voneinander trennen?
! Sorting technology which recognises and separates dark plastics in waste.
= Sortiertechnik, die dunkle Kunststoffe im Abfall erkennt und trennt.
? Wir suchen Hilfe beim digitalen Produktpass für unsere Spritzgussteile.
! Consulting and software for digital product passports of manufactured components.
= Beratung und Software für digitale Produktpässe von Bauteilen.
? Gesucht wird eine Verpackungsfolie, die sich im Kompost vollständig abbaut.
! Compostable films for packaging, certified to decompose completely.
= Kompostierbare Folien für Verpackungen, nachweislich vollständig abbaubar.
- Injection moulding of small series with short delivery times.
= Spritzguss kleiner Serien mit kurzer Lieferzeit.
# logistics
? Pakete sollen in der Innenstadt ohne Lieferwagen zum Kunden kommen; wir suchen Partner mit
  Lastenrädern.
! City logistics with cargo bikes and micro depots for the last mile.
= Stadtlogistik mit Lastenrädern und Mikrodepots für die letzte Meile.
? Wir möchten mehr Container vom Lkw auf das Binnenschiff verlagern.
! We organise container transport on inland waterways and connect ports with industry.
= Wir organisieren Containertransporte auf Binnenwasserstraßen und verbinden Häfen mit der
  Industrie.
? Für unser Lager suchen wir fahrerlose Transportfahrzeuge, die mit Menschen auf einer Fläche
  arbeiten.
! Autonomous mobile robots for warehouses, safe to work among people.
= Autonome mobile Roboter für Lagerhallen, die sicher zwischen Menschen arbeiten.
? Wie weisen wir nach, dass Impfstoffe beim Transport durchgehend gekühlt waren?
! Data loggers that document the temperature of pharmaceuticals along the whole cold chain.
= Datenlogger, die die Temperatur von Arzneimitteln in der ganzen Kühlkette aufzeichnen.
- Customs software for freight forwarders.
= Zollsoftware für Speditionen.
# health
? Hausärzte auf dem Land brauchen eine Lösung für Videosprechstunden mit Fachärzten.
! Telemedicine platform linking general practitioners in rural areas with specialists.
= Telemedizin-Plattform, die Hausarztpraxen auf dem Land mit Fachärzten verbindet.
? Wir suchen Materialien, die chronische Wunden schneller heilen lassen.
! Bioactive dressings that speed up the healing of chronic wounds.
= Bioaktive Wundauflagen, die die Heilung chronischer Wunden beschleunigen.
? Für die Forschung möchten wir Patientendaten mehrerer Kliniken nutzen, ohne sie
  zusammenzuführen.
! Federated learning on hospital records: the data stay where they are.
= Föderiertes Lernen auf Klinikdaten: Die Daten bleiben, wo sie sind.
? Unser Krankenhaus will Keime auf Oberflächen rasch nachweisen, um Infektionen zu vermeiden.
! Fast tests for germs on hospital surfaces as a protection against infections.
= Schnelltests für Keime auf Oberflächen in Kliniken zum Schutz vor Infektionen.
- App that reminds patients to take their medicine.
= App, die Patienten an die Einnahme ihrer Medikamente erinnert.
# biotechnology
? Wir brauchen maßgeschneiderte Enzyme, die auch in der Waschlauge stabil bleiben.
! Enzyme engineering by directed evolution, for example for detergents.
= Enzym-Engineering durch gerichtete Evolution, zum Beispiel für Waschmittel.
? Für Arzneimitteltests suchen wir Gewebemodelle, die Tierversuche ersetzen.
! Human organoids and organ-on-chip systems as an alternative to animal testing.
= Menschliche Organoide und Organ-on-Chip-Systeme als Alternative zu Tierversuchen.
? Wer kann Proteine in sehr kleinen Blutproben bestimmen?
! Mass spectrometry service for proteins in tiny volumes of blood.
= Massenspektrometrie als Dienstleistung für Proteine in kleinsten Blutmengen.
? Unser Verfahren läuft im Laborfermenter. Wir suchen eine Anlage für 500 Liter und Begleitung
  beim Hochskalieren.
! Pilot plant for fermentation up to one cubic metre, with a team for scale-up.
= Pilotanlage für Fermentationen bis zu einem Kubikmeter mit einem Team für das Scale-up.
- Laboratory space and shared equipment for young biotech companies.
= Laborflächen und gemeinsam genutzte Geräte für junge Biotech-Unternehmen.
# artificial intelligence
? Unsere Pressen fallen unerwartet aus. Wir möchten Schäden vorhersehen, bevor die Linie steht.
! Predictive maintenance: machine learning on vibration data tells you when parts will fail.
= Vorausschauende Wartung: Maschinelles Lernen auf Schwingungsdaten sagt, wann Teile versagen.
? Kratzer auf lackierten Teilen werden bisher von Hand gesucht. Gibt es dafür eine Kameralösung?
! Automatic visual inspection of painted surfaces with cameras and neural networks.
= Automatische Sichtprüfung lackierter Oberflächen mit Kameras und neuronalen Netzen.
? Wir möchten unsere technischen Handbücher mit einem Sprachmodell durchsuchbar machen, ohne
  Daten aus dem Haus zu geben.
! Language models on your own servers which answer questions from internal documentation.
= Sprachmodelle auf eigenen Servern, die Fragen aus internen Unterlagen beantworten.
? Zulieferer und Hersteller wollen Daten teilen, aber jeder soll die Hoheit über seine Daten
  behalten.
! Data spaces for supply chains, where every company keeps control over what it shares.
= Datenräume für Lieferketten, in denen jedes Unternehmen die Kontrolle behält.
- Introductory course on artificial intelligence for managers.
= Einführungskurs in künstliche Intelligenz für Führungskräfte.
# networks
? Unsere Steuerungen sind zwanzig Jahre alt und hängen jetzt am Internet. Wie schützen wir sie
  vor Angriffen?
! Security for industrial control systems, including legacy equipment that was never meant to be
  online.
= Sicherheit für industrielle Steuerungen, auch für alte Anlagen, die nie für das Netz gedacht
  waren.
? Wir planen ein eigenes 5G-Netz auf dem Werksgelände und suchen Erfahrung mit Aufbau und
  Betrieb.
! Design and operation of private 5G campus networks for factories.
= Planung und Betrieb privater 5G-Campusnetze für Fabriken.
? Unsere Mitgliedsunternehmen fallen auf gefälschte E-Mails herein; wir suchen Schulungen für
  Beschäftigte.
! Awareness training against phishing for staff of small companies.
= Schulungen gegen Phishing für Beschäftigte kleiner Unternehmen.
? Wie bleiben unsere Daten auch dann geheim, wenn es einmal Quantencomputer gibt?
! Migration to post-quantum cryptography: we find the places where today's encryption must be
  replaced.
= Umstieg auf Post-Quanten-Kryptografie: Wir finden, wo heutige Verschlüsselung ersetzt werden
  muss.
- Fibre optic connections for business parks.
= Glasfaseranschlüsse für Gewerbegebiete.
# mobility
? Gebrauchte Batterien von Elektroautos liegen bei uns auf Halde; wir suchen eine zweite
  Verwendung.
! Second life for traction batteries: we build stationary storage from used cells.
= Zweites Leben für Traktionsbatterien: Wir bauen stationäre Speicher aus gebrauchten Zellen.
? Für unseren Fuhrpark mit Elektro-Lkw brauchen wir ein Konzept zum Laden auf dem Betriebshof.
! Planning of depot charging for fleets of electric trucks and buses.
= Planung der Ladeinfrastruktur auf Betriebshöfen für Flotten elektrischer Lkw und Busse.
? In einer ländlichen Gemeinde soll ein Bus ohne Fahrer unterwegs sein. Wer kann ihn betreiben?
! Self-driving shuttles for public transport outside of cities, including operation.
= Selbstfahrende Shuttles für den Nahverkehr außerhalb der Städte, samt Betrieb.
? Das Gehäuse unserer Antriebsbatterie muss leichter werden und trotzdem einen Unfall überstehen.
! Lightweight, crash-safe battery housings made of aluminium and fibre composites.
= Leichte und unfallsichere Batteriegehäuse aus Aluminium und Faserverbund.
- Test track for tyres and brakes of passenger cars.
= Teststrecke für Reifen und Bremsen von Pkw.
# materials
? Unsere Werkzeuge verschleißen zu schnell. Gesucht wird eine harte Schicht, die länger hält.
! Wear-resistant coatings for cutting and forming tools.
= Verschleißfeste Beschichtungen für Schneid- und Umformwerkzeuge.
? Ersatzteile, die es nicht mehr gibt, möchten wir aus Metall drucken lassen.
! Additive manufacturing of metal spare parts from scan to finished piece.
= Additive Fertigung von Ersatzteilen aus Metall, vom Scan bis zum fertigen Teil.
? Wir suchen eine Oberfläche, auf der Eis an Rotorblättern nicht haftet.
! Anti-icing surfaces based on micro- and nanostructures, for instance for wind turbines.
= Eisabweisende Oberflächen aus Mikro- und Nanostrukturen, etwa für Windräder.
? Wer kann Risse in geklebten Bauteilen finden, ohne diese zu zerstören?
! Non-destructive testing of bonded joints by ultrasound and thermography.
= Zerstörungsfreie Prüfung von Klebverbindungen mit Ultraschall und Thermografie.
- Database of material properties for engineers.
= Datenbank mit Werkstoffkennwerten für Konstrukteure.
# food
? Für Fleischersatz suchen wir heimische Eiweißquellen statt Soja.
! Protein isolates from regional field beans and peas for meat alternatives.
= Proteinisolate aus regionalen Ackerbohnen und Erbsen für Fleischersatz.
? Unser Brot soll länger frisch bleiben, ohne Konservierungsstoffe.
! Natural cultures and methods that extend the shelf life of bakery products.
= Natürliche Kulturen und Verfahren, die die Haltbarkeit von Backwaren verlängern.
? Wir brauchen einen Schnelltest auf Spuren von Nüssen in der Produktion.
! Rapid allergen detection for food lines, down to traces.
= Schneller Nachweis von Allergenen in der Lebensmittelproduktion bis in Spuren.
? Kantinen werfen zu viel weg. Wir suchen ein Verfahren, das den Bedarf vorhersagt.
! Forecasting tool for canteens and caterers that cuts leftovers.
= Prognosewerkzeug für Kantinen und Caterer, das Reste vermeidet.
- Sensory panels: trained people taste your new products.
= Sensorik-Panels: Geschulte Personen verkosten Ihre neuen Produkte.
# construction
? Beim Abriss fällt viel Betonbruch an, den wir für neuen Beton verwenden möchten.
! Processing of demolition concrete into aggregate for new buildings.
= Aufbereitung von Abbruchbeton zu Gesteinskörnung für neue Gebäude.
? Wir suchen ein Verzeichnis, aus dem hervorgeht, welche Baustoffe in einem Haus stecken.
! Material passports: we record which raw materials are built into a property.
= Gebäuderessourcenpässe: Wir erfassen, welche Rohstoffe in einer Immobilie verbaut sind.
? Eine Bestandshalle soll mit Holz um zwei Geschosse wachsen.
! Adding storeys to existing buildings with prefabricated timber modules.
= Aufstockung bestehender Gebäude mit vorgefertigten Holzmodulen.
? Wir wollen Fassaden energetisch sanieren, ohne dass die Mieter ausziehen müssen.
! Serial refurbishment: insulated façade elements are mounted within days while people stay at
  home.
= Serielle Sanierung: Gedämmte Fassadenelemente werden in wenigen Tagen montiert, die Bewohner
  bleiben.
- Scaffolding and cranes for hire.
= Gerüste und Kräne zur Miete.
# water
? Unsere Kläranlage soll Arzneimittelreste aus dem Wasser holen.
! Removal of micropollutants such as pharmaceuticals in sewage works by ozone and activated
  carbon.
= Entfernung von Spurenstoffen wie Arzneimitteln in Klärwerken mit Ozon und Aktivkohle.
? Aus Klärschlamm wollen wir Phosphor zurückgewinnen.
! Recovery of phosphorus from sludge and ash as fertiliser.
= Rückgewinnung von Phosphor aus Schlamm und Asche als Dünger.
? Im Trinkwassernetz geht viel verloren. Wie finden wir undichte Stellen?
! Acoustic leak detection for drinking water pipes.
= Akustische Ortung von Lecks in Trinkwasserleitungen.
? Die Stadt will bei Starkregen wissen, welche Straßen zuerst unter Wasser stehen.
! Flash flood models that forecast which parts of a town will be flooded.
= Starkregenmodelle, die vorhersagen, welche Teile einer Stadt überflutet werden.
- Swimming pool technology for municipalities.
= Schwimmbadtechnik für Kommunen.
# production
? Schwere Teile sollen von Mensch und Roboter gemeinsam montiert werden, ohne Schutzzaun.
! Collaborative robots for assembly that share the workplace with people.
= Kollaborative Roboter für die Montage, die sich den Arbeitsplatz mit Menschen teilen.
? Wir haben Drehmaschinen ohne Schnittstelle und möchten ihre Daten trotzdem auslesen.
! Retrofit of old machine tools with sensors and gateways, so that they deliver data.
= Nachrüstung alter Werkzeugmaschinen mit Sensoren und Gateways, damit sie Daten liefern.
? Vor dem Umbau der Fertigung möchten wir Varianten am Rechner durchspielen.
! Digital twins and simulation of factories before a single machine is moved.
= Digitale Zwillinge und Simulation von Fabriken, bevor eine Maschine bewegt wird.
? Bei kleinen Losgrößen dauert das Rüsten zu lange. Wer hilft uns, es zu verkürzen?
! Lean consulting: shorter set-up times for small batches.
= Lean-Beratung: kürzere Rüstzeiten bei kleinen Serien.
- Used machine tools, overhauled and with warranty.
= Gebrauchte Werkzeugmaschinen, überholt und mit Garantie.
# people
? Wir möchten Auszubildende an gefährlichen Maschinen in einer virtuellen Umgebung anlernen.
! Virtual reality courses for learning to handle hazardous equipment.
= Kurse in virtueller Realität, um den Umgang mit gefährlichen Anlagen zu lernen.
? Unsere Mitglieder finden keine Fachkräfte und möchten im Ausland anwerben.
! Recruitment and integration of skilled workers from abroad.
= Gewinnung und Integration von Fachkräften aus dem Ausland.
? Niemand versteht, was wir forschen. Wir suchen Leute, die daraus gute Filme machen.
! Film and animation studio that makes science easy to grasp.
= Film- und Animationsstudio, das Wissenschaft verständlich macht.
? Für eine Ausgründung suchen wir Kapital in der frühen Phase.
! Seed investors and business angels for technology start-ups.
= Frühphasen-Investoren und Business Angels für Technologie-Start-ups.
- Trade fair stands and conference rooms for clusters.
= Messestände und Tagungsräume für Cluster.
"""


def read_texts(texts: str) -> tuple[tuple[Pair, ...], tuple[NearMiss, ...]]:
    """Read pairs and near misses from a block of signed lines."""
    pairs: list[Pair] = []
    near_misses: list[NearMiss] = []
    family = need = offer = ""
    for line in texts.replace("\n  ", " ").strip().splitlines():
        sign, text = line[0], line[2:]
        if sign == "#":
            family = text
        elif sign == "?":
            need = text
        elif sign == "=" and need:
            pairs.append(Pair(family, need, offer, text))
            need = ""
        elif sign == "=":
            near_misses.append(NearMiss(family, offer, text))
        else:
            offer = text
    return tuple(pairs), tuple(near_misses)


PAIRS, NEAR_MISSES = read_texts(_TEXTS)
