/** Limits on the harm that are certified on runs that training has not seen, and checked on those that come after. */
package io.stopcast.risk;
