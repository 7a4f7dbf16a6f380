/** Trains, on real data that comes inside packages, the run histories that Stopcast ships. */
package io.stopcast.datasets;
