/* score_textrank.c - a sentence recommends those that speak of the same.
 *
 * Mihalcea and Tarau, "TextRank: Bringing Order into Texts", EMNLP 2004:
 * PageRank over the sentences, where the weight between two is
 *
 *     (words that stand in both) / (ln |a| + ln |b|)
 *
 * Deviations: a word is a content stem, counted once a sentence, and |a| is
 * how many of those a sentence has (the paper leaves the filter of words
 * open); a sentence with a single one would divide by ln 1 = 0 beside its
 * like, so two such sentences have no edge; iteration ends at changes of 1e-6
 * rather than 1e-4; long texts are bounded, see engine/graph.h.
 */
#include <config.h>

#include "engine/graph.h"
#include "engine/mathematics.h"

int score_textrank(struct document *document)
{
    struct graph graph;
    double *logs;
    int code = graph_init(&graph, document);

    if (code == 0)
        code = graph_multiply(&graph);
    if (code != 0)
        return code;
    logs = arena_take_array(document->arena, graph.count + 1, sizeof *logs);
    if (logs == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < graph.count; i++)
        if (graph.vertices[i].term_count > 1)
            logs[i] = natural_log(graph.vertices[i].term_count);
    for (size_t i = 0; i < graph.count; i++)
        for (size_t j = 0; j < graph.count; j++) {
            double *weight = graph_weight(&graph, i, j);
            double divisor = logs[i] + logs[j];
            *weight = i == j || divisor == 0 ? 0 : *weight / divisor;
        }
    return graph_rank(&graph);
}
