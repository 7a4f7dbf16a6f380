/** A closer look at an evaluation: what the learned policy knew at held-out points, what moved it, which runs show it best, and what may have leaked. */
package io.stopcast.inspect;
