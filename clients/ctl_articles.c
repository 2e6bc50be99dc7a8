/* The articles are invented for this.  They have only what their charsets
 * have, which is why few lines turn them into those. */
#include <config.h>

#include "clients/ctl_articles.h"

#include <stdlib.h>
#include <string.h>

#include "clients/terminal.h"

static const struct ctl_article articles[] = {
    {"fr",
     {"ISO-8859-1", "UTF-16LE", NULL},
     "La bibliothèque de Saint-Aubin rouvrira samedi après deux ans de "
     "travaux. La ville a payé la rénovation de la bibliothèque avec l'aide "
     "de la région. Le toit avait été endommagé par une tempête. Les "
     "architectes ont gardé la grande salle de lecture. Une salle pour les "
     "enfants a été ajoutée au rez-de-chaussée. Le maire espère que la "
     "bibliothèque rénovée attirera deux fois plus de lecteurs. L'été "
     "prochain, elle sera ouverte le dimanche.",
     "La ville a payé la rénovation de la bibliothèque avec l'aide de "
     "la région."},
    {"de",
     {"ISO-8859-1", NULL, NULL},
     "Die neue Brücke über die Ache wird am Montag für den Verkehr "
     "geöffnet. Der Bau der Brücke hat drei Jahre gedauert und vierzig "
     "Millionen Euro gekostet. Die alte Brücke war nach einem Hochwasser "
     "gesperrt worden. Viele Pendler mussten seither große Umwege fahren. "
     "Der Bürgermeister dankte den Arbeitern für ihre Geduld. Radfahrer "
     "bekommen auf der Brücke eine eigene Spur. Im Frühling soll die alte "
     "Brücke abgerissen werden.",
     "Der Bau der Brücke hat drei Jahre gedauert und vierzig Millionen "
     "Euro gekostet."},
    {"en",
     {"UTF-16LE", NULL, NULL},
     "The harbour of Westhaven will close for a month while its old pier is "
     "repaired. The council said that the pier had become dangerous for "
     "fishing boats. Storms broke a third of its wooden posts last winter. "
     "Fishermen will use the harbour of a neighbouring town in the meantime. "
     "The repair of the pier will cost two million pounds. Shops near the "
     "harbour fear that they will lose many visitors. The ferry to the "
     "islands will not stop.",
     "The harbour of Westhaven will close for a month while its old "
     "pier is repaired."},
    {"es",
     {"ISO-8859-1", NULL, NULL},
     "El mercado central abrirá de nuevo el jueves después del incendio de "
     "marzo. El fuego destruyó veinte puestos del mercado y una parte del "
     "techo. Los vendedores trabajaron durante meses en una plaza cercana. "
     "El ayuntamiento pagó la reconstrucción del mercado con un crédito. "
     "Nadie resultó herido en el incendio. Los vecinos piden que el mercado "
     "cierre más tarde los sábados. La investigación señala un fallo "
     "eléctrico.",
     "El mercado central abrirá de nuevo el jueves después del incendio "
     "de marzo."},
    {"ru",
     {"ISO-8859-5", NULL, NULL},
     "Музей железной дороги откроет новый зал в пятницу. В зале музея "
     "покажут двенадцать старых паровозов. Рабочие восстанавливали паровозы "
     "четыре года. Самый старый паровоз был построен сто сорок лет назад. "
     "Директор музея надеется, что новый зал понравится детям. Билет в музей "
     "будет стоить двести рублей. По воскресеньям вход будет бесплатным.",
     "Музей железной дороги откроет новый зал в пятницу."},
};

const struct ctl_article *ctl_article(size_t number)
{
    return number < sizeof articles / sizeof articles[0] ? &articles[number]
                                                         : NULL;
}

/* Writes one character; returns its bytes. */
static size_t encode(const char *charset, unsigned character, char *out)
{
    if (strcmp(charset, "UTF-16LE") == 0) {
        out[0] = (char) (character & 0xFF);
        out[1] = (char) (character >> 8);
        return 2;
    }
    /* Cyrillic stands in ISO-8859-5 in the order of Unicode. */
    if (strcmp(charset, "ISO-8859-5") == 0 && character >= 0x401)
        character -= 0x360;
    out[0] = (char) character;
    return 1;
}

char *ctl_article_encode(const struct ctl_article *article, size_t charset,
                         size_t *size)
{
    const char *next = article->text;
    size_t left = strlen(next);
    char *bytes = malloc(2 * left);
    unsigned character;

    *size = 0;
    while (bytes != NULL && left > 0) {
        size_t length = utf8_next(next, left, &character);

        *size += encode(article->charsets[charset], character, bytes + *size);
        next += length;
        left -= length;
    }
    return bytes;
}
