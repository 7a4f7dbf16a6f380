/** A training that can be watched while it is stopped: the verb {@code demo}. */
package io.stopcast.datasets.demo;
