/* article.h - an article with what makes trouble: a dateline, a sub-heading, a
 * caption, quotations, numbers, letters of two and three bytes. */
#ifndef TESTS_ENGINE_ARTICLE_H
#define TESTS_ENGINE_ARTICLE_H

static const char article[] =
    "PARIS, 3 mars (Agence) - Le maire de Montbrison a annoncé, mardi, la "
    "fermeture du vieux pont. \"Le pont ne tient plus. Il sera détruit\", "
    "a-t-il dit.\n\n"
    "Une colère froide\n\n"
    "Les habitants de l'île, eux, dénoncent une fermeture « brutale » : le "
    "pont est leur seul chemin vers l'école. M. Noël Dubois, boulanger, "
    "craint pour ses 1.200 clients… La préfète a promis un bac d'ici à "
    "l'été. Le coût ? 2,5 millions d'euros, dont la ville paiera un œuf.\n\n"
    "Photo : le pont du maire\n\n"
    "Le chantier du pont durera deux ans, selon la mairie. Le maire a promis "
    "un pont « plus haut, plus large ».";

#endif
