/** Hindsight: at which steps stopping would have been right, and what a wrong answer costs. */
package io.stopcast.label;
