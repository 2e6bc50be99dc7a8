/* mathematics.c - with x = m 2^e and sqrt(1/2) <= m < sqrt(2),
 *
 *     ln x = e ln 2 + 2 (s + s^3/3 + s^5/5 + ...),   s = (m - 1) / (m + 1)
 *
 * where |s| < 0.172, so that the term with s^23 is the last one a double
 * sees. */
#include <config.h>

#include "engine/mathematics.h"

#include <stdint.h>
#include <string.h>

#define SQRT_2 1.4142135623730951
#define LAST_POWER 23

/* ln 2 in two parts: e times the first has no rounding error. */
#define LN_2_HIGH 6.93147180369123816490e-01
#define LN_2_LOW 1.90821492927058770002e-10

/* The parts of an IEEE 754 double. */
#define FRACTION_BITS 52
#define FRACTION ((UINT64_C(1) << FRACTION_BITS) - 1)
#define BIAS 1023

double natural_log(double x)
{
    uint64_t bits;
    int exponent = 0;
    double m, s, square, sum = 0;

    memcpy(&bits, &x, sizeof bits);
    if (bits >> FRACTION_BITS == 0) { /* subnormal */
        x *= 18014398509481984.0;     /* 2^54 */
        exponent = -54;
        memcpy(&bits, &x, sizeof bits);
    }
    exponent += (int) (bits >> FRACTION_BITS) - BIAS;
    bits = (bits & FRACTION) | (uint64_t) BIAS << FRACTION_BITS;
    memcpy(&m, &bits, sizeof m);
    if (m >= SQRT_2) {
        m /= 2;
        exponent++;
    }
    s = (m - 1) / (m + 1);
    square = s * s;
    for (int power = LAST_POWER; power > 1; power -= 2)
        sum = (sum + 1.0 / power) * square;
    return exponent * LN_2_HIGH + (exponent * LN_2_LOW + 2 * (s + s * sum));
}
