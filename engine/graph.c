/* graph.c - PageRank over sentences (Brin and Page, "The anatomy of a
 * large-scale hypertextual web search engine", 1998), for a graph whose edges
 * have weights and no direction:
 *
 *     rank(i) = (1 - d) + d * sum over j of w(i,j) / W(j) * rank(j)
 *
 * with W(j) the sum of the weights at j and d = 0.85.  The ranks are 1 at
 * first and found by iterating until none moves by more than 1e-6, which takes
 * some 20 steps; 100 are the most.  Sums run in source order, so the result is
 * the same everywhere.  What lies below the tolerance is rounded off: else two
 * sentences that are alike to the graph would differ in their last bits.
 */
#include <config.h>

#include "engine/graph.h"

#include <string.h>

#define DAMPING 0.85
#define NEAR 1e-6
#define STEPS_MAX 100
#define ROUND 65536.0

/* ---- sentences to vectors ---- */

/* Finds the vertices, with room for the terms of all of them. */
static struct graph_term *find_vertices(struct graph *graph)
{
    struct document *d = graph->document;
    size_t room = 0;

    for (size_t i = 0; i < d->segment_count; i++) {
        const struct segment *segment = &d->segments[i];
        if (segment->kind != PRECIS_SENTENCE)
            continue;
        if (graph->count == GRAPH_SENTENCES_MAX) {
            d->compared = graph->count;
            break;
        }
        graph->vertices[graph->count++].segment = (uint32_t) i;
        room += segment->tokens < GRAPH_TERMS_MAX ? segment->tokens
                                                  : GRAPH_TERMS_MAX;
    }
    return arena_take_array(d->arena, room + 1, sizeof(struct graph_term));
}

/* places: by stem, 1 + the last term with it, of all the `taken` terms. */
static void read_vertex(struct graph *graph, struct graph_vertex *vertex,
                        uint32_t *places, size_t taken)
{
    struct document *d = graph->document;
    const struct segment *segment = &d->segments[vertex->segment];

    for (uint32_t t = 0; t < segment->tokens; t++) {
        uint32_t stem = d->surfaces[d->tokens[segment->token + t]].stem;
        if (stem == NONE)
            continue;
        if (places[stem] > taken) {
            vertex->terms[places[stem] - taken - 1].count++;
            continue;
        }
        if (vertex->term_count == GRAPH_TERMS_MAX)
            continue;
        vertex->terms[vertex->term_count++] =
            (struct graph_term){ stem, 1, 1 };
        places[stem] = (uint32_t) taken + vertex->term_count;
        graph->spreads[stem]++;
    }
}

int graph_init(struct graph *graph, struct document *document)
{
    struct graph_term *terms;
    uint32_t *places;
    size_t taken = 0, room = document->sentence_count;

    if (room > GRAPH_SENTENCES_MAX)
        room = GRAPH_SENTENCES_MAX;
    memset(graph, 0, sizeof *graph);
    graph->document = document;
    graph->vertices = arena_take_array(document->arena, room + 1,
                                       sizeof *graph->vertices);
    graph->spreads = arena_take_array(
        document->arena, document->stem_count + 1, sizeof *graph->spreads);
    places = arena_take_array(document->arena, document->stem_count + 1,
                              sizeof *places);
    if (graph->vertices == NULL || graph->spreads == NULL || places == NULL)
        return PRECIS_EINTERNAL;
    terms = find_vertices(graph);
    if (terms == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < graph->count; i++) {
        graph->vertices[i].terms = terms + taken;
        read_vertex(graph, &graph->vertices[i], places, taken);
        taken += graph->vertices[i].term_count;
    }
    return 0;
}

/* ---- vectors to weights ---- */

double *graph_weight(const struct graph *graph, size_t row, size_t column)
{
    return &graph->weights[row * graph->count + column];
}

/* Bounded: GRAPH_SENTENCES_MAX^2 / 2 products of GRAPH_TERMS_MAX terms. */
int graph_multiply(struct graph *graph)
{
    struct document *d = graph->document;
    double *values = arena_take_array(d->arena, d->stem_count + 1,
                                      sizeof *values);

    graph->weights = arena_take_array(
        d->arena, graph->count * graph->count + 1, sizeof *graph->weights);
    if (values == NULL || graph->weights == NULL)
        return PRECIS_EINTERNAL;
    for (size_t i = 0; i < graph->count; i++) {
        const struct graph_vertex *left = &graph->vertices[i];
        for (uint32_t t = 0; t < left->term_count; t++)
            values[left->terms[t].stem] = left->terms[t].value;
        for (size_t j = 0; j <= i; j++) {
            const struct graph_vertex *right = &graph->vertices[j];
            double sum = 0;
            for (uint32_t t = 0; t < right->term_count; t++)
                sum += right->terms[t].value * values[right->terms[t].stem];
            *graph_weight(graph, i, j) = sum;
            *graph_weight(graph, j, i) = sum;
        }
        for (uint32_t t = 0; t < left->term_count; t++)
            values[left->terms[t].stem] = 0;
    }
    return 0;
}

/* ---- weights to ranks ---- */

/* One step: what each vertex gives along an edge of weight 1 is in shares.
 * Returns the largest change. */
static double step(const struct graph *graph, const double *shares,
                   double *ranks)
{
    double change = 0;

    for (size_t i = 0; i < graph->count; i++) {
        const double *row = graph_weight(graph, i, 0);
        double sum = 0, moved;
        for (size_t j = 0; j < graph->count; j++)
            sum += row[j] * shares[j];
        sum = 1 - DAMPING + DAMPING * sum;
        moved = sum > ranks[i] ? sum - ranks[i] : ranks[i] - sum;
        if (moved > change)
            change = moved;
        ranks[i] = sum;
    }
    return change;
}

int graph_rank(const struct graph *graph)
{
    struct document *d = graph->document;
    double *ranks = arena_take_array(d->arena, 3 * graph->count + 1,
                                     sizeof *ranks);
    double *shares, *totals, change = 1;

    if (ranks == NULL)
        return PRECIS_EINTERNAL;
    shares = ranks + graph->count;
    totals = shares + graph->count;
    for (size_t i = 0; i < graph->count; i++) {
        ranks[i] = 1;
        for (size_t j = 0; j < graph->count; j++)
            totals[i] += *graph_weight(graph, i, j);
    }
    for (int steps = 0; steps < STEPS_MAX && change > NEAR; steps++) {
        for (size_t i = 0; i < graph->count; i++)
            shares[i] = totals[i] > 0 ? ranks[i] / totals[i] : 0;
        change = step(graph, shares, ranks);
    }
    for (size_t i = 0; i < graph->count; i++)
        d->scores[graph->vertices[i].segment] =
            (double) (uint32_t) (ranks[i] * ROUND + 0.5) / ROUND;
    score_by_terms(d);
    return 0;
}
