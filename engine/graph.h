/* graph.h - the sentences of an article as a graph, ranked as PageRank ranks
 * pages: what `textrank` and `lexrank` share.  Private to engine/.
 *
 * A graph has a weight for each pair of sentences, so its size is bounded:
 * sentences behind the first GRAPH_SENTENCES_MAX are no part of it and score
 * 0, and of a sentence no more than GRAPH_TERMS_MAX distinct stems are read.
 * News has neither.
 */
#ifndef ENGINE_GRAPH_H
#define ENGINE_GRAPH_H

#include "engine/document.h"

#define GRAPH_SENTENCES_MAX 400
#define GRAPH_TERMS_MAX 200

/* A distinct content stem of a sentence. */
struct graph_term {
    uint32_t stem;
    uint32_t count; /* times in the sentence */
    double value;   /* of the method: 1 at first */
};

struct graph_vertex {
    uint32_t segment;
    uint32_t term_count;
    struct graph_term *terms; /* as they first stand in the sentence */
};

struct graph {
    struct document *document;
    struct graph_vertex *vertices; /* in source order */
    size_t count;
    uint32_t *spreads; /* by stem: vertices with it */
    double *weights;   /* count rows of count: symmetric */
};

/* Reads the sentences.  Everything lies in the document's arena. */
int graph_init(struct graph *graph, struct document *document);

/* Makes the weight of each pair, and of each vertex with itself, the product
 * of their vectors of values. */
int graph_multiply(struct graph *graph);

/* The weight of an edge. */
double *graph_weight(const struct graph *graph, size_t row, size_t column);

/* Scores the document's sentences by the weights. */
int graph_rank(const struct graph *graph);

#endif
