/** Trainings that can be changed while they run, to try what policies advise. */
package io.stopcast.datasets.trial;
