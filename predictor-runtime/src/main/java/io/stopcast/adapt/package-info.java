/** Which of several policies a run is given, learned from the runs that have ended: adaptation, its state, its audit. */
package io.stopcast.adapt;
