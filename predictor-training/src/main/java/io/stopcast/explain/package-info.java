/** Why one run was or would be stopped where it was: step by step, by feature, and in hindsight. */
package io.stopcast.explain;
