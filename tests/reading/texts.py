"""What stands on the pages that the tests draw, in five languages; written for them."""

from typing import NamedTuple


class Texts(NamedTuple):
    """The texts of one language."""

    letter: tuple[str, ...]
    """Paragraphs."""
    columns: tuple[str, str]
    """Two columns of prose under a headline."""
    headline: str
    label: tuple[str, ...]
    """Short lines."""
    receipt: tuple[tuple[str, str], ...]
    """What and how much; "" where a line has no price."""
    sign: tuple[str, ...]


TEXTS = {
    "en": Texts(
        (
            "Dear Mrs Whitfield,",
            "Thank you for your letter of 14 March. The lift in your house will be repaired between Monday, 3 April, "
            "and Wednesday, 5 April. During these three days please use the stairs at the back of the building; our "
            "porter will gladly carry your shopping.",
            "The costs of £1,240.50 are borne by the owners. If you have questions, call us on 020 7946 0123 or write "
            "to office@example.org. We are in the office from 8:30 to 16:00.",
            "Yours sincerely,",
            "J. Quaysworth",
        ),
        (
            "The old bridge over the river was opened again on Saturday. More than two thousand people came to walk "
            "across it, and a band played until it grew dark. The repair had taken four years instead of two.",
            "Next week the library moves into its new rooms near the station. Books can be returned at any hour "
            "through a hatch beside the door. Children under twelve read for free, as they always have.",
        ),
        "News from the valley",
        ("Oat biscuits", "with honey and raisins", "Net weight 250 g", "Best before 11.2027", "Keep dry and cool"),
        (
            ("CORNER SHOP", ""),
            ("Wholemeal bread", "2.35"),
            ("Milk 1 l", "1.19"),
            ("Apples 0.842 kg", "2.10"),
            ("Washing powder", "7.49"),
            ("TOTAL", "13.13"),
            ("Cash", "20.00"),
            ("Change", "6.87"),
        ),
        ("EMERGENCY EXIT", "Keep clear"),
    ),
    "de": Texts(
        (
            "Sehr geehrte Frau Köhler,",
            "vielen Dank für Ihr Schreiben vom 14. März. Der Aufzug in Ihrem Haus wird zwischen Montag, dem 3. April, "
            "und Mittwoch, dem 5. April, überholt. Bitte benutzen Sie an diesen Tagen die Treppe an der Rückseite des "
            "Gebäudes; unser Hausmeister trägt Ihnen gern die Einkäufe hinauf.",
            "Die Kosten von 1.240,50 € übernehmen die Eigentümer. Fragen beantworten wir gern unter 030 2345678 oder "
            "schriftlich an buero@example.org. Das Büro ist von 8:30 bis 16:00 Uhr geöffnet.",
            "Mit freundlichen Grüßen",
            "J. Größwang",
        ),
        (
            "Die alte Brücke über den Fluss ist seit Samstag wieder offen. Mehr als zweitausend Menschen kamen, um "
            "hinüberzugehen, und eine Kapelle spielte bis in die Nacht. Die Arbeiten dauerten vier Jahre statt zwei.",
            "Nächste Woche zieht die Bücherei in ihre neuen Räume am Bahnhof. Bücher können jederzeit durch eine "
            "Klappe neben der Tür zurückgegeben werden. Kinder unter zwölf lesen wie bisher umsonst.",
        ),
        "Neues aus dem Tal",
        ("Haferkekse", "mit Honig und Rosinen", "Füllmenge 250 g", "Mindestens haltbar bis 11.2027", "Kühl lagern"),
        (
            ("BÄCKEREI MÜLLER", ""),
            ("Roggenbrot", "3,95"),
            ("Brötchen 4 Stück", "2,40"),
            ("Käsekuchen", "3,20"),
            ("Kaffee groß", "2,80"),
            ("SUMME", "12,35"),
            ("Bar", "20,00"),
            ("Rückgeld", "7,65"),
        ),
        ("NOTAUSGANG", "Bitte freihalten"),
    ),
    "es": Texts(
        (
            "Estimada señora Núñez:",
            "Le agradecemos su carta del 14 de marzo. El ascensor de su casa será reparado entre el lunes 3 y el "
            "miércoles 5 de abril. Durante estos días utilice por favor la escalera de atrás; el portero le subirá "
            "la compra con mucho gusto.",
            "Los gastos de 1.240,50 € corren a cargo de los dueños. Si tiene preguntas, llámenos al 915 550 123 o "
            "escriba a oficina@example.org. Atendemos de 8:30 a 16:00. También los sábados por la mañana.",
            "Atentamente,",
            "J. Peñalver",
        ),
        (
            "El viejo puente sobre el río se abrió de nuevo el sábado. Más de dos mil personas vinieron a cruzarlo, "
            "y una banda tocó hasta que anocheció. Las obras duraron cuatro años en lugar de dos.",
            "La semana que viene la biblioteca se muda a sus nuevas salas junto a la estación. Los libros se pueden "
            "devolver a cualquier hora. Los niños menores de doce años leen gratis, como siempre.",
        ),
        "Noticias del valle",
        ("Galletas de avena", "con miel y pasas", "Peso neto 250 g", "Consumir antes de 11.2027", "Lugar fresco"),
        (
            ("TIENDA LA ESQUINA", ""),
            ("Pan integral", "2,35"),
            ("Leche 1 l", "1,19"),
            ("Manzanas 0,842 kg", "2,10"),
            ("Jabón en polvo", "7,49"),
            ("TOTAL", "13,13"),
            ("Efectivo", "20,00"),
            ("Cambio", "6,87"),
        ),
        ("SALIDA DE EMERGENCIA", "No aparcar"),
    ),
    "fr": Texts(
        (
            "Chère Madame Lefèvre,",
            "Nous vous remercions de votre lettre du 14 mars. L'ascenseur de votre immeuble sera réparé entre le lundi "
            "3 et le mercredi 5 avril. Pendant ces trois jours, veuillez prendre l'escalier de derrière ; notre "
            "concierge montera volontiers vos courses.",
            "Les frais de 1 240,50 € sont à la charge des propriétaires. Pour toute question, appelez le 01 99 00 12 "
            "34 ou écrivez à bureau@example.org. Nous sommes là de 8 h 30 à 16 h, même le samedi.",
            "Veuillez agréer nos salutations,",
            "J. Beauchêne",
        ),
        (
            "Le vieux pont sur la rivière a rouvert samedi. Plus de deux mille personnes sont venues le traverser, et "
            "une fanfare a joué jusqu'à la nuit tombée. Les travaux ont duré quatre années au lieu de deux.",
            "La semaine prochaine, la bibliothèque s'installe dans ses nouvelles salles près de la gare. Les livres "
            "peuvent être rendus à toute heure. Les enfants lisent gratuitement, comme ils l'ont toujours fait.",
        ),
        "Nouvelles de la vallée",
        ("Biscuits à l'avoine", "au miel et aux raisins", "Poids net 250 g", "À consommer avant 11.2027", "Au frais"),
        (
            ("BOULANGERIE DUPRÉ", ""),
            ("Pain complet", "2,35"),
            ("Lait 1 l", "1,19"),
            ("Pommes 0,842 kg", "2,10"),
            ("Crème brûlée", "7,49"),
            ("TOTAL", "13,13"),
            ("Espèces", "20,00"),
            ("Rendu", "6,87"),
        ),
        ("SORTIE DE SECOURS", "Ne pas gêner"),
    ),
    "it": Texts(
        (
            "Gentile signora Nicolò,",
            "La ringraziamo per la Sua lettera del 14 marzo. L'ascensore della Sua casa sarà riparato tra lunedì 3 e "
            "mercoledì 5 aprile. In questi giorni usi per favore la scala sul retro; il nostro portiere porterà "
            "volentieri la spesa fino alla Sua porta.",
            "Le spese di 1.240,50 € sono a carico dei proprietari. Per domande chiami lo 06 5550 1234 o scriva a "
            "ufficio@example.org. Siamo in ufficio dalle 8:30 alle 16:00, perché così è più comodo.",
            "Cordiali saluti,",
            "J. Quarantù",
        ),
        (
            "Il vecchio ponte sul fiume è stato riaperto sabato. Più di duemila persone sono venute ad attraversarlo, "
            "e una banda ha suonato fino a notte. I lavori sono durati quattro anni invece di due.",
            "La prossima settimana la biblioteca si trasferirà nelle nuove sale vicino alla stazione. I libri si "
            "possono restituire a ogni ora. I bambini sotto i dodici anni leggono gratis, come sempre.",
        ),
        "Notizie dalla valle",
        ("Biscotti d'avena", "con miele e uvetta", "Peso netto 250 g", "Da consumarsi entro 11.2027", "Al fresco"),
        (
            ("FORNO DEL BORGO", ""),
            ("Pane integrale", "2,35"),
            ("Latte 1 l", "1,19"),
            ("Mele 0,842 kg", "2,10"),
            ("Caffè macinato", "7,49"),
            ("TOTALE", "13,13"),
            ("Contanti", "20,00"),
            ("Resto", "6,87"),
        ),
        ("USCITA DI SICUREZZA", "Non ostruire è vietato"),
    ),
}
