/** Reads the logs of other tools where they lie, and turns them into runs. */
package io.stopcast.importing;
