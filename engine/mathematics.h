/* mathematics.h - functions whose last bits libm leaves to each machine. */
#ifndef ENGINE_MATHEMATICS_H
#define ENGINE_MATHEMATICS_H

/* The natural logarithm of a finite x > 0, with a relative error below 1e-15
 * (near 1 too).  The same bits everywhere, which that of libm does not
 * promise. */
double natural_log(double x);

#endif
