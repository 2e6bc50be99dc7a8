/* score_lexrank.c - the sentences at the centre of what is said.
 *
 * Erkan and Radev, "LexRank: Graph-based Lexical Centrality as Salience in
 * Text Summarization", Journal of Artificial Intelligence Research 22, 2004:
 * PageRank over the sentences, where two are joined when the cosine of their
 * tf-idf vectors is above 0.1 (a sentence is joined to itself too, as in the
 * paper's algorithm 3).
 *
 * Deviations: words are content stems; idf = ln(N / n), with N the sentences
 * of the article and n those with the stem, as implementations for single
 * documents have it, where the paper takes it from a large collection; a
 * sentence none of whose stems tells it from the others is joined to none;
 * long texts are bounded, see engine/graph.h.
 */
#include <config.h>

#include "engine/graph.h"
#include "engine/mathematics.h"

#include <math.h>

#define THRESHOLD 0.1

static void weigh_terms(struct graph *graph)
{
    double all = (double) graph->count;

    for (size_t i = 0; i < graph->count; i++) {
        struct graph_vertex *vertex = &graph->vertices[i];
        for (uint32_t t = 0; t < vertex->term_count; t++) {
            struct graph_term *term = &vertex->terms[t];
            term->value = term->count
                          * natural_log(all / graph->spreads[term->stem]);
        }
    }
}

int score_lexrank(struct document *document)
{
    struct graph graph;
    double *norms;
    int code = graph_init(&graph, document);

    if (code != 0)
        return code;
    weigh_terms(&graph);
    code = graph_multiply(&graph);
    if (code != 0)
        return code;
    norms = arena_take_array(document->arena, graph.count + 1, sizeof *norms);
    if (norms == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < graph.count; i++)
        norms[i] = sqrt(*graph_weight(&graph, i, i));
    for (size_t i = 0; i < graph.count; i++)
        for (size_t j = 0; j < graph.count; j++) {
            double *weight = graph_weight(&graph, i, j);
            *weight = *weight > THRESHOLD * (norms[i] * norms[j]);
        }
    return graph_rank(&graph);
}
