/* dev trainer */
#include <config.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "engine/credits.h"
#include "engine/select.h"
#include "engine/unicode.h"

#define FOLDS 5
static int opt_hold = 1, opt_title = 1, opt_minw = 5, opt_minp = 8, opt_max = 1000000, opt_epochs = 12, opt_neutral = 0;
static double opt_beta = 30, opt_lr = 0.02, opt_lambda = 33, opt_l2 = 1e-6;

/* string -> id */
struct map { char **keys; uint32_t *sizes; uint32_t *slots; size_t mask, count, room; };
static uint64_t hb(const char *s, size_t n) { uint64_t h = 1469598103934665603ull; for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char) s[i]) * 1099511628211ull; return h ^ h >> 29; }
static uint32_t map_id(struct map *m, const char *s, size_t n, int add)
{
    if (m->slots == NULL) { m->mask = (1u << 21) - 1; m->slots = calloc(m->mask + 1, 4); }
    size_t i = hb(s, n) & m->mask;
    for (; m->slots[i]; i = (i + 1) & m->mask) { uint32_t k = m->slots[i] - 1; if (m->sizes[k] == n && memcmp(m->keys[k], s, n) == 0) return k; }
    if (!add) return NONE;
    if (m->count == m->room) { m->room = m->room ? m->room * 2 : 65536; m->keys = realloc(m->keys, m->room * sizeof *m->keys); m->sizes = realloc(m->sizes, m->room * 4); }
    m->keys[m->count] = malloc(n); memcpy(m->keys[m->count], s, n); m->sizes[m->count] = (uint32_t) n;
    m->slots[i] = (uint32_t) ++m->count; return (uint32_t) m->count - 1;
}
struct pmap { uint64_t *keys; uint32_t *ids; size_t mask, count; };
static uint32_t pmap_id(struct pmap *m, uint32_t x, uint32_t y, int add)
{
    if (m->keys == NULL) { m->mask = (1u << 24) - 1; m->keys = calloc(m->mask + 1, 8); m->ids = calloc(m->mask + 1, 4); }
    uint64_t k = ((uint64_t) (x + 1) << 32) | (y + 1);
    size_t i = (k * 0x9E3779B97F4A7C15ull >> 20) & m->mask;
    for (; m->keys[i]; i = (i + 1) & m->mask) if (m->keys[i] == k) return m->ids[i];
    if (!add) return NONE;
    m->keys[i] = k; m->ids[i] = (uint32_t) m->count++; return m->ids[i];
}

static struct map words; static struct pmap pairs;
struct wcount { uint32_t a[FOLDS], r[FOLDS], n2, n3, n1; }; static struct wcount *wc; static size_t wc_room;
struct pcount { uint16_t a[FOLDS], r[FOLDS]; }; static struct pcount *pc; static size_t pc_room;

struct set { uint16_t n, s[3]; float rouge; };
struct art {
    struct document d; struct arena arena; struct credit_facts f; char *text; char *title;
    uint32_t *gid; uint32_t *pgid; uint8_t *wy, *py; /* labels */
    uint16_t *wi; uint16_t *pi; float *wp, *wz, *pq, *wu, *pu;
    float *m2, *m3;
    uint32_t *abs; size_t nabs; /* gids */
    struct unit *un; size_t nseg;
    struct set *sets; size_t nsets; int fold;
};
static struct art *A; static size_t nA, nTrain;
static struct vocabulary *V;

static size_t tokens(const char *t, size_t n, uint32_t *out, size_t room, int add)
{
    size_t at = 0, k = 0;
    while (at < n && k < room) {
        size_t b = at, p = at; uint32_t c; utf8_next(t, n, &p, &c);
        if (!(unicode_class(c) & (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT))) { at = p; continue; }
        while (p < n) { size_t h = p; utf8_next(t, n, &p, &c); if (!(unicode_class(c) & (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT))) { p = h; break; } }
        char fold[1024]; size_t fs = 0; if (p - b < 300) fs = unicode_fold(t + b, p - b, fold, sizeof fold);
        if (fs) out[k++] = map_id(&words, fold, fs, add);
        at = p;
    }
    return k;
}
static int lcs_len(const uint32_t *c, size_t nc, const uint32_t *r, size_t nr)
{
    static uint16_t row[2][4096]; if (nr > 4000) nr = 4000;
    memset(row, 0, sizeof row);
    for (size_t i = 0; i < nc; i++) { uint16_t *p = row[i & 1], *q = row[(i + 1) & 1];
        for (size_t j = 0; j < nr; j++) q[j + 1] = c[i] == r[j] ? (uint16_t) (p[j] + 1) : (p[j + 1] > q[j] ? p[j + 1] : q[j]); }
    return row[nc & 1][nr];
}
static double f1(double h, double c, double r) { return h > 0 ? 2 * h / (c + r) : 0; }
static uint16_t *cnt; /* scratch by gid */
static double rouge(const uint32_t *c, size_t nc, const uint32_t *r, size_t nr, double *out)
{
    if (!nc || !nr) { if (out) out[0] = out[1] = out[2] = 0; return 0; }
    int h1 = 0, h2 = 0;
    for (size_t i = 0; i < nr; i++) cnt[r[i]]++;
    for (size_t i = 0; i < nc; i++) if (c[i] != NONE && cnt[c[i]]) { cnt[c[i]]--; h1++; }
    for (size_t i = 0; i < nr; i++) cnt[r[i]] = 0;
    if (nr > 1 && nc > 1) { static uint8_t used[8192]; memset(used, 0, nr); for (size_t i = 0; i + 1 < nc; i++) for (size_t j = 0; j + 1 < nr; j++) if (!used[j] && c[i] == r[j] && c[i + 1] == r[j + 1]) { used[j] = 1; h2++; break; } }
    double a = f1(h1, (double) nc, (double) nr), b = f1(h2, (double) nc - 1, (double) nr - 1), l = f1(lcs_len(c, nc, r, nr), (double) nc, (double) nr);
    if (out) { out[0] = a; out[1] = b; out[2] = l; }
    return a + b + l;
}

static void load(const char *path, int fold_base)
{
    char cmd[500]; snprintf(cmd, sizeof cmd, "xzcat '%s'", path);
    FILE *f = popen(cmd, "r"); char *line = NULL; size_t cap = 0; ssize_t n; size_t k = 0;
    static size_t room;
    while ((n = getline(&line, &cap, f)) > 0 && k < (size_t) opt_max) {
        json_t *o = json_loadb(line, (size_t) n, 0, NULL);
        if (nA == room) { room = room ? room * 2 : 4096; A = realloc(A, room * sizeof *A); }
        struct art *a = &A[nA++]; memset(a, 0, sizeof *a); k++;
        a->text = strdup(json_string_value(json_object_get(o, "article")));
        a->title = strdup(json_string_value(json_object_get(o, "title")));
        const char *ab = json_string_value(json_object_get(o, "abstract"));
        a->fold = fold_base < 0 ? -1 : (int) (nA % FOLDS);
        a->abs = malloc(4 * 2000); a->nabs = tokens(ab, strlen(ab), a->abs, 2000, 1);
        json_decref(o);
    }
    free(line); pclose(f);
}
/* documents are given absolute pointers, so only after A is final */
static void prepare(struct art *a)
{
    precis_options op; precis_options_init(&op);
    if (opt_title) { op.title = a->title; op.title_size = strlen(a->title); }
    struct document *d = &a->d; arena_init(&a->arena); d->arena = &a->arena; d->language = language_find("fr");
    d->text = a->text; d->size = strlen(a->text);
    if (split_text(d) || read_words(V, d, &op) || credits_collect(d, &a->f)) abort();
    a->gid = malloc(4 * (d->form_count + 1));
    for (size_t i = 0; i < d->form_count; i++) a->gid[i] = map_id(&words, d->forms[i].text, d->forms[i].size, 1);
    a->pgid = malloc(4 * (a->f.pair_count + 1));
    for (size_t i = 0; i < a->f.pair_count; i++) a->pgid[i] = pmap_id(&pairs, a->gid[a->f.pairs[i].x], a->gid[a->f.pairs[i].y], 1);
    d->scores = arena_take_array(&a->arena, d->segment_count + 1, 8);
    struct selector se; memset(&se, 0, sizeof se); se.document = d; if (find_units(&se)) abort();
    a->un = malloc(sizeof(struct unit) * (se.plain + 1)); for (size_t i = 0; i < se.plain; i++) if (se.units[i].whole && se.units[i].words) a->un[a->nseg++] = se.units[i];
}
static void label(struct art *a)
{
    a->wy = calloc(a->d.form_count + 1, 1); a->py = calloc(a->f.pair_count + 1, 1);
    for (size_t i = 0; i < a->nabs; i++) cnt[a->abs[i]]++;
    for (size_t i = 0; i < a->d.form_count; i++) a->wy[i] = (uint8_t) (cnt[a->gid[i]] > 3 ? 3 : cnt[a->gid[i]]);
    for (size_t i = 0; i < a->nabs; i++) cnt[a->abs[i]] = 0;
    for (size_t i = 0; i < a->f.pair_count; i++) { uint32_t x = a->gid[a->f.pairs[i].x], y = a->gid[a->f.pairs[i].y];
        if (!a->wy[a->f.pairs[i].x] || !a->wy[a->f.pairs[i].y]) continue;
        for (size_t j = 0; j + 1 < a->nabs; j++) if (a->abs[j] == x && a->abs[j + 1] == y) { a->py[i] = 1; break; } }
}
static void count(struct art *a)
{
    for (size_t i = 0; i < a->d.form_count; i++) { if (!a->f.words[i].count) continue; struct wcount *w = &wc[a->gid[i]]; w->a[a->fold]++; if (a->wy[i]) { w->r[a->fold]++; w->n1++; } if (a->wy[i] >= 2) w->n2++; if (a->wy[i] >= 3) w->n3++; }
    for (size_t i = 0; i < a->f.pair_count; i++) { struct pcount *p = &pc[a->pgid[i]]; p->a[a->fold]++; p->r[a->fold] = (uint16_t) (p->r[a->fold] + a->py[i]); }
}
static int clampi(double v, int lo, int hi) { int i = (int) floor(v); return i < lo ? lo : i > hi ? hi : i; }
static void features(struct art *a)
{
    double N = (double) nTrain; size_t nf = a->d.form_count;
    if (a->fold >= 0) N *= (FOLDS - 1.0) / FOLDS;
    if (!a->wi) { a->wi = malloc(2 * WORD_FEATURES * (nf + 1)); a->pi = malloc(2 * PAIR_FEATURES * (a->f.pair_count + 1)); a->wp = calloc(nf + 1, 4); a->wz = calloc(nf + 1, 4); a->pq = calloc(a->f.pair_count + 1, 4); a->wu = calloc(nf + 1, 4); a->pu = calloc(a->f.pair_count + 1, 4); a->m2 = calloc(nf + 1, 4); a->m3 = calloc(nf + 1, 4); }
    for (size_t i = 0; i < nf; i++) {
        struct wcount *w = &wc[a->gid[i]]; double A_ = 0, R = 0;
        for (int f = 0; f < FOLDS; f++) if (f != a->fold) { A_ += w->a[f]; R += w->r[f]; }
        struct credit_word *cw = &a->f.words[i];
        cw->prior = cw->common = 0;
        if (A_ >= opt_minw && !opt_neutral) { double b = cw->digit ? .06 : .065; double prior = log((R + 15 * b) / (A_ - R + 15 * (1 - b))) + 2.6;
            cw->prior = (uint8_t) (1 + clampi((prior + 2.2) / 0.2, 0, PRIOR_BUCKETS - 2));
            cw->common = (uint8_t) (1 + clampi(log((N + 1) / (A_ + .5)) / 5 / 0.18, 0, COMMON_BUCKETS - 2)); }
        double r = w->n1; a->m2[i] = (float) ((w->n2 + .1) / (r + 2)); a->m3[i] = (float) ((w->n3 + .02) / (r + 2));
        if (a->d.forms[i].stem != NONE) a->m2[i] = a->m3[i] = 0;
        word_features(&a->d, &a->f, (uint32_t) i, a->wi + i * WORD_FEATURES);
    }
    for (size_t i = 0; i < a->f.pair_count; i++) { struct pcount *p = &pc[a->pgid[i]]; double A_ = 0, R = 0;
        for (int f = 0; f < FOLDS; f++) if (f != a->fold) { A_ += p->a[f]; R += p->r[f]; }
        a->f.pairs[i].prior = A_ >= opt_minp && !opt_neutral ? (uint8_t) (1 + clampi((log((R + .25) / (A_ - R + 9.75)) + 3.66 + 0.6) / 0.4, 0, PAIR_PRIOR_BUCKETS - 2)) : 0; }
}

static float *W, *P, *Wg, *Pg, *U, *Ug, *Q, *Qg; static int opt_u = 1; static double opt_ulr = 0.02; static size_t nW, nP; static double A1 = 1.5, A2 = 8;
static double sigm(double z) { return 1 / (1 + exp(-z)); }
static void forward(struct art *a, int refresh)
{
    for (size_t i = 0; i < a->d.form_count; i++) { if (!a->f.words[i].count) { a->wz[i] = -9; a->wp[i] = 0; continue; } double z = 0; for (int k = 0; k < WORD_FEATURES; k++) z += W[a->wi[i * WORD_FEATURES + (size_t) k]]; a->wz[i] = (float) z; a->wp[i] = (float) sigm(z); double u = 0; if (opt_u) for (int k = 0; k < WORD_FEATURES; k++) u += U[a->wi[i * WORD_FEATURES + (size_t) k]]; a->wu[i] = (float) u; }
    for (size_t i = 0; i < a->f.pair_count; i++) { uint16_t *pi = a->pi + i * PAIR_FEATURES; if (refresh) pair_features(&a->d, &a->f, &a->f.pairs[i], a->wz[a->f.pairs[i].x], a->wz[a->f.pairs[i].y], pi); double z = 0; for (int k = 0; k < PAIR_FEATURES; k++) z += P[pi[k]]; a->pq[i] = (float) sigm(z); double u = 0; if (opt_u) for (int k = 0; k < PAIR_FEATURES; k++) u += Q[pi[k]]; a->pu[i] = (float) u; }
}
static void ada(float *w, float *g, double grad, double lr) { grad += opt_l2 * *w; *g += (float) (grad * grad); *w -= (float) (lr * grad / sqrt(*g + 1e-8)); }
static void stage1(void)
{
    for (int e = 0; e < 6; e++) { double loss = 0, n = 0; for (size_t x = 0; x < nTrain; x++) { struct art *a = &A[(x * 7919) % nTrain];
        for (size_t i = 0; i < a->d.form_count; i++) { if (!a->f.words[i].count) continue; uint16_t *f = a->wi + i * WORD_FEATURES; double z = 0; for (int k = 0; k < WORD_FEATURES; k++) z += W[f[k]]; double p = sigm(z), y = a->wy[i] > 0; loss -= y ? log(p + 1e-12) : log(1 - p + 1e-12); n++; for (int k = 0; k < WORD_FEATURES; k++) ada(&W[f[k]], &Wg[f[k]], p - y, 0.1); } }
        fprintf(stderr, "words %d: %.5f\n", e, loss / n); }
    for (int e = 0; e < 5; e++) { double loss = 0, n = 0; for (size_t x = 0; x < nTrain; x++) { struct art *a = &A[(x * 7919) % nTrain]; if (e == 0) forward(a, 1);
        for (size_t i = 0; i < a->f.pair_count; i++) { uint16_t *f = a->pi + i * PAIR_FEATURES; double z = 0; for (int k = 0; k < PAIR_FEATURES; k++) z += P[f[k]]; double p = sigm(z), y = a->py[i]; loss -= y ? log(p + 1e-12) : log(1 - p + 1e-12); n++; for (int k = 0; k < PAIR_FEATURES; k++) ada(&P[f[k]], &Pg[f[k]], p - y, 0.1); } }
        fprintf(stderr, "pairs %d: %.5f\n", e, loss / n); }
}
/* set score; marks by stamp */
static uint32_t *stampw, *stampp, stamp; static uint8_t *cw_;
static double score_set(struct art *a, const uint16_t *s, int n, double *words_)
{
    double e = 0, e2 = 0, N = 0, u = 0; stamp++;
    for (int k = 0; k < n; k++) for (uint32_t gi = 0; gi < a->un[s[k]].count; gi++) { struct segment *g = &a->d.segments[a->un[s[k]].first + gi]; N += g->tokens;
        for (uint32_t t = 0; t < g->tokens; t++) { uint32_t tok = g->token + t, f = a->d.surfaces[a->d.tokens[tok]].form;
            if (stampw[f] != stamp) { stampw[f] = stamp; cw_[f] = 1; e += a->wp[f]; u += a->wu[f]; } else { cw_[f]++; if (cw_[f] == 2) e += a->wp[f] * a->m2[f]; if (cw_[f] == 3) e += a->wp[f] * a->m3[f]; }
            uint32_t p = a->f.pair_of[tok]; if (p != NONE && stampp[p] != stamp) { stampp[p] = stamp; e2 += a->pq[p]; u += a->pu[p]; } } }
    if (words_) *words_ = N;
    return (2 * A1 * e + 2 * A2 * e2 + u) / (N + opt_lambda);
}
static size_t set_tokens(struct art *a, const struct set *s, uint32_t *out)
{
    uint16_t o[3]; size_t k = 0; memcpy(o, s->s, sizeof o);
    for (int i = 0; i < s->n; i++) for (int j = i + 1; j < s->n; j++) if (o[j] < o[i]) { uint16_t t = o[i]; o[i] = o[j]; o[j] = t; }
    for (int i = 0; i < s->n; i++) for (uint32_t gi = 0; gi < a->un[o[i]].count; gi++) { struct segment *g = &a->d.segments[a->un[o[i]].first + gi]; for (uint32_t t = 0; t < g->tokens && k < 4000; t++) out[k++] = a->gid[a->d.surfaces[a->d.tokens[g->token + t]].form]; }
    return k;
}
static void candidates(struct art *a)
{
    static uint32_t buf[5000]; size_t n = a->nseg < 40 ? a->nseg : 40; double sc[40]; uint16_t ord[40];
    free(a->sets); a->sets = malloc(sizeof *a->sets * 160); a->nsets = 0;
    for (uint16_t i = 0; i < n; i++) { sc[i] = score_set(a, &i, 1, NULL); ord[i] = i; struct set *s = &a->sets[a->nsets++]; memset(s, 0, sizeof *s); s->n = 1; s->s[0] = i; }
    for (size_t i = 0; i < n; i++) for (size_t j = i + 1; j < n; j++) if (sc[ord[j]] > sc[ord[i]]) { uint16_t t = ord[i]; ord[i] = ord[j]; ord[j] = t; }
    size_t n2 = n < 12 ? n : 12, n3 = n < 6 ? n : 6;
    for (size_t i = 0; i < n2; i++) for (size_t j = i + 1; j < n2; j++) { struct set *s = &a->sets[a->nsets++]; s->n = 2; s->s[0] = ord[i]; s->s[1] = ord[j]; }
    for (size_t i = 0; i < n3; i++) for (size_t j = i + 1; j < n3; j++) for (size_t k = j + 1; k < n3; k++) { struct set *s = &a->sets[a->nsets++]; s->n = 3; s->s[0] = ord[i]; s->s[1] = ord[j]; s->s[2] = ord[k]; }
    for (size_t i = 0; i < a->nsets; i++) { size_t k = set_tokens(a, &a->sets[i], buf); a->sets[i].rouge = (float) rouge(buf, k, a->abs, a->nabs, NULL); }
}
static void choose(struct art *a, struct set *best, int maxk, double cost)
{
    size_t n = a->nseg; double sc[4]; uint16_t top[4]; int nt = 0; double bs = -1e9, w;
    for (uint16_t i = 0; i < n; i++) { if (maxk == 1 && a->un[i].sentences > 1) continue; double v = score_set(a, &i, 1, &w) - cost * w; int k = nt < 4 ? nt++ : 4; while (k > 0 && sc[k - 1] < v) { if (k < 4) { sc[k] = sc[k - 1]; top[k] = top[k - 1]; } k--; } if (k < 4) { sc[k] = v; top[k] = i; } }
    memset(best, 0, sizeof *best);
    for (int t = 0; t < nt; t++) { struct set s = { 1, { top[t], 0, 0 }, 0 }; double v = sc[t];
        while (s.n < maxk) { double bv = v; int bi = -1; for (uint16_t i = 0; i < n; i++) { int in = 0; for (int k = 0; k < s.n; k++) in |= s.s[k] == i; if (in) continue; { uint32_t ns = a->un[i].sentences; for (int k = 0; k < s.n; k++) ns += a->un[s.s[k]].sentences; if (ns > 3) continue; } s.s[s.n] = i; double x = score_set(a, s.s, s.n + 1, &w) - cost * w; if (x > bv) { bv = x; bi = i; } } if (bi < 0) break; s.s[s.n++] = (uint16_t) bi; v = bv; }
        if (v > bs) { bs = v; *best = s; } }
}
static void evaluate(const char *what, size_t from, size_t to, int maxk, double cost)
{
    double r[3] = { 0 }, x[3], nw = 0; static uint32_t buf[5000]; size_t n = 0;
    for (size_t i = from; i < to; i++) { struct art *a = &A[i]; n++; if (!a->nseg) continue; forward(a, 1); struct set s; choose(a, &s, maxk, cost); size_t k = set_tokens(a, &s, buf); nw += (double) k; rouge(buf, k, a->abs, a->nabs, x); for (int j = 0; j < 3; j++) r[j] += x[j]; }
    fprintf(stderr, "%s: %.2f %.2f %.2f sum %.2f words %.1f\n", what, 100 * r[0] / (double) n, 100 * r[1] / (double) n, 100 * r[2] / (double) n, 100 * (r[0] + r[1] + r[2]) / (double) n, nw / (double) n);
}
static float *gw, *gp, *hw, *hp;
static float A1g, A2g;
static void e2e(struct art *a, double lr)
{
    double s[160], m = -1e9, Z = 0, ER = 0, N[160]; if (a->nsets < 2) return; forward(a, 1);
    for (size_t j = 0; j < a->nsets; j++) { s[j] = score_set(a, a->sets[j].s, a->sets[j].n, &N[j]); if (s[j] > m) m = s[j]; }
    double q[160]; for (size_t j = 0; j < a->nsets; j++) Z += q[j] = exp(opt_beta * (s[j] - m));
    for (size_t j = 0; j < a->nsets; j++) { q[j] /= Z; ER += q[j] * a->sets[j].rouge; }
    memset(gw, 0, 4 * (a->d.form_count + 1)); memset(gp, 0, 4 * (a->f.pair_count + 1)); memset(hw, 0, 4 * (a->d.form_count + 1)); memset(hp, 0, 4 * (a->f.pair_count + 1));
    double g1 = 0, g2 = 0;
    for (size_t j = 0; j < a->nsets; j++) { double g = -q[j] * (a->sets[j].rouge - ER) * opt_beta; if (fabs(g) < 1e-7) continue; g /= N[j] + opt_lambda; stamp++;
        for (int k = 0; k < a->sets[j].n; k++) for (uint32_t gi = 0; gi < a->un[a->sets[j].s[k]].count; gi++) { struct segment *sg = &a->d.segments[a->un[a->sets[j].s[k]].first + gi]; for (uint32_t t = 0; t < sg->tokens; t++) { uint32_t tok = sg->token + t, f = a->d.surfaces[a->d.tokens[tok]].form;
            if (stampw[f] != stamp) { stampw[f] = stamp; cw_[f] = 1; gw[f] += (float) (2 * A1 * g); hw[f] += (float) g; } else { cw_[f]++; if (cw_[f] == 2) gw[f] += (float) (2 * A1 * g * a->m2[f]); if (cw_[f] == 3) gw[f] += (float) (2 * A1 * g * a->m3[f]); }
            uint32_t p = a->f.pair_of[tok]; if (p != NONE && stampp[p] != stamp) { stampp[p] = stamp; gp[p] += (float) (2 * A2 * g); hp[p] += (float) g; } } } }
    (void) g1; (void) g2;
    for (size_t i = 0; i < a->d.form_count; i++) if (gw[i] != 0) { double g = gw[i] * a->wp[i] * (1 - a->wp[i]); uint16_t *f = a->wi + i * WORD_FEATURES; for (int k = 0; k < WORD_FEATURES; k++) { ada(&W[f[k]], &Wg[f[k]], g, lr); if (opt_u) ada(&U[f[k]], &Ug[f[k]], hw[i], lr * opt_ulr); } }
    for (size_t i = 0; i < a->f.pair_count; i++) if (gp[i] != 0) { double g = gp[i] * a->pq[i] * (1 - a->pq[i]); uint16_t *f = a->pi + i * PAIR_FEATURES; for (int k = 0; k < PAIR_FEATURES; k++) { ada(&P[f[k]], &Pg[f[k]], g, lr); if (opt_u) ada(&Q[f[k]], &Qg[f[k]], hp[i], lr * opt_ulr); } }
}
static FILE *out_open(const char *dir, const char *name) { char b[600]; snprintf(b, sizeof b, "%s/%s", dir, name); FILE *f = fopen(b, "w"); if (!f) { perror(b); exit(1); } return f; }
static void emit_row(FILE *f, const char *model, const char *part, const float *w, size_t n) { fprintf(f, "%s %s", model, part); for (size_t i = 0; i < n; i++) { double v = round(w[i] * MODEL_UNIT); if (v > 32767) v = 32767; if (v < -32767) v = -32767; fprintf(f, " %.0f", v); } fputc('\n', f); }
static int *wrank;
static int by_text(const void *a, const void *b) { uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b; size_t n = words.sizes[x] < words.sizes[y] ? words.sizes[x] : words.sizes[y]; int c = memcmp(words.keys[x], words.keys[y], n); return c ? c : (int) words.sizes[x] - (int) words.sizes[y]; }
struct pr { uint32_t x, y; int v; };
static int by_pair(const void *a, const void *b) { const struct pr *p = a, *q = b; if (wrank[p->x] != wrank[q->x]) return wrank[p->x] - wrank[q->x]; return wrank[p->y] - wrank[q->y]; }
static void emit(const char *dir)
{
    const char *model = opt_title ? "title" : "plain";
    char b[64]; snprintf(b, sizeof b, "credits.%s", model);
    FILE *f = out_open(dir, b); fprintf(f, "%s scale %g %g\n", model, A1, A2);
    emit_row(f, model, "word-odds", W, nW); emit_row(f, model, "word-extra", U, nW); emit_row(f, model, "pair-odds", P, nP); emit_row(f, model, "pair-extra", Q, nP); fclose(f);
    if (!opt_title) return;
    uint32_t *ids = malloc(4 * words.count); size_t n = 0; wrank = malloc(4 * words.count);
    for (uint32_t i = 0; i < words.count; i++) { uint32_t a = 0; wrank[i] = -1; for (int k = 0; k < FOLDS; k++) a += wc[i].a[k]; if (a >= (uint32_t) opt_minw) ids[n++] = i; }
    qsort(ids, n, 4, by_text); f = out_open(dir, "words.new");
    for (size_t i = 0; i < n; i++) { struct wcount *w = &wc[ids[i]]; double A_ = 0, R = 0, N = (double) nTrain; for (int k = 0; k < FOLDS; k++) { A_ += w->a[k]; R += w->r[k]; } wrank[ids[i]] = (int) i;
        const char *t = words.keys[ids[i]]; double bb = t[0] >= '0' && t[0] <= '9' ? .06 : .065; double prior = log((R + 15 * bb) / (A_ - R + 15 * (1 - bb))) + 2.6;
        int p = 1 + clampi((prior + 2.2) / 0.2, 0, PRIOR_BUCKETS - 2), c = 1 + clampi(log((N + 1) / (A_ + .5)) / 5 / 0.18, 0, COMMON_BUCKETS - 2);
        fprintf(f, "%.*s %d %d", (int) words.sizes[ids[i]], t, p, c);
        if (language_has(language_find("fr"), LIST_STOPWORDS, t, words.sizes[ids[i]])) { double r = w->n1; int m2 = (int) round(255 * (w->n2 + .1) / (r + 2)), m3 = (int) round(255 * (w->n3 + .02) / (r + 2)); if (m2 || m3) fprintf(f, " %d %d", m2, m3); }
        fputc('\n', f); }
    fclose(f);
    struct pr *ps = malloc(sizeof *ps * pairs.count); size_t np = 0;
    for (size_t i = 0; i <= pairs.mask; i++) if (pairs.keys[i]) { uint32_t x = (uint32_t) (pairs.keys[i] >> 32) - 1, y = (uint32_t) pairs.keys[i] - 1; if (wrank[x] < 0 || wrank[y] < 0) continue; struct pcount *p = &pc[pairs.ids[i]]; double A_ = 0, R = 0; for (int k = 0; k < FOLDS; k++) { A_ += p->a[k]; R += p->r[k]; } if (A_ < opt_minp) continue; ps[np].x = x; ps[np].y = y; ps[np++].v = 1 + clampi((log((R + .25) / (A_ - R + 9.75)) + 3.66 + 0.6) / 0.4, 0, PAIR_PRIOR_BUCKETS - 2); }
    qsort(ps, np, sizeof *ps, by_pair); f = out_open(dir, "pairs.new");
    for (size_t i = 0; i < np; i++) fprintf(f, "%.*s %.*s %d\n", (int) words.sizes[ps[i].x], words.keys[ps[i].x], (int) words.sizes[ps[i].y], words.keys[ps[i].y], ps[i].v);
    fclose(f); fprintf(stderr, "emitted %zu words, %zu pairs\n", n, np);
}
static const char *opt_out;
int main(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) { double v = atof(argv[i + 1]); const char *o = argv[i]; if (!strcmp(o, "title")) opt_title = (int) v; if (!strcmp(o, "minw")) opt_minw = (int) v; if (!strcmp(o, "minp")) opt_minp = (int) v; if (!strcmp(o, "max")) opt_max = (int) v; if (!strcmp(o, "epochs")) opt_epochs = (int) v; if (!strcmp(o, "beta")) opt_beta = v; if (!strcmp(o, "lr")) opt_lr = v; if (!strcmp(o, "lambda")) opt_lambda = v; if (!strcmp(o, "l2")) opt_l2 = v; if (!strcmp(o, "neutral")) opt_neutral = (int) v; if (!strcmp(o, "out")) opt_out = argv[i + 1]; if (!strcmp(o, "hold")) opt_hold = (int) v; if (!strcmp(o, "u")) opt_u = (int) v; if (!strcmp(o, "ulr")) opt_ulr = v; if (!strcmp(o, "a1")) A1 = v; if (!strcmp(o, "a2")) A2 = v; }
    V = vocabulary_new();
    load("/work/shared/corpora/orangesum/train.jsonl.xz", 0); nTrain = nA; if (opt_hold) nTrain -= 1400; opt_max = 750; load("/work/shared/corpora/orangesum/valid.jsonl.xz", -1);
    for (size_t i = nTrain; i < nA; i++) A[i].fold = -1;
    for (size_t i = 0; i < nA; i++) prepare(&A[i]);
    fprintf(stderr, "%zu articles, %zu forms, %zu pairs\n", nA, words.count, pairs.count);
    cnt = calloc(words.count + 10, 2); wc = calloc(words.count, sizeof *wc); pc = calloc(pairs.count, sizeof *pc);
    for (size_t i = 0; i < nA; i++) label(&A[i]);
    for (size_t i = 0; i < nTrain; i++) count(&A[i]);
    { size_t kw = 0, kp = 0; for (size_t i = 0; i < words.count; i++) { uint32_t s = 0; for (int f = 0; f < FOLDS; f++) s += wc[i].a[f]; kw += s >= (uint32_t) opt_minw; } for (size_t i = 0; i < pairs.count; i++) { uint32_t s = 0; for (int f = 0; f < FOLDS; f++) s += pc[i].a[f]; kp += s >= (uint32_t) opt_minp; } fprintf(stderr, "table: %zu words, %zu pairs\n", kw, kp); }
    for (size_t i = 0; i < nA; i++) features(&A[i]);
    for (int i = 0; i < WORD_FEATURES; i++) nW += word_feature_sizes[i];
    for (int i = 0; i < PAIR_FEATURES; i++) nP += pair_feature_sizes[i];
    W = calloc(nW, 4); P = calloc(nP, 4); Wg = calloc(nW, 4); Pg = calloc(nP, 4); U = calloc(nW, 4); Ug = calloc(nW, 4); Q = calloc(nP, 4); Qg = calloc(nP, 4);
    size_t big = 0; for (size_t i = 0; i < nA; i++) { if (A[i].d.form_count > big) big = A[i].d.form_count; if (A[i].f.pair_count > big) big = A[i].f.pair_count; }
    stampw = calloc(big + 1, 4); stampp = calloc(big + 1, 4); cw_ = calloc(big + 1, 1); gw = calloc(big + 1, 4); gp = calloc(big + 1, 4); hw = calloc(big + 1, 4); hp = calloc(big + 1, 4);
    stage1();
    evaluate("valid after stage 1", nTrain, nA, 3, 0);
    float *all[4] = { W, P, U, Q }; size_t alln[4] = { nW, nP, nW, nP }; double *avg[4]; int navg = 0; for (int j = 0; j < 4; j++) avg[j] = calloc(alln[j], 8);
    for (int e = 0; e < opt_epochs; e++) {
        if (e == 0 || e == 4) { for (size_t i = 0; i < nTrain; i++) { forward(&A[i], 1); candidates(&A[i]); } memset(Wg, 0, 4 * nW); memset(Pg, 0, 4 * nP); }
        double lr = opt_lr * (1 - 0.8 * e / opt_epochs);
        for (size_t x = 0; x < nTrain; x++) e2e(&A[(x * 7919) % nTrain], lr);
        char b[40]; snprintf(b, sizeof b, "epoch %d valid", e); if (e % 3 == 2) evaluate(b, nTrain, nA, 3, 0);
        if (e >= opt_epochs / 2) { navg++; for (int j = 0; j < 4; j++) for (size_t i = 0; i < alln[j]; i++) avg[j][i] += all[j][i]; }
    }
    for (int j = 0; j < 4; j++) for (size_t i = 0; i < alln[j]; i++) all[j][i] = (float) (avg[j][i] / navg);
    evaluate("averaged", nTrain, nA, 3, 0);
    evaluate("valid k=1", nTrain, nA, 1, 0); evaluate("cost .001", nTrain, nA, 3, .001); if (opt_out) emit(opt_out);
}
